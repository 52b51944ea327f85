//! Fast path for funnels in which no event fits two steps, as nearly all are: an event is then one small number, its
//! level, and every level of a chain is another.
//!
//! Customers with few events are settled by sets of rows. Of the others most are settled by following their first start;
//! where a later start could come further, one pass finds the depth and another one back the start, both without a branch
//! that depends on the events: one that is guessed wrong costs more than the step itself. (To follow every start takes
//! longer where each event has to be looked at.)

#![allow(clippy::needless_bitwise_bool)] // What is not lazy needs no branch.

use std::ops::Range;

use super::row_sets::{self, RowSets};
use super::rules::{Anchor, MOST_STEPS, Rules, Ties};

/// So early that no window reaches it, and so late that no difference to it overflows.
const UNSET: i64 = i64::MIN / 4;

/// The events of one customer, in the order of time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Events<'a> {
    pub(super) times: &'a [i64],
    /// The step that each event fits, counted from 0; the number of steps where it fits none.
    pub(super) levels: &'a [u8],
    /// The same as sets of rows, and the first row of the customer among them.
    pub(super) sets: (&'a RowSets, usize),
    /// When step 1 may happen: from, and before.
    pub(super) starts: (i64, i64),
}

/// The levels of the rows of a partition.
pub(super) struct RowLevels {
    levels: Vec<u8>,
    sets: RowSets,
}

impl RowLevels {
    /// By the codes of the rows, and the level of each code.
    pub(super) fn new(codes: &[u32], levels: &[u8], steps: usize) -> Self {
        let levels: Vec<u8> = codes.iter().map(|&code| levels[code as usize]).collect();
        let sets = RowSets::new(&levels, steps);
        Self { levels, sets }
    }

    /// The events of a customer.
    pub(super) fn events<'a>(&'a self, rows: Range<usize>, times: &'a [i64], starts: (i64, i64)) -> Events<'a> {
        Events {
            times: &times[rows.clone()],
            levels: &self.levels[rows.clone()],
            sets: (&self.sets, rows.start),
            starts,
        }
    }
}

impl Events<'_> {
    #[inline]
    pub(super) fn level(&self, row: usize) -> usize {
        usize::from(self.levels[row])
    }

    /// The first row from one on whose event fits a level.
    #[inline]
    fn find(&self, level: usize, from: usize) -> Option<usize> {
        (from..self.times.len()).find(|&row| self.level(row) == level)
    }

    /// The first row that starts a chain.
    fn first_start(&self) -> Option<usize> {
        let mut row = self.find(0, 0)?;
        while self.times[row] < self.starts.0 {
            row = self.find(0, row + 1)?;
        }
        (self.times[row] < self.starts.1).then_some(row)
    }

    /// The level of a row, where an event that starts too late fits none.
    #[inline]
    fn level_in_time(&self, row: usize, none: usize) -> usize {
        let level = self.level(row);
        let late = (level == 0) & (self.times[row] >= self.starts.1);
        if late { none } else { level }
    }

    /// The first row of the instant that a row lies in.
    #[inline]
    pub(super) fn instant(&self, row: usize) -> usize {
        let mut first = row;
        while first > 0 && self.times[first - 1] == self.times[row] {
            first -= 1;
        }
        first
    }

    /// The first row after the instant that a row lies in.
    #[inline]
    pub(super) fn after(&self, row: usize) -> usize {
        let mut next = row + 1;
        while next < self.times.len() && self.times[next] == self.times[row] {
            next += 1;
        }
        next
    }
}

/// Append the times of the reported chain; how many there are is its depth.
pub(super) fn chain(events: &Events<'_>, rules: &Rules, to: &mut Vec<i64>) -> usize {
    if row_sets::serve(events, rules) {
        return row_sets::chain(events, rules, to);
    }
    let Some(first) = events.first_start() else { return 0 };
    let (depth, possible) = follow(events, first, rules, to);
    // Without a window, no start comes further than the first; so none comes further than `possible`.
    if rules.anchor == Anchor::FirstEntry || depth == possible {
        return depth;
    }
    let from = events.instant(first);
    let deepest = deepest(events, from, rules, possible);
    if deepest == depth {
        return depth;
    }
    to.truncate(to.len() - depth);
    follow(events, earliest_start(events, from, rules, deepest), rules, to).0
}

/// Each next step at the first instant that has it: the depth within the window, and the depth without one.
fn follow(events: &Events<'_>, start: usize, rules: &Rules, to: &mut Vec<i64>) -> (usize, usize) {
    let (mut depth, mut level, mut row) = (0, 0, start);
    while let Some(found) = events.find(level, row) {
        let time = events.times[found];
        if depth == level && rules.within(events.times[start], time) {
            to.push(time);
            depth += 1;
        }
        level += 1;
        if level == rules.steps {
            break;
        }
        row = match rules.ties {
            Ties::Steps => events.instant(found),
            Ties::Later => events.after(found),
        };
    }
    (depth, level)
}

/// How many steps the deepest chain completes. Level j holds the latest start of a chain that has completed step j.
fn deepest(events: &Events<'_>, from: usize, rules: &Rules, possible: usize) -> usize {
    match rules.window {
        Some(window) if rules.steps <= 4 && alone(events, from) => {
            deepest_alone::<4>(events, from, rules.steps, window)
        }
        Some(window) if rules.steps <= 8 && alone(events, from) => {
            deepest_alone::<8>(events, from, rules.steps, window)
        }
        _ => deepest_of_instants(events, from, rules, possible),
    }
}

/// Whether no two events share an instant.
fn alone(events: &Events<'_>, from: usize) -> bool {
    events.times[from..]
        .windows(2)
        .fold(true, |alone, pair| alone & (pair[0] != pair[1]))
}

/// The depth where no two events share an instant: every level is looked at for every event, without a branch, so that
/// the levels stay in registers. Twice as fast as taking the level of the event alone, whose place in memory has to be
/// waited for.
fn deepest_alone<const LEVELS: usize>(events: &Events<'_>, from: usize, steps: usize, window: i64) -> usize {
    let mut starts = [UNSET; LEVELS];
    for row in from..events.times.len() {
        let (time, level) = (events.times[row], events.level_in_time(row, LEVELS));
        for at in (1..LEVELS).rev() {
            let follows = (level == at) & (time - starts[at - 1] <= window);
            starts[at] = if follows { starts[at - 1] } else { starts[at] };
        }
        starts[0] = if level == 0 { time } else { starts[0] };
    }
    // A level that was ever reached keeps a start.
    starts[..steps].iter().take_while(|start| **start != UNSET).count()
}

/// The depth where events share instants.
fn deepest_of_instants(events: &Events<'_>, from: usize, rules: &Rules, possible: usize) -> usize {
    let mut starts = [UNSET; MOST_STEPS];
    let (mut depth, mut row) = (0, from);
    while row < events.times.len() && depth < possible {
        let (time, next) = (events.times[row], events.after(row));
        let fitted = (row..next).fold(0, |all, row| {
            all | bit(events.level_in_time(row, rules.steps), rules.steps)
        });
        each_level(fitted, rules.ties, |level| {
            let start = if level == 0 { time } else { starts[level - 1] };
            if start != UNSET && rules.within(start, time) {
                starts[level] = start;
                depth = depth.max(level + 1);
            }
        });
        row = next;
    }
    depth
}

/// The row of the earliest start whose chain comes to `depth`. Level j holds the earliest end of a chain through
/// j … depth; the last start that is met, going back, is the earliest.
fn earliest_start(events: &Events<'_>, from: usize, rules: &Rules, depth: usize) -> usize {
    match rules.window {
        Some(window) if depth <= 4 && alone(events, from) => earliest_alone::<4>(events, from, depth, window),
        Some(window) if depth <= 8 && alone(events, from) => earliest_alone::<8>(events, from, depth, window),
        _ => earliest_of_instants(events, from, rules, depth),
    }
}

/// The same where no two events share an instant, without a branch. The levels are moved up, so that the last of the
/// chain is the last of all.
fn earliest_alone<const LEVELS: usize>(events: &Events<'_>, from: usize, depth: usize, window: i64) -> usize {
    let mut ends = [-UNSET; LEVELS];
    let (first, mut start) = (LEVELS - depth, from);
    for row in (from..events.times.len()).rev() {
        let (time, level) = (events.times[row], first + events.level_in_time(row, LEVELS));
        let mut begun = -UNSET;
        for at in 0..LEVELS {
            let next = if at + 1 == LEVELS { time } else { ends[at + 1] };
            ends[at] = if level == at { next } else { ends[at] };
            begun = if at == first { ends[at] } else { begun };
        }
        start = if (level == first) & (begun - time <= window) {
            row
        } else {
            start
        };
    }
    start
}

fn earliest_of_instants(events: &Events<'_>, from: usize, rules: &Rules, depth: usize) -> usize {
    let mut ends = [UNSET; MOST_STEPS];
    let (mut start, mut row) = (from, events.times.len());
    while row > from {
        let first = events.instant(row - 1);
        let time = events.times[first];
        let fitted = (first..row).fold(0, |all, row| all | bit(events.level_in_time(row, rules.steps), depth));
        each_level(fitted, backwards(rules.ties), |level| {
            let end = if level + 1 == depth { time } else { ends[level + 1] };
            if end != UNSET {
                ends[level] = end;
            }
        });
        if fitted & 1 == 1 && ends[0] != UNSET && rules.within(time, ends[0]) {
            start = (first..row).find(|&row| events.level(row) == 0).unwrap_or(first);
        }
        row = first;
    }
    start
}

/// The bit of a level below `steps`.
#[inline]
fn bit(level: usize, steps: usize) -> u64 {
    if level < steps { 1 << level } else { 0 }
}

/// Call `f` with the levels of an instant: upwards, so that a step may follow another of the instant, or downwards, so that
/// it follows only one of an instant before.
#[inline]
fn each_level(mut fitted: u64, ties: Ties, mut f: impl FnMut(usize)) {
    while fitted != 0 {
        let level = match ties {
            Ties::Steps => fitted.trailing_zeros(),
            Ties::Later => fitted.ilog2(),
        };
        fitted ^= 1 << level;
        f(level as usize);
    }
}

/// What a pass against time has to go by.
fn backwards(ties: Ties) -> Ties {
    match ties {
        Ties::Steps => Ties::Later,
        Ties::Later => Ties::Steps,
    }
}
