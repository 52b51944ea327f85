//! Parser of times that are written as text.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::fmt::temporal::{DateTimeParser, PiecesOffset};

use super::SECOND;
use super::calendar::day_of;
use super::year_first::{YearFirst, year_first};
use super::zone::{DAY, Zone};

/// Whether a text states its own offset.
pub(crate) fn has_offset(format: Option<&str>, text: &[u8]) -> bool {
    match format {
        Some(format) => strtime::parse(format, text).is_ok_and(|parsed| parsed.offset().is_some()),
        None if let Some(read) = year_first(text) => read.offset.is_some(),
        None => DateTimeParser::new()
            .parse_pieces(text)
            .is_ok_and(|pieces| pieces.offset().is_some() || pieces.time_zone_annotation().is_some()),
    }
}

/// ISO 8601 and what is as plain, the year first: a date, or a date and a time, with or without an offset. The instant, and
/// whether the text states its offset.
pub(crate) fn iso(text: &[u8], zone: &Zone) -> Option<(i64, bool)> {
    let text = text.trim_ascii();
    if let Some(YearFirst { local, offset }) = year_first(text) {
        let at = offset.map_or_else(|| zone.instant(local), |offset| local - offset);
        return Some((at, offset.is_some()));
    }
    let pieces = DateTimeParser::new().parse_pieces(text).ok()?;
    let at = local_micros(pieces.date().to_datetime(pieces.time().unwrap_or(Time::midnight())));
    if pieces.date().year() < 1 {
        return None;
    }
    match pieces.offset() {
        Some(PiecesOffset::Zulu) => Some((at, true)),
        Some(PiecesOffset::Numeric(offset)) => Some((at - i64::from(offset.offset().seconds()) * SECOND, true)),
        Some(_) => None,
        None => Some((zone.instant(at), false)),
    }
}

/// As `strptime` reads it.
pub(crate) fn with_format(format: &str, text: &[u8], zone: &Zone) -> Option<i64> {
    let (text, format) = without_idle_half(format, text.trim_ascii());
    let parsed = strtime::parse(format.as_bytes(), text).ok()?;
    let date: Date = parsed.to_date().ok()?;
    if date.year() < 1 || (date.year() < FIRST_YEAR && format.contains("%Y")) {
        // "24" is no year of four digits.
        return None;
    }
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

/// Years before it are years of two digits.
const FIRST_YEAR: i16 = 1000;

/// A text without AM or PM behind an hour of 24, which some programs write (as in 22:02 PM).
fn without_idle_half<'a>(format: &'a str, text: &'a [u8]) -> (&'a [u8], &'a str) {
    let (true, Some(shorter)) = (format.contains("%H"), format.strip_suffix("%p")) else {
        return (text, format);
    };
    let half = text.len().saturating_sub(2);
    if text[half..].eq_ignore_ascii_case(b"AM") || text[half..].eq_ignore_ascii_case(b"PM") {
        (text[..half].trim_ascii_end(), shorter.trim_end())
    } else {
        (text, format)
    }
}

/// Formats with which a text can be read.
pub(crate) fn formats_of(text: &[u8]) -> Vec<String> {
    const DATES: [&str; 15] = [
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d.%m.%Y",
        "%d-%m-%Y",
        "%m-%d-%Y",
        "%d/%m/%y",
        "%m/%d/%y",
        "%d.%m.%y",
        "%d %b %Y",
        "%d-%b-%Y",
        "%d-%b-%y",
        "%b %d, %Y",
        "%B %d, %Y",
        "%d %B %Y",
        "%Y%m%d",
    ];
    const TIMES: [&str; 9] = [
        "",
        " %H:%M:%S",
        " %H:%M",
        " %I:%M:%S %p",
        " %I:%M %p",
        " %H:%M:%S %p",
        ", %H:%M",
        "T%H:%M:%S",
        "%H%M%S",
    ];
    let all = DATES
        .iter()
        .flat_map(|date| TIMES.iter().map(move |time| format!("{date}{time}")));
    all.filter(|format| with_format(format, text, &Zone::naive()).is_some())
        .take(2)
        .collect()
}

fn local_micros(local: DateTime) -> i64 {
    let time = local.time();
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    day_of(local.date()) * DAY + seconds * SECOND + i64::from(time.subsec_nanosecond()) / 1_000
}
