//! Facts about a whole log, known before any row is looked at again: units, calendar, dictionaries, the range of time.
//! They merge, so that the logs of several machines can be planned for as one.

use crate::columns::KeyType;
use crate::error::{Error, Result};
use crate::money::MoneyUnit;
use crate::time::{Calendar, DAY, Period, Zone};

use super::category::{Category, DictionaryBuilder};
use super::read_stats::{Count, ReadStats};
use super::roles::{RoleIndex, Roles};
use super::window::{Scope, TimePoint, Window};

/// What is known of a log beside its rows.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The zone of its calendar.
    pub zone: Zone,
    /// What a count of its money is worth.
    pub unit: MoneyUnit,
    /// The dictionaries of its categories, in the order of the roles.
    pub categories: Vec<Category>,
    /// How keys are read.
    pub key: KeyType,
    /// How order numbers are read, one per role.
    pub ids: Vec<KeyType>,
    /// The columns by role.
    pub roles: Roles,
    /// Where the roles stand that mean something to the core.
    pub index: RoleIndex,
    /// What was read, and what of it was left out.
    pub read_stats: ReadStats,
    /// The rows of guests, who have no key.
    pub guests: Count,
    /// Orders of several lines that have one amount on all of them, and those that do not.
    pub repeated: [u64; 2],
    /// Orders of several lines whose money could not be shared by them.
    pub unshared: u64,
    /// The times of the first and the last row used.
    pub range: Option<(i64, i64)>,
}

impl Facts {
    /// Those of two logs together; what the codes of the categories of each become.
    ///
    /// # Errors
    /// If the logs were read differently.
    pub fn merge(&mut self, other: &Self) -> Result<[Vec<Vec<u32>>; 2]> {
        let same = self.zone == other.zone
            && self.unit == other.unit
            && self.key.comparable(&other.key)
            && self.roles == other.roles;
        if !same {
            return Err(Error::Data(
                "the logs were read differently (columns, types, zone or unit of money); read all of them in one way"
                    .into(),
            ));
        }
        let mut codes = [Vec::new(), Vec::new()];
        for (ours, theirs) in self.categories.iter_mut().zip(&other.categories) {
            let mut builder = DictionaryBuilder::new(ours.kind());
            let first = [&*ours, theirs].map(|category| builder.merge_dictionary(&category.to_interner()));
            let (merged, ranks) = builder.finish();
            *ours = merged;
            for (to, first) in codes.iter_mut().zip(first) {
                to.push(first.into_iter().map(|code| ranks[code as usize]).collect());
            }
        }
        self.range = match (self.range, other.range) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        self.read_stats.merge(&other.read_stats);
        self.guests.merge(other.guests);
        self.repeated = [0, 1].map(|at| self.repeated[at] + other.repeated[at]);
        self.unshared += other.unshared;
        Ok(codes)
    }

    /// The scope of an analysis: up to the end of `as_of`, else of the window, else of the last row's day.
    ///
    /// # Errors
    /// If `as_of` lies beyond the window.
    pub fn scope(&self, window: Window, as_of: Option<TimePoint>, lookback: Option<i64>) -> Result<Scope> {
        let mut calendar = Calendar::new(&self.zone);
        let until = match (as_of.map(|as_of| as_of.after(&self.zone)), window.end, self.range) {
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
        let last_day = calendar.day(until.saturating_sub(1));
        // Of whole days the last one is the first: the same orders for a date and for any instant on it.
        let known = |lookback: i64| match (lookback.div_euclid(DAY), lookback.rem_euclid(DAY)) {
            (days, 0) => self.zone.start_of_day(last_day + 1 - days),
            _ => until.saturating_sub(lookback),
        };
        Ok(Scope {
            known: lookback.map_or(i64::MIN, known),
            since: window.start.unwrap_or(i64::MIN),
            until,
            last_day,
        })
    }

    /// The end of observation: the end of the window, else the last row's time.
    #[must_use]
    pub fn end(&self, window: Window) -> Option<i64> {
        window.end.or_else(|| self.range.map(|(_, last)| last))
    }

    /// The calendar days that were observed.
    #[must_use]
    pub fn observed(&self, window: Window) -> Option<ObservedDays> {
        let mut calendar = Calendar::new(&self.zone);
        let first = window.start.or(self.range.map(|(first, _)| first))?;
        let last = window.end.map(|end| end - 1).or(self.range.map(|(_, last)| last))?;
        Some(ObservedDays {
            first: calendar.day(first),
            last: calendar.day(last),
        })
    }
}

/// The first observed day, that of the first row or of the start of the window, and the last, that of the last row or of
/// the last instant of the window. The one rule for a complete period, in every analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservedDays {
    /// The first, counted from 1970-01-01.
    pub first: i64,
    /// The last, counted from 1970-01-01.
    pub last: i64,
}

impl ObservedDays {
    /// Whether every day of a calendar period was observed.
    #[must_use]
    pub fn cover(self, period: Period, index: i64) -> bool {
        self.first <= period.first_day(index) && period.first_day(index + 1) - 1 <= self.last
    }
}
