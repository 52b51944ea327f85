//! Observation windows: which instants an analysis looks at.

use crate::time::Zone;

use super::grouped::Log;
use crate::columns::NONE;
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

/// The rows of a log of events, seen through a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventCounts {
    /// Customers with a row in it.
    pub customers: u64,
    /// Rows before it.
    pub before: u64,
    /// Rows after it.
    pub after: u64,
    /// Rows in it without a session, where a role names sessions.
    pub without_session: u64,
    /// Rows in it that share their instant with another of their customer, so that the sequence or the order of the rows
    /// tells which came first.
    pub tied: u64,
}

/// Count the rows of a log, seen through a window.
///
/// # Errors
/// If the caller asked to stop.
pub fn count_events(log: &Log, window: Window, task: &Task) -> Result<EventCounts> {
    let (start, end) = window.bounds();
    let session = log.facts.index.session;
    let parts = log.scan(task, |_, partition| {
        let count = |outside: &dyn Fn(i64) -> bool| partition.time.iter().filter(|time| outside(**time)).count() as u64;
        let inside = |row: &usize| (start..end).contains(&partition.time[*row]);
        let nameless = |codes: &Vec<u32>| {
            (0..codes.len())
                .filter(inside)
                .filter(|row| codes[*row] == NONE)
                .count()
        };
        let mut counts = EventCounts {
            before: count(&|time| time < start),
            after: count(&|time| time >= end),
            without_session: session.map_or(0, |named| nameless(&partition.labels[named.0])) as u64,
            ..EventCounts::default()
        };
        for customer in 0..partition.len() {
            let rows = partition.rows(customer);
            counts.customers += u64::from(rows.clone().any(|row| inside(&row)));
            let instants = partition.time[rows].chunk_by(|a, b| a == b);
            let tied = instants.filter(|instant| instant.len() > 1 && (start..end).contains(&instant[0]));
            counts.tied += tied.map(|instant| instant.len() as u64).sum::<u64>();
        }
        Ok(counts)
    })?;
    Ok(parts.into_iter().fold(EventCounts::default(), |a, b| EventCounts {
        customers: a.customers + b.customers,
        before: a.before + b.before,
        after: a.after + b.after,
        without_session: a.without_session + b.without_session,
        tied: a.tied + b.tied,
    }))
}
