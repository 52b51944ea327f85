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

/// Days while a partition is folded: those soon after the first in a list, the others as groups.
#[derive(Debug)]
pub(super) struct Days {
    first: i64,
    near: Vec<Day>,
    far: Groups<Day>,
}

/// Some ninety years.
const NEAR: usize = 1 << 15;

impl Days {
    /// None before this one.
    pub(super) fn from(first: i64) -> Self {
        Self {
            first,
            near: Vec::new(),
            far: Groups::default(),
        }
    }

    /// Change a day, new or known.
    pub(super) fn update(&mut self, day: i64, change: impl FnOnce(&mut Day)) {
        match usize::try_from(day.saturating_sub(self.first)) {
            Ok(at) if at < NEAR => {
                if at >= self.near.len() {
                    self.near.resize(at + 1, Day::default());
                }
                change(&mut self.near[at]);
            }
            _ => self.far.update(&[day], change),
        }
    }
}

impl Daily {
    /// Add the days of a partition.
    pub(super) fn add(&mut self, days: Days) {
        let near = (days.first..).zip(days.near).filter(|(_, day)| *day != Day::default());
        let far = days.far.iter().map(|(day, of)| (day[0], *of));
        for (day, of) in near.chain(far) {
            self.0.update(&[day], |all| {
                all.active += of.active;
                all.sessions += of.sessions;
                all.time += of.time;
            });
        }
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
