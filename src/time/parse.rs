//! Parser of times that are written as text.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};

use super::SECOND;
use super::calendar::day_of;
use super::zone::{DAY, Zone};

/// Whether a text states its own offset.
pub(crate) fn has_offset(format: Option<&str>, text: &[u8]) -> bool {
    match format {
        Some(format) => strtime::parse(format, text).is_ok_and(|parsed| parsed.offset().is_some()),
        None => DateTimeParser::new()
            .parse_pieces(text)
            .is_ok_and(|pieces| pieces.offset().is_some() || pieces.time_zone_annotation().is_some()),
    }
}

/// ISO 8601: a date, or a date and a time, with or without an offset.
pub(crate) fn iso(text: &[u8], zone: &Zone) -> Option<i64> {
    let text = text.trim_ascii();
    let pieces = DateTimeParser::new().parse_pieces(text).ok()?;
    let at = local_micros(pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight())));
    match pieces.offset() {
        Some(PiecesOffset::Zulu) => Some(at),
        Some(PiecesOffset::Numeric(offset)) => Some(at - i64::from(offset.offset().seconds()) * SECOND),
        Some(_) => None,
        None => Some(zone.instant(at)),
    }
}

/// As `strptime` reads it.
pub(crate) fn with_format(format: &str, text: &[u8], zone: &Zone) -> Option<i64> {
    let parsed = strtime::parse(format, text.trim_ascii()).ok()?;
    let date: Date = parsed.to_date().ok()?;
    // A date alone is its midnight; a time of day that lacks a part is no time.
    let local = match parsed.to_datetime() {
        Ok(local) => local,
        Err(_) if parsed.hour().is_none() && parsed.minute().is_none() => date.to_datetime(Time::midnight()),
        Err(_) => return None,
    };
    let at = local_micros(local);
    Some(match parsed.offset() {
        Some(offset) => at - i64::from(offset.seconds()) * SECOND,
        None => zone.instant(at),
    })
}

fn local_micros(local: DateTime) -> i64 {
    let time = local.time();
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    day_of(local.date()) * DAY + seconds * SECOND + i64::from(time.subsec_nanosecond()) / 1_000
}
