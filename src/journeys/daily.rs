//! Sessions day by day.

use arrow::array::RecordBatch;

use crate::analysis::{Decoder, Encoder, Groups, State, state_of_fields};
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

state_of_fields!(Day { active, sessions, time });

/// Days, counted from 1970-01-01.
#[derive(Debug, Default)]
pub(super) struct Daily(Groups<Day>);

impl State for Daily {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.0.merge(other.0)
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        self.0.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self(State::decode(from)?))
    }
}

impl Daily {
    /// Change a day, new or known.
    pub(super) fn update(&mut self, day: i64, change: impl FnOnce(&mut Day)) {
        self.0.update(&[day], change);
    }

    /// Days on which a customer had an event, over all customers.
    pub(super) fn active(&self) -> u64 {
        self.0.values().map(|day| day.active).sum()
    }

    /// One row per day on which there was an event.
    #[allow(clippy::cast_precision_loss)] // Counts and microseconds lie far below 2⁵³.
    pub(super) fn table(&self) -> Result<RecordBatch> {
        let mut columns = Columns::default();
        columns.dates("day", self.0.keys().map(|day| day[0]));
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
