//! Categories: columns of few different values, as codes into a sorted dictionary.

use arrow::array::{ArrayRef, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::FieldRef;

use crate::columns::{Columns, KeyInterner, KeyType, Keys, NONE, Op, Scalar, for_each_text};
use crate::error::{Error, Result};

/// The values of a label, sorted, so that a code does not depend on the order of the rows.
#[derive(Debug, Clone)]
pub struct Category {
    kind: KeyType,
    values: Keys,
    sorted: Vec<u32>,
}

/// The values of a label while they are met, piece by piece.
#[derive(Debug)]
pub(crate) struct DictionaryBuilder {
    kind: KeyType,
    met: KeyInterner,
}

impl DictionaryBuilder {
    pub(crate) fn new(kind: &KeyType) -> Self {
        Self {
            kind: kind.clone(),
            met: KeyInterner::new(kind),
        }
    }

    /// How many values were met.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.met.len()).unwrap_or(NONE)
    }

    /// Meet the values of a piece; what their codes become.
    pub(crate) fn merge_dictionary(&mut self, piece: &KeyInterner) -> Vec<u32> {
        (0..piece.len()).map(|row| self.met.intern(piece.ids(), row)).collect()
    }

    /// The label, and what the codes become in the order of the values.
    pub(crate) fn finish(self) -> (Category, Vec<u32>) {
        let values = self.met.into_ids();
        let codes = (0..).take(values.len());
        let sorted: Vec<u32> = match &values {
            // There may be as many values as customers: numbers are compared without a look at what they are.
            Keys::Bits(bits) => {
                let mut keyed: Vec<(u64, u32)> = bits.iter().map(|bits| self.kind.sort_key(*bits)).zip(codes).collect();
                keyed.sort_unstable();
                keyed.into_iter().map(|(_, code)| code).collect()
            }
            Keys::Bytes(_) => {
                let mut sorted: Vec<u32> = codes.collect();
                sorted.sort_by(|&a, &b| self.kind.compare(&values, a as usize, b as usize));
                sorted
            }
        };
        let mut rank = vec![0; sorted.len()];
        for (code, &value) in (0..).zip(&sorted) {
            rank[value as usize] = code;
        }
        let label = Category {
            kind: self.kind,
            values,
            sorted,
        };
        (label, rank)
    }
}

impl Columns {
    /// The values of some codes of a category, under a name.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub(crate) fn category(&mut self, name: &str, category: &Category, codes: impl Iterator<Item = u32>) -> Result<()> {
        let (field, array) = category.restore(codes)?;
        self.push((field.as_ref().clone().with_name(name).into(), array));
        Ok(())
    }
}

impl Category {
    /// The values of a table, and what its codes become.
    pub(crate) fn of(kind: &KeyType, table: &KeyInterner) -> (Self, Vec<u32>) {
        let mut builder = DictionaryBuilder::new(kind);
        builder.merge_dictionary(table);
        builder.finish()
    }

    /// Values whose order is the one that they stand in.
    pub(crate) fn in_order(kind: KeyType, values: Keys) -> Self {
        Self {
            sorted: (0..).take(values.len()).collect(),
            kind,
            values,
        }
    }

    /// How the values are told apart.
    #[must_use]
    pub fn kind(&self) -> &KeyType {
        &self.kind
    }

    /// The values in their order, with their codes.
    pub(crate) fn to_interner(&self) -> KeyInterner {
        let mut interner = KeyInterner::new(&self.kind);
        for &row in &self.sorted {
            interner.intern(&self.values, row as usize);
        }
        interner
    }

    /// The values of some codes.
    pub(crate) fn values_of(&self, codes: &[u32]) -> Keys {
        self.values
            .take(codes.iter().map(|code| self.sorted[*code as usize] as usize))
    }

    /// The codes of some values.
    ///
    /// # Errors
    /// If a value is none of ours.
    pub(crate) fn codes_of(&self, values: &Keys) -> Result<Vec<u32>> {
        let known = self.to_interner();
        let code = |at| {
            known.find(values, at).ok_or_else(|| {
                Error::State(format!(
                    "the state has a value of {:?} that the log does not: merge the facts of all logs first",
                    self.kind.name()
                ))
            })
        };
        (0..values.len()).map(code).collect()
    }

    /// The values by code, as text.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn texts(&self) -> Result<Vec<String>> {
        let (_, values) = self.restore((0..).take(self.len()))?;
        let mut texts = Vec::with_capacity(self.len());
        for_each_text(&values, |text| texts.push(text.to_string()))?;
        Ok(texts)
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Which codes have a value that meets a comparison.
    ///
    /// # Errors
    /// If the column cannot hold such a value.
    pub fn compared(&self, op: Op, value: &Scalar) -> Result<Vec<bool>> {
        let mut ids = self.values.take(self.sorted.iter().map(|row| *row as usize));
        let at = ids.len();
        ids.push_from(&self.kind.scalar(value)?, 0)?;
        Ok((0..at)
            .map(|code| op.accepts(self.kind.compare(&ids, code, at)))
            .collect())
    }

    /// The values of some codes, in the type they came in.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn restore(&self, codes: impl Iterator<Item = u32>) -> Result<(FieldRef, ArrayRef)> {
        let codes: Vec<u32> = codes.collect();
        if codes.len() < self.len() {
            let row = |code: u32| (code != NONE).then(|| self.sorted[code as usize] as usize);
            return self.kind.restore(&self.values, codes.into_iter().map(row));
        }
        // Each value is brought back once, and a dictionary stays one.
        let (field, values) = self
            .kind
            .restore(&self.values, self.sorted.iter().map(|row| Some(*row as usize)))?;
        let places: UInt32Array = codes.into_iter().map(|code| (code != NONE).then_some(code)).collect();
        Ok((field, take(&values, &places, None)?))
    }
}
