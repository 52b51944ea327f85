//! Times of every type, brought to microseconds since 1970 in UTC.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowTimestampType, DataType, Date32Type, Date64Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};

use super::bytes::for_each_bytes;
use super::key_arrays::text_of_numbers;
use super::parse_errors::{ParseErrors, shown};
use crate::error::{Error, Result};
use crate::time::SECOND;
use crate::time::{DAY, Zone};
use crate::time::{formats_of, has_offset, iso, with_format};

/// The instants that are read: the years that calendars of other libraries have, less a day for zones on either side.
const RANGE: std::ops::Range<i64> = -719_161 * DAY..2_932_896 * DAY;

/// What the caller said about times.
#[derive(Debug, Clone, Default)]
pub struct TimeOptions {
    /// The zone whose calendar counts.
    pub timezone: Option<String>,
    /// How strings are written, as `strptime` has it.
    pub format: Option<String>,
    /// What a number counts: "s", "ms", "us" or "ns".
    pub unit: Option<String>,
}

/// How the values of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Timestamp { unit: TimeUnit, zoned: bool },
    Days,
    Milliseconds,
    Number { per_second: i64 },
    Fraction { per_second: i64 },
    Text { format: Option<String> },
}

/// How a column of times is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeType {
    role: String,
    name: String,
    form: Form,
    /// The zone of the calendar, and of times that name none.
    pub zone: Zone,
}

impl TimeType {
    /// Decide by the type of the column's chunks, of which there is at least one, by what the caller said, and for text by
    /// its first value.
    ///
    /// # Errors
    /// If the type holds no times, or numbers come without a unit.
    pub fn new(role: &str, name: &str, options: &TimeOptions, chunks: &[ArrayRef]) -> Result<Self> {
        let form = form(role, name, options, chunks[0].data_type())?;
        let zone = match (&options.timezone, zone_of(chunks[0].data_type()), &form) {
            (Some(zone), _, _) => Zone::named(zone)?,
            (None, Some(zone), _) => Zone::named(zone)?,
            (None, None, Form::Text { format }) if starts_with_offset(format.as_deref(), chunks)? => {
                Zone::named("UTC")?
            }
            _ => Zone::naive(),
        };
        Ok(Self {
            role: role.into(),
            name: name.into(),
            form,
            zone,
        })
    }

    /// Append an array's instants; `null(row)` is called for each null, what cannot be read goes to `errors`.
    ///
    /// # Errors
    /// If Arrow cannot convert the array.
    pub fn append(
        &self,
        array: &ArrayRef,
        first_row: u64,
        to: &mut Vec<i64>,
        errors: &mut ParseErrors,
        mut null: impl FnMut(usize),
    ) -> Result<()> {
        if let Form::Text { format } = &self.form {
            return self.append_text(array, format.as_deref(), first_row, to, errors, null);
        }
        let nulls = array.logical_nulls();
        let raw = raw_numbers(&self.form, array)?;
        let raw = raw.as_primitive::<Int64Type>();
        let (multiply, divide) = scale(&self.form);
        let naive = !matches!(
            self.form,
            Form::Timestamp { zoned: true, .. } | Form::Number { .. } | Form::Fraction { .. }
        );
        let shift = naive && self.zone != Zone::naive();
        if !shift && raw.null_count() == 0 && append_all(raw.values(), (multiply, divide), to) {
            return Ok(());
        }
        for (row, &value) in raw.values().iter().enumerate() {
            let at = value
                .checked_mul(multiply)
                .map(|at| at.div_euclid(divide))
                .filter(|at| RANGE.contains(at));
            // A whole number that is null by the cast alone is one that 64 bits with a sign do not hold.
            let lost = matches!(self.form, Form::Number { .. }) && nulls.as_ref().is_none_or(|all| all.is_valid(row));
            if raw.is_null(row) && !lost {
                null(row);
            } else if raw.is_null(row) || at.is_none() {
                errors.push(first_row + row as u64, || shown(array, row));
            }
            let at = at.unwrap_or_default();
            to.push(if shift { self.zone.instant(at) } else { at });
        }
        Ok(())
    }

    fn append_text(
        &self,
        array: &ArrayRef,
        format: Option<&str>,
        first_row: u64,
        to: &mut Vec<i64>,
        errors: &mut ParseErrors,
        mut null: impl FnMut(usize),
    ) -> Result<()> {
        let mut row = 0;
        for_each_bytes(&text_of_numbers(array)?, |text| {
            let text = text.filter(|text| !text.trim_ascii().is_empty());
            let at = text.and_then(|text| match format {
                Some(format) => with_format(format, text, &self.zone),
                None => iso(text, &self.zone),
            });
            match (text, at) {
                (None, _) => null(row),
                (Some(text), None) => {
                    errors.push(first_row + row as u64, || {
                        format!("{:?}", String::from_utf8_lossy(text))
                    });
                }
                _ => {}
            }
            to.push(at.unwrap_or_default());
            row += 1;
        })
    }

    /// Refuse the column if a value could not be read.
    ///
    /// # Errors
    /// [`Error::BadValues`] with the first of them.
    pub fn check(&self, errors: &ParseErrors) -> Result<()> {
        let (what, help) = match &self.form {
            Form::Text { format: None } => ("cannot be read as ISO 8601".into(), proposal(errors)),
            Form::Text { format: Some(format) } => (
                format!("cannot be read with time_format={format:?}"),
                "give the format that all times have, or set invalid times to null".into(),
            ),
            _ => (
                "cannot be a time of the years 1 to 9999".into(),
                "check time_unit=, or set invalid times to null".to_string(),
            ),
        };
        errors.to_result(&self.role, &self.name, &what, &help)
    }
}

/// What to type where a time could not be read: the formats that fit it.
fn proposal(errors: &ParseErrors) -> String {
    let text = errors.first_value().unwrap_or_default().trim_matches('"');
    match formats_of(text.as_bytes()).as_slice() {
        [] => {
            "say how the times are written, as in time_format=\"%d/%m/%Y %H:%M\", or set invalid times to null".into()
        }
        [one] => format!("type time_format={one:?}, or set invalid times to null"),
        [one, other, ..] if one.contains("%d/%m") || one.contains("%d-%m") => {
            format!("type time_format={one:?} if the day comes first, time_format={other:?} if the month does")
        }
        [one, other, ..] => format!("type time_format={one:?} or time_format={other:?}"),
    }
}

/// Append instants without a branch for each: where the least and the largest are in range, so are all. Whether it did.
fn append_all(raw: &[i64], (multiply, divide): (i64, i64), to: &mut Vec<i64>) -> bool {
    let fits = |value: Option<&i64>| {
        let at = value.and_then(|value| value.checked_mul(multiply));
        at.is_some_and(|at| RANGE.contains(&at.div_euclid(divide)))
    };
    if !fits(raw.iter().min()) || !fits(raw.iter().max()) {
        return false;
    }
    if (multiply, divide) == (1, 1) {
        to.extend_from_slice(raw);
    } else {
        to.extend(raw.iter().map(|value| (value * multiply).div_euclid(divide)));
    }
    true
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

fn form(role: &str, name: &str, options: &TimeOptions, data_type: &DataType) -> Result<Form> {
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
fn zone_of(data_type: &DataType) -> Option<&str> {
    match data_type {
        DataType::Timestamp(_, zone) => zone.as_deref(),
        DataType::Dictionary(_, values) => zone_of(values),
        _ => None,
    }
}

/// The column as 64-bit counts of its own unit.
fn raw_numbers(form: &Form, array: &ArrayRef) -> Result<ArrayRef> {
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
fn scale(form: &Form) -> (i64, i64) {
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

/// Whether the first text that is there states its own offset.
fn starts_with_offset(format: Option<&str>, chunks: &[ArrayRef]) -> Result<bool> {
    let mut first: Option<bool> = None;
    for chunk in chunks {
        for_each_bytes(&text_of_numbers(chunk)?, |text| {
            if let (None, Some(text)) = (first, text) {
                first = Some(has_offset(format, text));
            }
        })?;
        if let Some(first) = first {
            return Ok(first);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::StringArray;
    use std::sync::Arc;

    fn read(values: Vec<Option<&str>>, options: &TimeOptions) -> Result<(Vec<i64>, Zone)> {
        let array: ArrayRef = Arc::new(StringArray::from(values));
        let times = TimeType::new("time", "ts", options, std::slice::from_ref(&array))?;
        let (mut to, mut errors) = (Vec::new(), ParseErrors::default());
        times.append(&array, 0, &mut to, &mut errors, |_| ())?;
        times.check(&errors)?;
        Ok((to, times.zone))
    }

    #[test]
    fn iso_strings_are_read() {
        let day = 14_944 * DAY; // 2010-12-01
        let hours = |h: i64| day + h * 3600 * SECOND;
        let values = vec![
            Some("2010-12-01"),
            Some("2010-12-01 08:00:00"),
            Some("2010-12-01T08:00"),
            None,
        ];
        let (times, zone) = read(values, &TimeOptions::default()).unwrap();
        assert_eq!(times, [day, hours(8), hours(8), 0]);
        assert_eq!(zone, Zone::naive());
        let (times, zone) = read(vec![Some("2010-12-01T08:00:00+08:00")], &TimeOptions::default()).unwrap();
        assert_eq!((times[0], zone.name()), (day, Some("UTC")));
    }

    #[test]
    fn other_strings_need_their_format() {
        let error = read(vec![None, Some("12/1/2010 8:26")], &TimeOptions::default())
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "time=\"ts\": 1 value cannot be read as ISO 8601, the first in row 1: \"12/1/2010 8:26\"; type \
             time_format=\"%d/%m/%Y %H:%M\" if the day comes first, time_format=\"%m/%d/%Y %H:%M\" if the month does"
        );
        let options = TimeOptions {
            format: Some("%m/%d/%Y %H:%M".into()),
            ..TimeOptions::default()
        };
        let (times, _) = read(vec![Some("12/1/2010 8:26")], &options).unwrap();
        assert_eq!(times, [14_944 * DAY + (8 * 3600 + 26 * 60) * SECOND]);
        let options = TimeOptions {
            format: Some("%Y%m%d".into()),
            ..TimeOptions::default()
        };
        assert_eq!(read(vec![Some("20101201")], &options).unwrap().0, [14_944 * DAY]);
    }

    #[test]
    fn wall_clock_is_read_in_its_zone() {
        let options = TimeOptions {
            timezone: Some("Asia/Shanghai".into()),
            ..TimeOptions::default()
        };
        let (times, _) = read(vec![Some("2010-12-01 08:00:00")], &options).unwrap();
        assert_eq!(times, [14_944 * DAY]);
    }
}
