//! Visits day by day.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::time::SECOND;

/// What a day saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Day {
    /// Customers with an event.
    pub(super) active: u64,
    /// Sessions that begin on it.
    pub(super) sessions: u64,
    /// How long those last, in microseconds.
    pub(super) time: i128,
}

/// Days, counted from 1970-01-01.
#[derive(Debug, Clone, Default)]
pub struct Daily(pub(super) BTreeMap<i64, Day>);

impl Daily {
    pub(super) fn merge(&mut self, other: &Self) {
        for (day, more) in &other.0 {
            let to = self.0.entry(*day).or_default();
            to.active += more.active;
            to.sessions += more.sessions;
            to.time += more.time;
        }
    }

    /// One row per day on which there was an event.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)] // Counts and microseconds lie far below 2⁵³.
    pub fn table(&self) -> Result<RecordBatch> {
        let mut columns = Columns::default();
        columns.dates("day", self.0.keys().copied());
        let each = || self.0.values();
        columns.ints("customers", each().map(|day| day.active.cast_signed()));
        columns.ints("sessions", each().map(|day| day.sessions.cast_signed()));
        columns.floats(
            "visits_per_active_day",
            each().map(|day| day.sessions as f64 / day.active as f64),
        );
        columns.floats(
            "seconds_per_active_day",
            each().map(|day| day.time as f64 / SECOND as f64 / day.active as f64),
        );
        columns.finish()
    }
}
