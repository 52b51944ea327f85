//! How times are written, by the type of their column: timestamps, dates, numbers, text.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowTimestampType, DataType, Date32Type, Date64Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};

use super::times::TimeOptions;
use crate::error::{Error, Result};
use crate::time::{DAY, SECOND};

/// How the values of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    Timestamp { unit: TimeUnit, zoned: bool },
    Days,
    Milliseconds,
    Number { per_second: i64 },
    Fraction { per_second: i64 },
    Text { format: Option<String> },
}

/// How many of a unit make a second.
fn per_second(unit: &str) -> Option<i64> {
    match unit {
        "s" => Some(1),
        "ms" => Some(1_000),
        "us" => Some(1_000_000),
        "ns" => Some(1_000_000_000),
        _ => None,
    }
}

pub(super) fn form(role: &str, name: &str, options: &TimeOptions, data_type: &DataType) -> Result<Form> {
    let refuse = |accepted: &str| {
        Err(Error::ColumnType {
            role: role.into(),
            name: name.into(),
            found: data_type.to_string(),
            accepted: accepted.into(),
        })
    };
    if let Some(unit) = options.unit.as_deref()
        && per_second(unit).is_none()
    {
        return Err(Error::Argument(format!(
            "time_unit={unit:?}: give one of \"s\", \"ms\", \"us\", \"ns\""
        )));
    }
    Ok(match data_type {
        DataType::Timestamp(unit, zone) => Form::Timestamp {
            unit: *unit,
            zoned: zone.is_some(),
        },
        DataType::Date32 => Form::Days,
        DataType::Date64 => Form::Milliseconds,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
            if let (None, Some(per_second)) = (&options.format, options.unit.as_deref().and_then(per_second)) =>
        {
            Form::Number { per_second }
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Form::Text {
            format: options.format.clone(),
        },
        // As in 20240501 with "%Y%m%d".
        data_type if data_type.is_integer() && options.format.is_some() && options.unit.is_none() => Form::Text {
            format: options.format.clone(),
        },
        DataType::Dictionary(_, values) => return form(role, name, options, values),
        data_type if data_type.is_integer() || data_type.is_floating() => {
            let Some(per_second) = options.unit.as_deref().and_then(per_second) else {
                return refuse("say what the numbers count since 1970, as in time_unit=\"s\" or time_unit=\"ms\"");
            };
            if data_type.is_integer() {
                Form::Number { per_second }
            } else {
                Form::Fraction { per_second }
            }
        }
        _ => return refuse("timestamps, dates, ISO 8601 strings, and numbers with time_unit= are accepted"),
    })
}

/// The zone that the type of a column states.
pub(super) fn zone_of(data_type: &DataType) -> Option<&str> {
    match data_type {
        DataType::Timestamp(_, zone) => zone.as_deref(),
        DataType::Dictionary(_, values) => zone_of(values),
        _ => None,
    }
}

/// The column as 64-bit counts of its own unit.
pub(super) fn raw_numbers(form: &Form, array: &ArrayRef) -> Result<ArrayRef> {
    let plain = match array.data_type() {
        DataType::Dictionary(_, values) => &cast(array, values)?,
        _ => array,
    };
    Ok(match form {
        Form::Timestamp {
            unit: TimeUnit::Second, ..
        } => counts::<TimestampSecondType>(plain),
        Form::Timestamp {
            unit: TimeUnit::Millisecond,
            ..
        } => counts::<TimestampMillisecondType>(plain),
        Form::Timestamp {
            unit: TimeUnit::Microsecond,
            ..
        } => counts::<TimestampMicrosecondType>(plain),
        Form::Timestamp {
            unit: TimeUnit::Nanosecond,
            ..
        } => counts::<TimestampNanosecondType>(plain),
        Form::Days => cast(
            &plain
                .as_primitive::<Date32Type>()
                .reinterpret_cast::<arrow::datatypes::Int32Type>(),
            &DataType::Int64,
        )?,
        Form::Milliseconds => std::sync::Arc::new(plain.as_primitive::<Date64Type>().reinterpret_cast::<Int64Type>()),
        Form::Fraction { per_second } => {
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // At most 10⁹; `as` saturates.
            let micros = |value: f64| (value / *per_second as f64 * SECOND as f64).round() as i64;
            let floats = cast(plain, &DataType::Float64)?;
            let floats = floats.as_primitive::<Float64Type>();
            // In a column of floats, not-a-number is how nulls are written.
            let numbers = floats
                .iter()
                .map(|value| value.filter(|value| !value.is_nan()).map(micros));
            std::sync::Arc::new(numbers.collect::<arrow::array::Int64Array>())
        }
        Form::Number { .. } | Form::Text { .. } => cast(plain, &DataType::Int64)?,
    })
}

fn counts<T: ArrowTimestampType>(array: &ArrayRef) -> ArrayRef {
    std::sync::Arc::new(array.as_primitive::<T>().reinterpret_cast::<Int64Type>())
}

/// Multiply, then divide: from the unit of the column to microseconds.
pub(super) fn scale(form: &Form) -> (i64, i64) {
    match form {
        Form::Timestamp {
            unit: TimeUnit::Second, ..
        }
        | Form::Number { per_second: 1 } => (SECOND, 1),
        Form::Timestamp {
            unit: TimeUnit::Millisecond,
            ..
        }
        | Form::Milliseconds
        | Form::Number { per_second: 1_000 } => (1_000, 1),
        Form::Timestamp {
            unit: TimeUnit::Nanosecond,
            ..
        }
        | Form::Number {
            per_second: 1_000_000_000,
        } => (1, 1_000),
        Form::Days => (DAY, 1),
        _ => (1, 1),
    }
}
