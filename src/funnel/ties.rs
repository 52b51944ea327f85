//! Events at one instant: which steps they can fill, each event at most one.

use super::rules::{Instant, Rules, StepMatch, Ties};

impl Instant<'_> {
    /// The highest level that a chain at level `from` reaches here: steps `from`, `from + 1` … (counted from 0) are each
    /// filled by an event of their own, in whichever order serves.
    pub(super) fn reach(self, from: usize, rules: &Rules) -> usize {
        let all = self.union();
        if from >= rules.steps || all >> from & 1 == 0 {
            return from;
        }
        if self.masks.len() == 1 || rules.ties == Ties::Later {
            return from + 1;
        }
        let run = (all >> from).trailing_ones() as usize;
        let limit = (from + run).min(rules.steps);
        if self.masks.iter().all(|mask| mask & mask.wrapping_sub(1) == 0) {
            limit
        } else {
            matched(self.masks, from, limit).0
        }
    }

    /// The events that fill the steps from one level to another, which [`Instant::reach`] gave.
    pub(super) fn fill(self, from: usize, to: usize, fills: &mut Vec<StepMatch>) {
        let mut push = |step, event: usize| {
            fills.push(StepMatch {
                step,
                at: self.first + event,
                time: self.time,
            });
        };
        let first = |step: usize| self.masks.iter().position(|mask| mask >> step & 1 == 1);
        if to == from + 1 {
            if let Some(event) = first(from) {
                push(from, event);
            }
            return;
        }
        let (_, taken_by) = matched(self.masks, from, to);
        for step in from..to {
            if let Some(event) = taken_by.iter().position(|taken| *taken == Some(step)) {
                push(step, event);
            }
        }
    }
}

/// As many consecutive steps as find events of their own, and the step of each event: augmenting paths, one step after
/// another.
fn matched(masks: &[u64], from: usize, limit: usize) -> (usize, Vec<Option<usize>>) {
    let mut taken_by: Vec<Option<usize>> = vec![None; masks.len()];
    for step in from..limit {
        let mut seen = vec![false; masks.len()];
        if !augment(masks, step, &mut taken_by, &mut seen) {
            return (step, taken_by);
        }
    }
    (limit, taken_by)
}

fn augment(masks: &[u64], step: usize, taken_by: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for event in 0..masks.len() {
        if masks[event] >> step & 1 == 0 || seen[event] {
            continue;
        }
        seen[event] = true;
        let free = match taken_by[event] {
            None => true,
            Some(other) => augment(masks, other, taken_by, seen),
        };
        if free {
            taken_by[event] = Some(step);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funnel::rules::{Anchor, Mode};

    fn reach(masks: &[u64], from: usize, steps: usize) -> usize {
        let rules = Rules {
            steps,
            window: None,
            mode: Mode::Ordered,
            ties: Ties::Steps,
            anchor: Anchor::EarliestLongest,
        };
        let instant = Instant {
            time: 0,
            first: 0,
            masks,
            ban: 0,
        };
        let top = instant.reach(from, &rules);
        let mut fills = Vec::new();
        instant.fill(from, top, &mut fills);
        // Each step up to there has an event of its own that fits it.
        assert!(fills.iter().map(|fill| fill.step).eq(from..top));
        assert!(fills.iter().all(|fill| masks[fill.at] >> fill.step & 1 == 1));
        let mut events: Vec<usize> = fills.iter().map(|fill| fill.at).collect();
        events.sort_unstable();
        events.dedup();
        assert_eq!(events.len(), fills.len());
        top
    }

    #[test]
    fn each_event_fills_one_step() {
        // Steps [[A, B], A]: a row A fits both, a row B the first.
        let (a, b) = (0b11, 0b01);
        assert_eq!(reach(&[a], 0, 2), 1);
        assert_eq!(reach(&[a, b], 0, 2), 2);
        assert_eq!(reach(&[b, a], 0, 2), 2);
        assert_eq!(reach(&[b, b], 0, 2), 1);
        assert_eq!(reach(&[a, a, a], 0, 2), 2);
    }

    #[test]
    fn a_missing_step_ends_the_run() {
        assert_eq!(reach(&[0b001, 0b100], 0, 3), 1);
        assert_eq!(reach(&[0b010, 0b100], 1, 3), 3);
        assert_eq!(reach(&[0b010], 0, 3), 0);
    }
}
