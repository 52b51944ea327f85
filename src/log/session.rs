//! Sessions of customers: by the column that names them, by pauses, or by pauses within what the column names.

use super::partition::Partition;
use super::roles::CategoryIx;
use super::view::View;
use crate::columns::NONE;
use crate::time::SECOND;

/// The pause that ends a session where nothing names them, as in Google Analytics.
pub const DEFAULT_GAP: i64 = 30 * 60 * SECOND;

/// What a session is, in every analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionRule {
    /// The events of one name; events without a name form none.
    Named(CategoryIx),
    /// Runs of events without a longer pause.
    Gap(i64),
    /// The events of one name, cut at longer pauses.
    NamedGap(CategoryIx, i64),
}

impl SessionRule {
    /// The sessions that the role `session` names, cut at pauses longer than `gap`; without the role, those that pauses of 30
    /// minutes or `gap` end.
    #[must_use]
    pub fn new(gap: Option<i64>, view: &View) -> Self {
        match (view.facts().index.session, gap) {
            (Some(named), None) => Self::Named(named),
            (Some(named), Some(gap)) => Self::NamedGap(named, gap),
            (None, gap) => Self::Gap(gap.unwrap_or(DEFAULT_GAP)),
        }
    }

    /// The category whose codes tell sessions apart, where that is all there is to it.
    #[must_use]
    pub fn name(self) -> Option<CategoryIx> {
        match self {
            Self::Named(named) => Some(named),
            Self::Gap(_) | Self::NamedGap(..) => None,
        }
    }

    /// The pause that ends a session, if one does.
    #[must_use]
    pub fn gap(self) -> Option<i64> {
        match self {
            Self::Named(_) => None,
            Self::Gap(gap) | Self::NamedGap(_, gap) => Some(gap),
        }
    }
}

/// Tells the sessions of one customer's rows, one row after another in the order of time.
#[derive(Debug)]
pub struct SessionCursor<'a> {
    rule: SessionRule,
    partition: &'a Partition,
    /// By name: its last row's time, and its number.
    open: Vec<(u32, i64, u32)>,
    sessions: u32,
}

impl<'a> SessionCursor<'a> {
    /// At the first row of a customer.
    #[must_use]
    pub fn new(rule: SessionRule, partition: &'a Partition) -> Self {
        Self {
            rule,
            partition,
            open: Vec::new(),
            sessions: 0,
        }
    }

    /// At the first row of another customer.
    pub fn restart(&mut self) {
        self.open.clear();
        self.sessions = 0;
    }

    /// The session of the next row: the code of its name, or its number, from 1; [`NONE`] where it belongs to none.
    pub fn next(&mut self, row: usize) -> u32 {
        let (name, gap) = match self.rule {
            SessionRule::Named(named) => return self.partition.labels[named.0][row],
            SessionRule::NamedGap(named, gap) => (self.partition.labels[named.0][row], gap),
            SessionRule::Gap(gap) => (0, gap),
        };
        if name == NONE && self.rule != SessionRule::Gap(gap) {
            return NONE;
        }
        let time = self.partition.time[row];
        if let Some((_, last, number)) = self.open.iter_mut().find(|(known, ..)| *known == name) {
            if time.saturating_sub(*last) > gap {
                self.sessions += 1;
                *number = self.sessions;
            }
            *last = time;
            return *number;
        }
        self.sessions += 1;
        self.open.push((name, time, self.sessions));
        self.sessions
    }
}
