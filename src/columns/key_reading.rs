//! Keys as they are read: the identities of an array, and what cannot be one.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};

use super::bytes::for_each_bytes;
use super::identities::Keys;
use super::key_arrays::{number_like, text_of_numbers};
use super::keys::{KeyKind, KeyType};
use super::parse_errors::ParseErrors;
use crate::error::Result;

/// From here on neighbouring whole numbers are one double.
const WHOLE: f64 = 9_007_199_254_740_992.0;

impl KeyType {
    /// Append an array's identities; `null(row)` is called for each null, floats that are not whole are refused.
    ///
    /// # Errors
    /// If Arrow cannot convert the array.
    pub fn append(
        &self,
        array: &ArrayRef,
        first_row: u64,
        to: &mut Keys,
        errors: &mut ParseErrors,
        mut null: impl FnMut(usize),
    ) -> Result<()> {
        match to {
            Keys::Bytes(to) => {
                if to.append(array) {
                    return Ok(());
                }
                let mut row = 0;
                for_each_bytes(&text_of_numbers(array)?, |value| {
                    if value.is_none() {
                        null(row);
                    }
                    to.push(value.unwrap_or_default());
                    row += 1;
                })
            }
            Keys::Bits(to) => self.append_bits(array, first_row, to, errors, null),
        }
    }

    fn append_bits(
        &self,
        array: &ArrayRef,
        first_row: u64,
        to: &mut Vec<u64>,
        errors: &mut ParseErrors,
        mut null: impl FnMut(usize),
    ) -> Result<()> {
        if matches!(self.kind, KeyKind::Float | KeyKind::WholeFloat) {
            let array = cast(array, &DataType::Float64)?;
            for (row, value) in array.as_primitive::<Float64Type>().iter().enumerate() {
                let value = value.filter(|value| !value.is_nan());
                if value.is_none() {
                    null(row);
                }
                let value = value.unwrap_or_default();
                if self.kind == KeyKind::WholeFloat && (value.fract() != 0.0 || value.abs() >= WHOLE) {
                    errors.push(first_row + row as u64, || value.to_string());
                }
                to.push(self.bits(value));
            }
            return Ok(());
        }
        if let Some(nulls) = array.logical_nulls() {
            (0..array.len()).filter(|&row| nulls.is_null(row)).for_each(&mut null);
        }
        if self.kind == KeyKind::Unsigned {
            to.extend_from_slice(cast(array, &DataType::UInt64)?.as_primitive::<UInt64Type>().values());
        } else {
            let array = cast(&number_like(array)?, &DataType::Int64)?;
            to.extend(
                array
                    .as_primitive::<Int64Type>()
                    .values()
                    .iter()
                    .map(|value| value.cast_unsigned()),
            );
        }
        Ok(())
    }

    #[allow(clippy::cast_possible_truncation)] // What is not whole, or larger than 2⁵³, was refused.
    fn bits(&self, value: f64) -> u64 {
        // Zero has two signs but is one number.
        if self.kind == KeyKind::WholeFloat {
            (value as i64).cast_unsigned()
        } else {
            (value + 0.0).to_bits()
        }
    }

    /// Refuse the column if a key was not whole.
    ///
    /// # Errors
    /// [`crate::error::Error::BadValues`] with the first of them.
    pub fn check(&self, errors: &ParseErrors) -> Result<()> {
        if self.kind == KeyKind::Bytes {
            let help = "a spreadsheet has shortened the ids, so that several may have become one: export the file again, \
                        and do not save it from the spreadsheet (or give the column the format of text first)";
            return errors.to_result(self.role(), self.name(), "are numbers in scientific notation", help);
        }
        let large = |value: &str| value.parse().is_ok_and(|value: f64| value.abs() >= WHOLE);
        if errors.first_value().is_some_and(large) {
            let help = format!(
                "the column was read as floats, in which keys from 2^53 on become one another: read the source again with it \
                 as text, as in pandas.read_csv(…, dtype={{{:?}: str}}), or as 64-bit integers",
                self.name()
            );
            return errors.to_result(self.role(), self.name(), "beyond what a float can tell apart", &help);
        }
        let help = "a float key must be a whole number: convert the column to integers or strings";
        errors.to_result(self.role(), self.name(), "cannot be a whole number", help)
    }
}
