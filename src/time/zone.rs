//! Time zones as lists of offsets, so that the calendar costs a comparison a row.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::SECOND;
use crate::error::{Error, Result};

/// Microseconds in a day without a change of the clock.
pub const DAY: i64 = 86_400 * SECOND;

/// The zone whose calendar a log uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: Option<String>,
    /// From this instant on (UTC), wall clock minus UTC.
    spans: Vec<(i64, i64)>,
}

impl Zone {
    /// The wall clock as it was written, of no stated zone.
    #[must_use]
    pub fn naive() -> Self {
        Self {
            name: None,
            spans: vec![(i64::MIN, 0)],
        }
    }

    /// A zone by its IANA name ("Asia/Shanghai") or its offset ("+08:00").
    ///
    /// # Errors
    /// If there is no such zone.
    pub fn named(name: &str) -> Result<Self> {
        let zone = jiff::fmt::temporal::DateTimeParser::new()
            .parse_time_zone(name)
            .map_err(|_| Error::Argument(unknown_zone(name)))?;
        let name = canonical(&zone).ok_or_else(|| Error::Argument(unknown_zone(name)))?;
        let offset = |at| i64::from(zone.to_offset(at).seconds()) * SECOND;
        let mut spans = vec![(i64::MIN, offset(Timestamp::MIN))];
        // Rules that nobody can know stop here; the last offset goes on.
        let last = Date::constant(2300, 1, 1);
        for change in zone.following(Timestamp::MIN) {
            if change.timestamp().to_zoned(TimeZone::UTC).date() >= last {
                break;
            }
            spans.push((change.timestamp().as_microsecond(), offset(change.timestamp())));
        }
        Ok(Self {
            name: Some(name),
            spans,
        })
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Wall clock minus UTC at an instant, and the instants between which that holds.
    #[must_use]
    pub fn span(&self, at: i64) -> (i64, i64, i64) {
        let next = self.spans.partition_point(|(start, _)| *start <= at).max(1);
        let end = self.spans.get(next).map_or(i64::MAX, |(start, _)| *start);
        (self.spans[next - 1].0, end, self.spans[next - 1].1)
    }

    /// The wall clock at an instant.
    #[must_use]
    pub fn local(&self, at: i64) -> i64 {
        at + self.span(at).2
    }

    /// The instant of a wall clock: the earlier of two, and after a gap as if the clock had not been moved.
    #[must_use]
    pub fn instant(&self, local: i64) -> i64 {
        if self.spans.len() == 1 {
            return local - self.spans[0].1;
        }
        for (index, &(start, offset)) in self.spans.iter().enumerate().skip(self.first_candidate(local)) {
            let ended = self
                .spans
                .get(index + 1)
                .is_some_and(|(next, _)| local - offset >= *next);
            if ended {
                continue;
            }
            let skipped = index > 0 && local - offset < start;
            return local - if skipped { self.spans[index - 1].1 } else { offset };
        }
        local
    }

    /// The instant at which a day (counted from 1970-01-01) starts.
    #[must_use]
    pub fn start_of_day(&self, day: i64) -> i64 {
        self.instant(day.saturating_mul(DAY))
    }

    /// No offset exceeds a day, so that the span of the wall clock less a day comes first.
    fn first_candidate(&self, local: i64) -> usize {
        self.spans
            .partition_point(|(start, _)| *start <= local.saturating_sub(DAY))
            .saturating_sub(1)
    }
}

/// The name that other libraries know: as IANA writes it, or an offset with hours and minutes.
fn canonical(zone: &TimeZone) -> Option<String> {
    if let Some(name) = zone.iana_name() {
        return Some(name.into());
    }
    let minutes = zone.to_fixed_offset().ok()?.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    Some(format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60))
}

fn unknown_zone(name: &str) -> String {
    format!(
        "timezone={name:?} is unknown: give an IANA name such as \"Asia/Shanghai\", or an offset such as \"+08:00\""
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn an_offset_is_a_zone() {
        let zone = Zone::named("+08:00").unwrap();
        assert_eq!(zone.local(0), 8 * 3600 * SECOND);
        assert_eq!(zone.instant(8 * 3600 * SECOND), 0);
        assert_eq!(Zone::named("+08").unwrap().name(), Some("+08:00"));
        assert_eq!(Zone::named("asia/shanghai").unwrap().name(), Some("Asia/Shanghai"));
        assert_eq!(Zone::named("utc").unwrap().name(), Some("UTC"));
        assert!(Zone::named("UTC+8").is_err());
        assert!(Zone::named("Asia/Shangri-La").unwrap_err().to_string().contains("IANA"));
    }

    #[test]
    fn a_clock_that_is_put_forward_skips_an_hour() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        // 2024-03-31 02:30 does not exist: it is read as 03:30 summer time.
        assert_eq!(
            zone.instant(micros("2024-03-31T02:30:00Z")),
            micros("2024-03-31T01:30:00Z")
        );
        assert_eq!(
            zone.instant(micros("2024-03-31T03:30:00Z")),
            micros("2024-03-31T01:30:00Z")
        );
        assert_eq!(
            zone.instant(micros("2024-03-31T01:30:00Z")),
            micros("2024-03-31T00:30:00Z")
        );
    }

    #[test]
    fn a_clock_that_is_put_back_takes_the_earlier() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(
            zone.instant(micros("2024-10-27T02:30:00Z")),
            micros("2024-10-27T00:30:00Z")
        );
        assert_eq!(
            zone.local(micros("2024-10-27T01:30:00Z")),
            micros("2024-10-27T02:30:00Z")
        );
    }

    #[test]
    fn every_hour_of_a_decade_comes_back() {
        let zone = Zone::named("America/New_York").unwrap();
        for hour in 0..87_600 {
            let at = micros("2015-01-01T00:00:00Z") + hour * 3600 * SECOND;
            let back = zone.instant(zone.local(at));
            assert!(back == at || back == at - 3600 * SECOND, "hour {hour}");
        }
    }
}
