//! Steps in any order: as many different steps as find events of their own within a window.

use super::rules::{Rules, Sequence, StepMatch};

/// Events taken one after another while they raise the number of steps that have one (a transversal matroid, so that the
/// greedy choice is the earliest set).
struct Matching {
    /// The event of each step.
    event: Vec<Option<usize>>,
    size: usize,
}

impl Matching {
    fn new(steps: usize) -> Self {
        Self {
            event: vec![None; steps],
            size: 0,
        }
    }

    /// Take an event if it fills one more step; other events may move to other steps of theirs.
    fn take(&mut self, at: usize, masks: &[u64]) -> bool {
        let taken = self.place(at, masks, &mut 0);
        self.size += usize::from(taken);
        taken
    }

    fn place(&mut self, at: usize, masks: &[u64], seen: &mut u64) -> bool {
        for step in 0..self.event.len() {
            if masks[at] >> step & 1 == 0 || *seen >> step & 1 == 1 {
                continue;
            }
            *seen |= 1 << step;
            let free = match self.event[step] {
                None => true,
                Some(other) => self.place(other, masks, seen),
            };
            if free {
                self.event[step] = Some(at);
                return true;
            }
        }
        false
    }
}

/// The deepest set of events whose first lies in `starts`; of several, the one complete first, then that which began last.
pub(super) fn chain(all: Sequence<'_>, starts: (i64, i64), rules: &Rules, to: &mut Vec<StepMatch>) {
    let (times, masks) = (all.times, all.masks);
    let begins = |at: &usize| masks[*at] != 0 && starts.0 <= times[*at] && times[*at] < starts.1;
    let (mut depth, mut first, mut last) = (0, 0, 0);
    for start in (0..times.len()).filter(begins) {
        let mut found = Matching::new(rules.steps);
        for at in (start..times.len()).take_while(|at| rules.within(times[start], times[*at])) {
            if masks[at] != 0 && found.take(at, masks) && found.size > depth {
                // A later start is not complete before an earlier one of the same depth.
                (depth, first, last) = (found.size, start, at);
            }
        }
        if depth == rules.steps {
            break;
        }
    }
    if depth == 0 {
        return;
    }
    let end = times.partition_point(|time| *time <= times[last]);
    let of = |start: usize| {
        let mut found = Matching::new(rules.steps);
        (start..end).filter(|at| masks[*at] != 0).for_each(|at| {
            found.take(at, masks);
        });
        found
    };
    // All events of an instant may belong to a chain that begins with one of them.
    let instant = |at: usize| times.partition_point(|time| *time < times[at]);
    let starts = (first..end).rev().filter(begins).map(instant);
    let latest = starts.map(of).find(|found| found.size == depth);
    let events = latest.into_iter().flat_map(|found| found.event.into_iter().enumerate());
    let fill = |(step, at): (usize, Option<usize>)| {
        at.map(|at| StepMatch {
            step,
            at,
            time: times[at],
        })
    };
    let begun = to.len();
    to.extend(events.filter_map(fill));
    to[begun..].sort_by_key(|fill| (fill.time, fill.at));
}
