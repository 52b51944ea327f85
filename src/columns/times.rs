//! Times of every type, brought to microseconds since 1970 in UTC.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Int64Type;

use super::bytes::for_each_bytes;
use super::key_arrays::text_of_numbers;
use super::parse_errors::{Clock, ParseErrors, shown};
use super::time_form::{Form, form, raw_numbers, scale, zone_of};
use crate::error::Result;
use crate::time::{DAY, Zone};
use crate::time::{formats_of, has_offset, iso, with_format};

/// The times that are read, as they are written: the years 1 to 9999, which calendars of other libraries have.
pub(super) const RANGE: std::ops::Range<i64> = -719_162 * DAY..2_932_897 * DAY;

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

/// Whether a column may hold times with an offset and times without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clocks {
    /// It may, as the zone of those without one is known.
    Known,
    /// It may not.
    Unknown,
}

/// How a column of times is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeType {
    role: String,
    name: String,
    form: Form,
    /// Whether times without an offset can stand beside others: where the caller said whose clock they show.
    clocks: Clocks,
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
            clocks: if options.timezone.is_some() {
                Clocks::Known
            } else {
                Clocks::Unknown
            },
            zone,
        })
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// Whether what is written is a wall clock, and no instant.
    pub(super) fn is_moved(&self) -> bool {
        let naive = !matches!(
            self.form,
            Form::Timestamp { zoned: true, .. } | Form::Number { .. } | Form::Fraction { .. }
        );
        naive && self.zone != Zone::naive()
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
        if let Some(plain) = self.plain(array)? {
            to.extend(plain.iter());
            return Ok(());
        }
        let nulls = array.logical_nulls();
        let raw = raw_numbers(&self.form, array)?;
        let raw = raw.as_primitive::<Int64Type>();
        let (multiply, divide) = scale(&self.form);
        let shift = self.is_moved();
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
            let at = text.and_then(|text| {
                if let Some(format) = format {
                    return with_format(format, text, &self.zone);
                }
                let (at, stated) = iso(text, &self.zone)?;
                let clock = if stated { Clock::Offset } else { Clock::Wall };
                errors.clock(clock, first_row + row as u64, || {
                    String::from_utf8_lossy(text).into_owned()
                });
                Some(at)
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
    /// [`crate::error::Error::BadValues`] with the first of them.
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
        errors.to_result(&self.role, &self.name, &what, &help)?;
        match self.clocks {
            Clocks::Known => Ok(()),
            Clocks::Unknown => errors.one_clock(&self.role, &self.name),
        }
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
    use crate::time::SECOND;
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
