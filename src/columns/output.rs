//! Output schemas: the columns of a result, put together in one place.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, Int32Type, Schema};

use crate::error::{Error, Result};
use crate::runtime;
use crate::time::Zone;

/// Columns being put together.
#[derive(Debug, Default)]
pub struct Columns {
    fields: Vec<FieldRef>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    /// A column with a field of its own, such as a key.
    pub fn push(&mut self, (field, array): (FieldRef, ArrayRef)) {
        self.fields.push(field);
        self.arrays.push(array);
    }

    /// The columns of two, side by side.
    #[must_use]
    pub fn and(mut self, mut other: Self) -> Self {
        self.fields.append(&mut other.fields);
        self.arrays.append(&mut other.arrays);
        self
    }

    fn named(&mut self, name: &str, array: ArrayRef) {
        self.push((Arc::new(Field::new(name, array.data_type().clone(), true)), array));
    }

    /// Whole numbers.
    pub fn ints(&mut self, name: &str, values: impl IntoIterator<Item = i64>) {
        self.named(name, Arc::new(Int64Array::from_iter_values(heard(values))));
    }

    /// Whole numbers of 32 bits.
    pub fn small_ints(&mut self, name: &str, values: impl IntoIterator<Item = i32>) {
        self.named(name, Arc::new(Int32Array::from_iter_values(heard(values))));
    }

    /// Whole numbers, some of them unknown.
    pub fn maybe_ints(&mut self, name: &str, values: impl IntoIterator<Item = Option<i64>>) {
        self.named(name, Arc::new(heard(values).collect::<Int64Array>()));
    }

    /// Doubles.
    pub fn floats(&mut self, name: &str, values: impl IntoIterator<Item = f64>) {
        self.named(name, Arc::new(Float64Array::from_iter_values(heard(values))));
    }

    /// Doubles, some of them unknown.
    pub fn maybe_floats(&mut self, name: &str, values: impl IntoIterator<Item = Option<f64>>) {
        self.named(name, Arc::new(heard(values).collect::<Float64Array>()));
    }

    /// Whole numbers that something else holds too.
    pub fn shared_ints(&mut self, name: &str, values: &ScalarBuffer<i64>) {
        self.named(name, Arc::new(Int64Array::new(values.clone(), None)));
    }

    /// Doubles that something else holds too.
    pub fn shared_floats(&mut self, name: &str, values: &ScalarBuffer<f64>) {
        self.named(name, Arc::new(Float64Array::new(values.clone(), None)));
    }

    /// Instants that something else holds too.
    pub fn shared_times(&mut self, name: &str, values: &ScalarBuffer<i64>, zone: &Zone) {
        let array = TimestampMicrosecondArray::new(values.clone(), None);
        self.named(name, Arc::new(array.with_timezone_opt(zone.name())));
    }

    /// True and false.
    pub fn bools(&mut self, name: &str, values: impl IntoIterator<Item = bool>) {
        self.named(name, Arc::new(heard(values).map(Some).collect::<BooleanArray>()));
    }

    /// Strings.
    pub fn texts<T: AsRef<str>>(&mut self, name: &str, values: impl IntoIterator<Item = Option<T>>) {
        self.named(name, Arc::new(heard(values).collect::<StringArray>()));
    }

    /// Days since 1970.
    pub fn dates(&mut self, name: &str, days: impl IntoIterator<Item = i64>) {
        let days = heard(days).map(|day| i32::try_from(day).ok());
        self.named(name, Arc::new(days.collect::<Date32Array>()));
    }

    /// Days since 1970, or nulls.
    pub fn maybe_dates(&mut self, name: &str, days: impl IntoIterator<Item = Option<i64>>) {
        let days = heard(days).map(|day| i32::try_from(day?).ok());
        self.named(name, Arc::new(days.collect::<Date32Array>()));
    }

    /// Instants, shown in the zone of the log; as wall clock where it has none.
    pub fn times(&mut self, name: &str, values: impl IntoIterator<Item = i64>, zone: &Zone) {
        let array = TimestampMicrosecondArray::from_iter_values(heard(values));
        self.named(name, Arc::new(array.with_timezone_opt(zone.name())));
    }

    /// Instants, some of them unknown.
    pub fn maybe_times(&mut self, name: &str, values: impl IntoIterator<Item = Option<i64>>, zone: &Zone) {
        let array: TimestampMicrosecondArray = heard(values).collect();
        self.named(name, Arc::new(array.with_timezone_opt(zone.name())));
    }

    /// One of a few words each; -1 is null.
    ///
    /// # Errors
    /// If a code has no word.
    pub fn words(&mut self, name: &str, codes: Vec<i32>, words: &[String]) -> Result<()> {
        self.push(self::words(name, codes, words)?);
        Ok(())
    }

    /// The table.
    ///
    /// # Errors
    /// If two columns share a name, as a key called "score" would, or the caller asked to stop.
    pub fn finish(self) -> Result<RecordBatch> {
        runtime::check()?;
        let names: Vec<&str> = self.fields.iter().map(|field| field.name().as_str()).collect();
        check_names(&names)?;
        Ok(RecordBatch::try_new(Schema::new(self.fields).into(), self.arrays)?)
    }
}

/// Refuse columns of which two share a name.
///
/// # Errors
/// If two do, as a key called "score" would.
pub fn check_names(names: &[&str]) -> Result<()> {
    match (0..names.len()).find(|&at| names[..at].contains(&names[at])) {
        None => Ok(()),
        Some(at) => Err(Error::Data(format!(
            "the column {:?} of your data has the name of a column of the result; rename it",
            names[at]
        ))),
    }
}

/// Values of a column between two looks for a stop.
const MANY: usize = 1 << 16;

/// Values up to a stop; who finishes the table hears of it.
struct Heard<I> {
    values: I,
    until_check: usize,
}

fn heard<I: IntoIterator>(values: I) -> Heard<I::IntoIter> {
    Heard {
        values: values.into_iter(),
        until_check: MANY,
    }
}

impl<I: Iterator> Iterator for Heard<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.until_check == 0 {
            runtime::check().ok()?;
            self.until_check = MANY;
        }
        self.until_check -= 1;
        self.values.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }
}

/// A dictionary column of a few words; -1 is null.
///
/// # Errors
/// If a code has no word.
pub fn words(name: &str, codes: Vec<i32>, words: &[String]) -> Result<(FieldRef, ArrayRef)> {
    let codes: Int32Array = if codes.contains(&-1) {
        codes.into_iter().map(|code| (code >= 0).then_some(code)).collect()
    } else {
        codes.into()
    };
    let words: ArrayRef = Arc::new(StringArray::from_iter_values(words));
    let array: ArrayRef = Arc::new(DictionaryArray::<Int32Type>::try_new(codes, words)?);
    let data_type = DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into());
    Ok((Arc::new(Field::new(name, data_type, true)), array))
}
