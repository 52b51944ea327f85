//! The machine for funnels in which no event fits two steps, as nearly all are. Then all that an instant has to say is
//! which steps its events fit, and every level is one number.
//!
//! Most customers are settled in the first pass: the chain of the first start is the answer, unless a later start comes
//! further, which it cannot where the first start comes no further even without a window.

use super::machine::{Anchor, Rules, Ties};

const UNSET: i64 = i64::MIN;

/// The events of one customer, in the order of time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Events<'a> {
    pub(super) times: &'a [i64],
    pub(super) codes: &'a [u32],
    /// The step that an event fits, as a bit, by its code.
    pub(super) masks: &'a [u64],
    /// When step 1 may happen: from, and before.
    pub(super) starts: (i64, i64),
}

impl Events<'_> {
    #[inline]
    fn mask(&self, row: usize) -> u64 {
        let mask = self.masks[self.codes[row] as usize];
        let time = self.times[row];
        if mask == 1 && !(self.starts.0 <= time && time < self.starts.1) {
            0
        } else {
            mask
        }
    }

    /// The first row that starts a chain.
    fn first_start(&self) -> Option<usize> {
        (0..self.codes.len()).find(|&row| self.masks[self.codes[row] as usize] == 1 && self.mask(row) == 1)
    }

    /// Call `f` with each instant from a row on, and the steps that its events fit, until it says that it has enough.
    #[inline]
    fn forward(&self, from: usize, mut f: impl FnMut(i64, u64) -> bool) {
        let mut row = from;
        while row < self.codes.len() {
            let mut mask = self.mask(row);
            if mask == 0 {
                row += 1;
                continue;
            }
            let time = self.times[row];
            row += 1;
            while row < self.times.len() && self.times[row] == time {
                mask |= self.mask(row);
                row += 1;
            }
            if f(time, mask) {
                return;
            }
        }
    }

    /// The same from the last instant back to a row.
    #[inline]
    fn backward(&self, to: usize, mut f: impl FnMut(i64, u64)) {
        let mut row = self.codes.len();
        while row > to {
            row -= 1;
            let mut mask = self.mask(row);
            if mask == 0 {
                continue;
            }
            let time = self.times[row];
            while row > to && self.times[row - 1] == time {
                row -= 1;
                mask |= self.mask(row);
            }
            f(time, mask);
        }
    }
}

/// Append the times of the reported chain; how many there are is its depth.
pub(super) fn chain(events: &Events<'_>, rules: &Rules, to: &mut Vec<i64>) -> usize {
    let Some(first) = events.first_start() else { return 0 };
    // The first start's instant, where an event that stands before it may belong to the chain.
    let instant = events.times[..first]
        .iter()
        .rposition(|time| *time != events.times[first])
        .map_or(0, |at| at + 1);
    let (depth, possible) = follow(events, instant, events.times[first], rules, to);
    if rules.anchor == Anchor::FirstEntry || depth == possible {
        return depth;
    }
    let deepest = depth_of_all(events, instant, rules, possible);
    if deepest == depth {
        return depth;
    }
    to.truncate(to.len() - depth);
    let start = earliest_start(events, instant, rules, deepest);
    let row = events.times.partition_point(|time| *time < start);
    follow(events, row, start, rules, to).0
}

/// The level after an instant.
#[inline]
fn advance(level: usize, mask: u64, rules: &Rules) -> usize {
    match rules.ties {
        Ties::Steps if level < rules.steps => (level + (mask >> level).trailing_ones() as usize).min(rules.steps),
        Ties::Later if level < rules.steps => level + usize::from(mask >> level & 1 == 1),
        _ => level,
    }
}

/// Each next step at the first instant that has it: the depth within the window, and the depth without one.
fn follow(events: &Events<'_>, row: usize, start: i64, rules: &Rules, to: &mut Vec<i64>) -> (usize, usize) {
    let (mut depth, mut possible) = (0, 0);
    events.forward(row, |time, mask| {
        possible = advance(possible, mask, rules);
        if rules.within(start, time) {
            to.extend((depth..possible).map(|_| time));
            depth = possible;
        }
        possible == rules.steps
    });
    (depth, possible)
}

/// How many steps the deepest chain completes: level j holds the latest start of a chain that has completed step j.
fn depth_of_all(events: &Events<'_>, row: usize, rules: &Rules, possible: usize) -> usize {
    let mut starts = [UNSET; super::machine::MOST_STEPS];
    let mut depth = 0;
    events.forward(row, |time, mask| {
        let mut step = |level: usize| {
            let start = if level == 0 { time } else { starts[level - 1] };
            if start != UNSET && rules.within(start, time) {
                starts[level] = start;
                depth = depth.max(level + 1);
            }
        };
        let mask = mask & low_bits(possible);
        // Upwards, a step may follow another of the same instant; downwards, only one of an instant before.
        match rules.ties {
            Ties::Steps => bits(mask).for_each(&mut step),
            Ties::Later => bits_down(mask).for_each(&mut step),
        }
        depth == possible
    });
    depth
}

/// The earliest start whose chain comes to `depth`: level j holds the earliest end of a chain through j … depth; the last
/// start that is met, going back, is the earliest.
fn earliest_start(events: &Events<'_>, row: usize, rules: &Rules, depth: usize) -> i64 {
    let mut ends = [UNSET; super::machine::MOST_STEPS];
    let mut start = UNSET;
    events.backward(row, |time, mask| {
        let mut step = |level: usize| {
            let end = if level + 1 == depth { time } else { ends[level + 1] };
            if end != UNSET {
                ends[level] = end;
            }
        };
        let mask = mask & low_bits(depth);
        match rules.ties {
            Ties::Steps => bits_down(mask).for_each(&mut step),
            Ties::Later => bits(mask).for_each(&mut step),
        }
        if mask & 1 == 1 && ends[0] != UNSET && rules.within(time, ends[0]) {
            start = time;
        }
    });
    start
}

fn low_bits(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// The places of the bits, lowest first.
#[inline]
fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let level = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            level
        })
    })
}

/// The places of the bits, highest first.
#[inline]
fn bits_down(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let level = 63 - mask.leading_zeros() as usize;
            mask ^= 1 << level;
            level
        })
    })
}
