//! Which instants an analysis looks at.

use crate::time::{Calendar, Period, Zone};

use super::grouped::Log;
use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// A point in time as a caller writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A calendar day, counted from 1970-01-01.
    Day(i64),
    /// A wall clock in the log's zone, in microseconds.
    Wall(i64),
    /// Microseconds since 1970 in UTC.
    Instant(i64),
}

impl Moment {
    /// The instant; of a day, its start.
    #[must_use]
    pub fn start(self, zone: &Zone) -> i64 {
        match self {
            Self::Day(day) => zone.start_of_day(day),
            Self::Wall(local) => zone.instant(local),
            Self::Instant(at) => at,
        }
    }

    /// The first instant after it; of a day, the start of the next.
    fn after(self, zone: &Zone) -> i64 {
        match self {
            Self::Day(day) => zone.start_of_day(day + 1),
            other => other.start(zone) + 1,
        }
    }
}

/// The period of a log that is counted, half-open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Its first instant.
    pub start: Option<i64>,
    /// The first instant after it.
    pub end: Option<i64>,
}

/// What is known, what is counted, and where the data end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// Orders before this are left out, as if they had not been.
    pub known: i64,
    /// Orders before this are known, but not counted.
    pub since: i64,
    /// Rows from this instant on are cut, before orders are formed.
    pub until: i64,
    /// The last day in the scope, counted from 1970-01-01.
    pub last_day: i64,
}

impl Scope {
    /// Whether all of a period lies in the data.
    #[must_use]
    pub fn covers(&self, log: &Log, period: Period, index: i64) -> bool {
        let mut calendar = Calendar::new(&log.zone);
        let first = log
            .range()
            .map_or(i64::MIN, |(first, _)| log.zone.start_of_day(calendar.day(first)));
        let starts = |index: i64| log.zone.start_of_day(period.first_day(index));
        self.since.max(first) <= starts(index) && starts(index + 1) <= self.until
    }
}

impl Log {
    /// The scope of an analysis: up to the end of `as_of`, else of the window, else of the last row's day.
    ///
    /// # Errors
    /// If `as_of` lies beyond the window.
    pub fn scope(&self, window: Window, as_of: Option<Moment>, lookback: Option<i64>) -> Result<Scope> {
        let mut calendar = Calendar::new(&self.zone);
        let until = match (as_of.map(|as_of| as_of.after(&self.zone)), window.end, self.range()) {
            (Some(until), Some(end), _) if until > end => {
                return Err(Error::Argument(
                    "as_of= lies after the end of the period that between() set; leave it out, or set a later end"
                        .into(),
                ));
            }
            (Some(until), _, _) => until,
            (None, Some(end), _) => end,
            (None, None, Some((_, last))) => self.zone.start_of_day(calendar.day(last) + 1),
            (None, None, None) => 0,
        };
        Ok(Scope {
            known: lookback.map_or(i64::MIN, |lookback| until.saturating_sub(lookback)),
            since: window.start.unwrap_or(i64::MIN),
            until,
            last_day: calendar.day(until.saturating_sub(1)),
        })
    }

    /// The end of observation: the end of the window, else the last row's time.
    #[must_use]
    pub fn end(&self, window: Window) -> Option<i64> {
        window.end.or_else(|| self.range().map(|(_, last)| last))
    }
}

/// Customers with a row in a window, and the rows before and after it.
///
/// # Errors
/// If the caller asked to stop.
pub fn count_rows(log: &Log, window: Window, task: &Task) -> Result<(u64, u64, u64)> {
    let (start, end) = (window.start.unwrap_or(i64::MIN), window.end.unwrap_or(i64::MAX));
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let count = |outside: &dyn Fn(i64) -> bool| partition.time.iter().filter(|time| outside(**time)).count() as u64;
        let inside = |customer: &usize| {
            partition
                .rows(*customer)
                .any(|row| (start..end).contains(&partition.time[row]))
        };
        let customers = (0..partition.len()).filter(inside).count() as u64;
        Ok((customers, count(&|time| time < start), count(&|time| time >= end)))
    })?;
    Ok(parts
        .into_iter()
        .fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2)))
}
