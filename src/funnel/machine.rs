//! The depth of the deepest chain, and the chain that is reported: a pure function of one customer's events.
//!
//! Level j remembers the latest start of a chain that has completed step j. The latest start has the weakest window
//! test, so that one pass finds the depth of the best of all starts.

use super::anchors::{earliest_start, follow};
use super::ties::reach;

/// The most steps: one bit each.
pub const MOST_STEPS: usize = 64;

/// What events at one instant may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ties {
    /// They may be read in whichever order carries the chain furthest.
    Steps,
    /// A step must be strictly later than the one before.
    Later,
}

/// Whose times are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The first start's, though another may come further.
    FirstEntry,
    /// The earliest start's that comes as far as any.
    EarliestLongest,
}

/// What a chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How many steps there are, at most [`MOST_STEPS`].
    pub steps: usize,
    /// The longest time from step 1, inclusive.
    pub window: Option<i64>,
    /// What events at one instant may do.
    pub ties: Ties,
    /// Whose times are reported.
    pub anchor: Anchor,
}

/// One instant and the steps that its events fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instant<'a> {
    pub(super) time: i64,
    pub(super) masks: &'a [u64],
}

impl Instant<'_> {
    pub(super) fn union(self) -> u64 {
        self.masks.iter().fold(0, |all, mask| all | mask)
    }

    /// The highest level that a chain at level `from` reaches here.
    pub(super) fn reach(self, from: usize, rules: &Rules) -> usize {
        match rules.ties {
            Ties::Steps => reach(self.masks, from, rules.steps),
            Ties::Later if from < rules.steps => from + usize::from(self.union() >> from & 1 == 1),
            Ties::Later => from,
        }
    }
}

impl Rules {
    pub(super) fn within(&self, start: i64, time: i64) -> bool {
        self.window.is_none_or(|window| time.saturating_sub(start) <= window)
    }
}

/// The chain that is reported: when each step that it reached was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// The time of each step, from the first on.
    pub times: Vec<i64>,
}

/// The instants of events in the order of time.
pub(super) fn instants<'a>(times: &'a [i64], masks: &'a [u64]) -> impl DoubleEndedIterator<Item = Instant<'a>> + Clone {
    let mut start = 0;
    let runs: Vec<Instant<'a>> = times
        .chunk_by(|a, b| a == b)
        .map(|run| {
            let from = start;
            start += run.len();
            Instant {
                time: run[0],
                masks: &masks[from..start],
            }
        })
        .collect();
    runs.into_iter()
}

/// The reported chain of one customer. `times` ascend; `masks` hold a bit for each step that an event fits.
#[must_use]
pub fn chain(times: &[i64], masks: &[u64], rules: &Rules) -> Chain {
    let all = instants(times, masks);
    let start = match rules.anchor {
        Anchor::FirstEntry => all
            .clone()
            .find(|instant| instant.union() & 1 == 1)
            .map(|instant| instant.time),
        Anchor::EarliestLongest => match depth(all.clone(), rules) {
            0 => None,
            depth => earliest_start(all.clone(), depth, rules),
        },
    };
    start.map_or_else(Chain::default, |start| follow(all, start, rules))
}

/// How many steps the deepest chain completes.
fn depth<'a>(all: impl Iterator<Item = Instant<'a>>, rules: &Rules) -> usize {
    let mut starts: [Option<i64>; MOST_STEPS] = [None; MOST_STEPS];
    let mut before = starts;
    let mut depth = 0;
    for instant in all {
        before[..rules.steps].copy_from_slice(&starts[..rules.steps]);
        for from in 0..=depth.min(rules.steps - 1) {
            let start = if from == 0 {
                Some(instant.time)
            } else {
                before[from - 1]
            };
            let Some(start) = start.filter(|start| rules.within(*start, instant.time)) else {
                continue;
            };
            let top = instant.reach(from, rules);
            for level in &mut starts[from..top] {
                *level = (*level).max(Some(start));
            }
            depth = depth.max(top);
        }
        if depth == rules.steps {
            break;
        }
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funnel::plain;
    use proptest::prelude::*;

    /// Steps A, B, C; `text` holds one event a tick, `=` joins events to the tick before.
    fn run(text: &str, window: Option<i64>, rule: Ties, anchor: Anchor) -> Vec<i64> {
        let (mut times, mut masks, mut at) = (Vec::new(), Vec::new(), -1);
        let mut joined = false;
        for event in text.chars() {
            if event == '=' {
                joined = true;
                continue;
            }
            at += i64::from(!joined);
            joined = false;
            if let Some(step) = "ABC".find(event) {
                times.push(at);
                masks.push(1 << step);
            }
        }
        let rules = Rules {
            steps: 3,
            window,
            ties: rule,
            anchor,
        };
        let chain = chain(&times, &masks, &rules).times;
        // The other machine agrees; its codes are the steps.
        let codes: Vec<u32> = masks.iter().map(|mask| mask.trailing_zeros()).collect();
        let events = plain::Events {
            times: &times,
            codes: &codes,
            levels: &[0, 1, 2],
            starts: (i64::MIN, i64::MAX),
        };
        let mut other = Vec::new();
        assert_eq!(plain::chain(&events, &rules, &mut other), chain.len());
        assert_eq!(other, chain);
        chain
    }

    #[test]
    fn tiny_sequences() {
        use Anchor::{EarliestLongest, FirstEntry};
        use Ties::{Later, Steps};
        type Case = (&'static str, Option<i64>, Ties, Anchor, &'static [i64]);
        let cases: [Case; 19] = [
            // Other events, and repeats, may come between.
            ("AxBxC", None, Steps, EarliestLongest, &[0, 2, 4]),
            ("AABBC", None, Steps, EarliestLongest, &[0, 2, 4]),
            ("ACBC", None, Steps, EarliestLongest, &[0, 2, 3]),
            ("BCA", None, Steps, EarliestLongest, &[2]),
            ("BBC", None, Steps, EarliestLongest, &[]),
            // The window counts from step 1, its end included.
            ("ABxC", Some(3), Steps, EarliestLongest, &[0, 1, 3]),
            ("ABxxC", Some(3), Steps, EarliestLongest, &[0, 1]),
            // A later start may come further; the first entry does not wait for it.
            ("AxxABC", Some(3), Steps, EarliestLongest, &[3, 4, 5]),
            ("AxxABC", Some(3), Steps, FirstEntry, &[0]),
            // Of two starts that come as far, the earlier; its steps as early as they were.
            ("AABCC", Some(9), Steps, EarliestLongest, &[0, 2, 3]),
            ("ABxxABxC", Some(4), Steps, EarliestLongest, &[4, 5, 7]),
            ("ABxxAB", Some(4), Steps, EarliestLongest, &[0, 1]),
            // At one instant, whichever order serves; or strictly later.
            ("B=AC", None, Steps, EarliestLongest, &[0, 0, 1]),
            ("C=B=A", Some(0), Steps, EarliestLongest, &[0, 0, 0]),
            ("A=BC", None, Later, EarliestLongest, &[0]),
            ("A=BBC", None, Later, EarliestLongest, &[0, 1, 2]),
            ("A=BBC", None, Later, FirstEntry, &[0, 1, 2]),
            ("AB=AC", Some(1), Later, EarliestLongest, &[0, 1]),
            ("", None, Steps, EarliestLongest, &[]),
        ];
        for (text, window, ties, anchor, expected) in cases {
            assert_eq!(
                run(text, window, ties, anchor),
                expected,
                "{text} {window:?} {ties:?} {anchor:?}"
            );
        }
    }

    proptest! {
        /// The two machines agree, on many steps and few, on instants that events share and do not.
        #[test]
        fn the_plain_machine_agrees(
            events in prop::collection::vec((0i64..60, 0u32..14), 0..90),
            steps in 2usize..=12,
            window in prop::option::of(0i64..30),
            later in any::<bool>(),
            first_entry in any::<bool>(),
            from in -5i64..40,
            length in 0i64..70,
        ) {
            let mut events = events;
            events.sort_by_key(|event| event.0);
            let rules = Rules {
                steps,
                window,
                ties: if later { Ties::Later } else { Ties::Steps },
                anchor: if first_entry { Anchor::FirstEntry } else { Anchor::EarliestLongest },
            };
            let starts = (from, from + length);
            let levels: Vec<u8> = (0..14).map(|code: u8| code.min(u8::try_from(steps).unwrap())).collect();
            let times: Vec<i64> = events.iter().map(|event| event.0).collect();
            let codes: Vec<u32> = events.iter().map(|event| event.1).collect();
            let mask = |&(time, code): &(i64, u32)| match usize::try_from(code).unwrap() {
                0 if !(starts.0..starts.1).contains(&time) => 0,
                step if step < steps => 1 << step,
                _ => 0,
            };
            let fitting: Vec<(i64, u64)> =
                events.iter().map(|event| (event.0, mask(event))).filter(|event| event.1 != 0).collect();
            let (known, masks): (Vec<i64>, Vec<u64>) = fitting.into_iter().unzip();
            let mut other = Vec::new();
            let plain = plain::Events { times: &times, codes: &codes, levels: &levels, starts };
            let depth = plain::chain(&plain, &rules, &mut other);
            prop_assert_eq!(depth, other.len());
            prop_assert_eq!(other, chain(&known, &masks, &rules).times);
        }
    }
}
