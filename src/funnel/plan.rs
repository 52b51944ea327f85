//! What is asked of a funnel.

use crate::log::{GroupBy, Log, Partition, Window};
use crate::time::Period;

use super::rules::{Mode, Rules};
use super::steps::CompiledSteps;

/// What becomes of starts with less than a window of data behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// They count.
    Any,
    /// They are left out, converted or not.
    Full,
}

/// Whose chains are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Each customer's.
    Customer,
    /// Those of each value of a label of a customer.
    Session(usize),
    /// Those of each run of a customer's events without a longer gap.
    Gap(i64),
    /// Those of each attempt: from a start to the conversion, or until none is possible any more.
    Attempt,
}

/// Which event's values a chain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribution {
    /// The first of its chain.
    First,
    /// The deepest of its chain.
    Last,
    /// The one that fills a step; chains that do not come to it are left out.
    Step(usize),
    /// All of its events have one value: each value has a chain.
    Each,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct FunnelPlan {
    /// What a chain is.
    pub rules: Rules,
    /// When step 1 may happen: from, and before.
    pub starts: (i64, i64),
    /// Events from here on are cut.
    pub until: i64,
    /// The end of observation.
    pub end: i64,
    /// What becomes of starts without full follow-up.
    pub follow_up: FollowUp,
    /// Whose chains are counted.
    pub unit: Unit,
    /// What the funnel is broken down by.
    pub by: Vec<GroupBy>,
    /// Which event's values a chain has.
    pub attribution: Attribution,
    /// Labels whose value is the same in all events of a chain.
    pub same: Vec<usize>,
    /// One funnel for each of these, by its start.
    pub period: Option<Period>,
}

impl FunnelPlan {
    /// The plan for a period of a log: each customer's chain, broken down by nothing.
    #[must_use]
    pub fn new(
        log: &Log,
        rules: Rules,
        window: Window,
        start: Option<i64>,
        end: Option<i64>,
        follow_up: FollowUp,
    ) -> Self {
        let ends = [window.end, end].into_iter().flatten();
        Self {
            rules,
            starts: (
                start.max(window.start).unwrap_or(i64::MIN),
                ends.min().unwrap_or(i64::MAX),
            ),
            until: window.end.unwrap_or(i64::MAX),
            end: log.end(window).unwrap_or_default(),
            follow_up,
            unit: Unit::Customer,
            by: Vec::new(),
            attribution: Attribution::First,
            same: Vec::new(),
            period: None,
        }
    }

    /// Whether each customer has one chain, whose times are all that is asked for, and the plain machine finds it.
    pub(super) fn plain(&self, steps: &CompiledSteps) -> Option<Vec<u8>> {
        use super::rules::Anchor::{EarliestLongest, FirstEntry};
        let whole = self.unit == Unit::Customer && self.by.is_empty() && self.same.is_empty() && self.period.is_none();
        let plain = self.rules.mode == Mode::Ordered && matches!(self.rules.anchor, EarliestLongest | FirstEntry);
        if whole && plain { steps.plain() } else { None }
    }

    /// The rows of a customer that the period knows.
    pub(super) fn known(&self, partition: &Partition, customer: usize) -> std::ops::Range<usize> {
        let rows = partition.rows(customer);
        if self.until == i64::MAX {
            return rows;
        }
        rows.start..rows.start + partition.time[rows].partition_point(|time| *time < self.until)
    }

    /// When step 1 may happen, given the follow-up that is asked for.
    pub(super) fn allowed_starts(&self) -> (i64, i64) {
        match self.rules.window {
            Some(window) if self.follow_up == FollowUp::Full => {
                let last = self.end.saturating_sub(window);
                (self.starts.0, self.starts.1.min(last.saturating_add(1)))
            }
            _ => self.starts,
        }
    }

    pub(super) fn starts_here(&self, time: i64) -> bool {
        self.starts.0 <= time && time < self.starts.1
    }

    pub(super) fn censored(&self, time: i64) -> bool {
        self.rules
            .window
            .is_some_and(|window| self.end.saturating_sub(time) < window)
    }
}
