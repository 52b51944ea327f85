//! What a chain is, and what a machine looks at.

use crate::params::words;

/// The most steps: one bit each.
pub const MOST_STEPS: usize = 64;
/// The steps of most funnels.
pub(super) const FEW_STEPS: usize = 8;

words! {
    /// What may come between the events of a chain.
    pub enum Mode {
        /// Anything.
        Ordered = "ordered",
        /// No other event.
        Contiguous = "contiguous",
        /// Anything, and the steps come in any order.
        Unordered = "unordered",
    }
}

words! {
    /// What events at one instant may do.
    pub enum Ties {
        /// They may be read in whichever order carries the chain furthest.
        Steps = "steps",
        /// A step must be strictly later than the one before.
        Later = "later",
    }
}

words! {
    /// Whose times are reported.
    pub enum Anchor {
        /// The earliest start's that comes as far as any.
        EarliestLongest = "earliest_longest",
        /// The first start's, though another may come further.
        FirstEntry = "first_entry",
        /// The chain's that comes as far as any first; of several that do so at one instant, the latest start's.
        FirstCompletion = "first_completion",
        /// The latest start's that comes as far as any.
        LatestEntry = "latest_entry",
    }
}

/// What a chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How many steps there are, at most [`MOST_STEPS`].
    pub steps: usize,
    /// The longest time from step 1, inclusive.
    pub window: Option<i64>,
    /// What may come between.
    pub mode: Mode,
    /// What events at one instant may do.
    pub ties: Ties,
    /// Whose times are reported.
    pub anchor: Anchor,
}

impl Rules {
    pub(super) fn within(&self, start: i64, time: i64) -> bool {
        self.window.is_none_or(|window| time.saturating_sub(start) <= window)
    }
}

/// An event that fills a step of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepMatch {
    /// The step, counted from 0.
    pub step: usize,
    /// The event, as a place in the sequence.
    pub at: usize,
    /// When.
    pub time: i64,
}

/// One customer's events, or some of them, in the order of time.
#[derive(Debug, Clone, Copy)]
pub struct Sequence<'a> {
    /// When.
    pub times: &'a [i64],
    /// A bit for each step that an event fits.
    pub masks: &'a [u64],
    /// A bit for each step that no chain may come to from before an event; the same for all events of an instant, whose
    /// masks have none of these bits. Empty where nothing is excluded.
    pub bans: &'a [u64],
}

/// The events of one instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instant<'a> {
    pub(super) time: i64,
    /// The place of the first of them.
    pub(super) first: usize,
    pub(super) masks: &'a [u64],
    pub(super) ban: u64,
}

impl<'a> Sequence<'a> {
    /// The instant that begins at a place.
    fn starting(self, first: usize) -> Instant<'a> {
        let same = self.times[first..]
            .iter()
            .take_while(|time| **time == self.times[first]);
        self.instant(first, first + same.count())
    }

    fn instant(self, first: usize, end: usize) -> Instant<'a> {
        Instant {
            time: self.times[first],
            first,
            masks: &self.masks[first..end],
            ban: self.bans.get(first).copied().unwrap_or(0),
        }
    }

    /// The instants from the one that begins at a place.
    pub(super) fn instants(self, from: usize) -> impl Iterator<Item = Instant<'a>> {
        let mut at = from;
        std::iter::from_fn(move || {
            (at < self.times.len()).then(|| {
                let instant = self.starting(at);
                at += instant.masks.len();
                instant
            })
        })
    }

    /// The instants, the last one first.
    pub(super) fn backwards(self) -> impl Iterator<Item = Instant<'a>> {
        let mut end = self.times.len();
        std::iter::from_fn(move || {
            (end > 0).then(|| {
                let time = self.times[end - 1];
                let same = self.times[..end].iter().rev().take_while(|other| **other == time);
                let first = end - same.count();
                let instant = self.instant(first, end);
                end = first;
                instant
            })
        })
    }
}

impl Instant<'_> {
    pub(super) fn union(self) -> u64 {
        self.masks.iter().fold(0, |all, mask| all | mask)
    }

    pub(super) fn starts(self) -> bool {
        self.union() & 1 == 1
    }
}
