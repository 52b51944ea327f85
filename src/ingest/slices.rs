//! Partition slices: the rows of one partition, wherever they wait, in morsels or in what comes back from a file.

use std::ops::Range;

use crate::columns::{Amounts, Keys, NONE};
use crate::error::{Error, Result};

use super::morsel::MorselColumns;
use super::prefetch;

/// Rows of one partition that stand side by side in a chunk.
#[derive(Debug, Clone)]
pub(crate) struct PartitionSlice<'a> {
    pub(crate) chunk: &'a MorselColumns,
    pub(crate) rows: Range<usize>,
    /// What the codes of each label become.
    pub(crate) codes: &'a [Vec<u32>],
}

impl<'a> PartitionSlice<'a> {
    /// All rows of a chunk.
    pub(crate) fn whole(chunk: &'a MorselColumns, codes: &'a [Vec<u32>]) -> Self {
        let rows = 0..chunk.len();
        Self { chunk, rows, codes }
    }
}

/// Slices that follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartitionSlices<'a>(pub(crate) &'a [PartitionSlice<'a>]);

impl<'a> PartitionSlices<'a> {
    /// How many rows there are.
    pub(crate) fn rows(self) -> usize {
        self.0.iter().map(|run| run.rows.len()).sum()
    }

    /// A column of each run; while one is read, the next is asked for.
    pub(crate) fn slices<T: 'a>(self, column: impl Fn(&'a MorselColumns) -> &'a [T]) -> impl Iterator<Item = &'a [T]> {
        let slice = move |run: &'a PartitionSlice<'a>| &column(run.chunk)[run.rows.clone()];
        self.0.iter().enumerate().map(move |(number, run)| {
            if let Some(next) = self.0.get(number + 1) {
                prefetch::prefetch(slice(next));
            }
            slice(run)
        })
    }

    /// The same of a column that a chunk may hold in another type.
    pub(crate) fn typed<T: 'a>(
        self,
        column: impl Fn(&'a MorselColumns) -> Result<&'a [T]>,
    ) -> Result<impl Iterator<Item = &'a [T]>> {
        let slice = |run: &'a PartitionSlice<'a>| Ok(&column(run.chunk)?[run.rows.clone()]);
        let all: Vec<&'a [T]> = self.0.iter().map(slice).collect::<Result<_>>()?;
        Ok((0..all.len()).map(move |number| {
            if let Some(next) = all.get(number + 1) {
                prefetch::prefetch(next);
            }
            all[number]
        }))
    }

    /// A typed column, one run after another.
    pub(crate) fn typed_column<T: Copy + 'a>(
        self,
        column: impl Fn(&'a MorselColumns) -> Result<&'a [T]>,
    ) -> Result<Vec<T>> {
        let mut to = Vec::with_capacity(self.rows());
        self.typed(column)?.for_each(|slice| to.extend_from_slice(slice));
        Ok(to)
    }

    /// A column, one run after another.
    pub(crate) fn column<T: Copy + 'a>(self, column: impl Fn(&'a MorselColumns) -> &'a [T]) -> Vec<T> {
        let mut to = Vec::with_capacity(self.rows());
        self.slices(column).for_each(|slice| to.extend_from_slice(slice));
        to
    }

    /// The codes of a label, translated.
    pub(crate) fn labels(self, label: usize) -> impl Iterator<Item = u32> {
        let slices = self.slices(move |chunk| &chunk.labels[label]).zip(self.0);
        slices.flat_map(move |(slice, run)| {
            let codes = &run.codes[label];
            let code = move |&code: &u32| if code == NONE { NONE } else { codes[code as usize] };
            slice.iter().map(code)
        })
    }

    /// Identities, one run after another.
    pub(crate) fn ids(self, kind: &Keys, column: impl Fn(&'a MorselColumns) -> &'a Keys) -> Result<Keys> {
        match kind {
            Keys::Bits(_) => Ok(Keys::Bits(self.typed_column(|chunk| column(chunk).bits())?)),
            Keys::Bytes(_) => {
                let mut to = kind.clone();
                for run in self.0 {
                    to.extend_from(column(run.chunk), run.rows.clone())?;
                }
                Ok(to)
            }
        }
    }
}

/// The amounts of a chunk, where they are doubles.
pub(crate) fn floats(chunk: &MorselColumns) -> Result<&[f64]> {
    match &chunk.amount {
        Some(Amounts::Float(values)) => Ok(values),
        _ => Err(Error::Internal("amounts of two types in one column".into())),
    }
}

/// The amounts of a chunk, where they are exact.
pub(crate) fn exact(chunk: &MorselColumns) -> Result<&[i128]> {
    match &chunk.amount {
        Some(Amounts::Exact(values)) => Ok(values),
        _ => Err(Error::Internal("amounts of two types in one column".into())),
    }
}
