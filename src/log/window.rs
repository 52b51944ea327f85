//! Observation windows: which instants an analysis looks at.

use crate::time::Zone;

use super::grouped::Log;
use crate::error::{Error, Result};
use crate::params::{FromValue, Value};
use crate::runtime::Task;

/// A point in time as a caller writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimePoint {
    /// A calendar day, counted from 1970-01-01.
    Day(i64),
    /// A wall clock in the log's zone, in microseconds.
    Wall(i64),
    /// Microseconds since 1970 in UTC.
    Instant(i64),
}

impl FromValue for TimePoint {
    /// `("day" | "wall" | "instant", number)`.
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        let (kind, number): (String, i64) = FromValue::from_value(option, value)?;
        match kind.as_str() {
            "day" => Ok(Self::Day(number)),
            "wall" => Ok(Self::Wall(number)),
            "instant" => Ok(Self::Instant(number)),
            other => Err(Error::Internal(format!("{other:?} is not a kind of time point"))),
        }
    }
}

impl TimePoint {
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
    pub(crate) fn after(self, zone: &Zone) -> i64 {
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

impl Window {
    /// The window as two instants: from, and before.
    #[must_use]
    pub fn bounds(self) -> (i64, i64) {
        (self.start.unwrap_or(i64::MIN), self.end.unwrap_or(i64::MAX))
    }
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

/// Customers with a row in a window, and the rows before and after it.
///
/// # Errors
/// If the caller asked to stop.
pub fn count_rows(log: &Log, window: Window, task: &Task) -> Result<(u64, u64, u64)> {
    let (start, end) = (window.start.unwrap_or(i64::MIN), window.end.unwrap_or(i64::MAX));
    let parts = log.scan(task, |_, partition| {
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
