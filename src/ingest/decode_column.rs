//! Decoded columns: labels as codes, numbers and times as doubles.

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;

use crate::columns::{Amounts, KeyInterner, KeyType, Keys, NONE, ParseErrors, Part, dictionary_codes, for_each_bytes};
use crate::error::Result;
use crate::money::MoneyUnit;

use super::layout::NumberType;
use super::recent_values::RecentValues;

/// Append the numbers of a part; what is null is not-a-number.
pub(super) fn append_number(
    number: &NumberType,
    part: &Part,
    to: &mut Vec<f64>,
    errors: &mut ParseErrors,
) -> Result<()> {
    let rows = part.batch.num_rows();
    let mut valid = vec![true; rows];
    match number {
        NumberType::Number(index, number) => {
            let mut values = number.none();
            let column = part.batch.column(*index);
            number.append(column, part.first_row, &mut values, errors, |row| valid[row] = false)?;
            let value = |row: usize| {
                if valid[row] {
                    number_of(&values, number.unit, row)
                } else {
                    f64::NAN
                }
            };
            to.extend((0..rows).map(value));
        }
        NumberType::Moment(index, times) => {
            let mut values = Vec::with_capacity(rows);
            let column = part.batch.column(*index);
            times.append(column, part.first_row, &mut values, errors, |row| valid[row] = false)?;
            #[allow(clippy::cast_precision_loss)]
            // Microseconds of the years 1 to 9999 lie under 2⁵⁸; those of ours are exact.
            let value = |row: usize| if valid[row] { values[row] as f64 } else { f64::NAN };
            to.extend((0..rows).map(value));
        }
        NumberType::Told => to.resize(to.len() + rows, f64::NAN),
    }
    Ok(())
}

/// Numbers of this size and more are unknown: their sums could overflow.
pub(super) const MOST: f64 = 1e12;

/// What is not finite, or so large that sums could overflow, is unknown.
fn number_of(values: &Amounts, unit: MoneyUnit, row: usize) -> f64 {
    let value = match values {
        Amounts::Float(values) => values[row],
        Amounts::Exact(values) => unit.to_f64(values[row]),
    };
    if value.abs() < MOST { value } else { f64::NAN }
}

/// Append the codes of a label: each value of a dictionary is looked up once, each row of a plain column.
pub(super) fn append_label(
    label: &KeyType,
    part: &Part,
    index: usize,
    (table, codes): (&mut KeyInterner, &mut Vec<u32>),
    errors: &mut ParseErrors,
) -> Result<()> {
    let column = part.batch.column(index);
    let dictionary = column.as_any_dictionary_opt();
    // A dictionary that is longer than its rows would take longer to read than they do.
    let dictionary = dictionary.filter(|dictionary| dictionary.values().len() <= column.len());
    let mut ids = label.none();
    if dictionary.is_none() && matches!(ids, Keys::Bytes(_)) && is_bytes(column.data_type()) {
        let mut recent = RecentValues::default();
        return for_each_bytes(column, |value| {
            codes.push(value.map_or(NONE, |value| recent.code(table, value)));
        });
    }
    let values = dictionary.map_or(column, |dictionary| dictionary.values());
    let mut known: Vec<Option<u32>> = vec![None; values.len()];
    label.append(values, part.first_row, &mut ids, errors, |row| {
        known[row] = Some(NONE);
    })?;
    // Values that no row has are no values of the label.
    let mut code = |at: u32| *known[at as usize].get_or_insert_with(|| table.intern(&ids, at as usize));
    if dictionary.is_some() {
        let places = dictionary_codes(column)?.into_iter();
        codes.extend(places.map(|at| if at == NONE { NONE } else { code(at) }));
    } else {
        codes.extend((0..).take(values.len()).map(code));
    }
    Ok(())
}

/// Whether values are strings or bytes as they stand.
fn is_bytes(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
    )
}
