//! The depth of the deepest chain, and the chain that is reported: a pure function of one customer's events.
//!
//! Level j remembers the latest start of a chain that has completed step j. The latest start has the weakest window
//! test, so that one pass finds the depth of the best of all starts.

use super::anchors::{Which, follow, follow_all, start_reaching, straight};
use super::rules::{Anchor, FEW_STEPS, MOST_STEPS, Mode, Rules, Sequence, StepMatch};
use super::unordered;

/// Append the reported chain of a sequence. Step 1 is filled by events in `starts` (from, and before) alone; in any order,
/// the first event of a chain lies there.
pub fn chain(all: Sequence<'_>, starts: (i64, i64), rules: &Rules, to: &mut Vec<StepMatch>) {
    match (rules.mode, rules.anchor) {
        (Mode::Unordered, _) => unordered::chain(all, starts, rules, to),
        (Mode::Contiguous, _) => contiguous(all, rules, to),
        (Mode::Ordered, Anchor::FirstEntry) => {
            if let Some(start) = all.instants(0).find(|instant| instant.starts()) {
                follow(all, start.first, rules, to);
            }
        }
        (Mode::Ordered, anchor) => {
            let deepest = deepest(all, rules);
            let start = match anchor {
                _ if deepest.depth == 0 => None,
                Anchor::FirstCompletion => Some(all.times.partition_point(|time| *time < deepest.start)),
                Anchor::LatestEntry => start_reaching(all, deepest.depth, Which::Latest, rules),
                _ => start_reaching(all, deepest.depth, Which::Earliest, rules),
            };
            if let Some(start) = start {
                follow(all, start, rules, to);
            }
        }
    }
}

/// The deepest chain: how many steps it completes, and the latest start of those that complete it first.
#[derive(Debug, Clone, Copy, Default)]
struct Deepest {
    depth: usize,
    start: i64,
}

/// Most funnels are short: their levels need not be cleared in a table for the longest.
fn deepest(all: Sequence<'_>, rules: &Rules) -> Deepest {
    if rules.steps <= FEW_STEPS {
        deepest_of::<FEW_STEPS>(all, rules)
    } else {
        deepest_of::<MOST_STEPS>(all, rules)
    }
}

fn deepest_of<const LEVELS: usize>(all: Sequence<'_>, rules: &Rules) -> Deepest {
    let mut starts: [Option<i64>; LEVELS] = [None; LEVELS];
    let mut before = starts;
    let mut found = Deepest::default();
    for instant in all.instants(0) {
        before[..rules.steps].copy_from_slice(&starts[..rules.steps]);
        let depth = found.depth;
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
            if top > found.depth || (top == found.depth && top > depth) {
                let start = if top > found.depth {
                    start
                } else {
                    start.max(found.start)
                };
                found = Deepest { depth: top, start };
            }
        }
        for (level, start) in starts.iter_mut().enumerate().take(rules.steps) {
            start.take_if(|_| instant.ban >> 1 >> level & 1 == 1);
        }
        if found.depth == rules.steps {
            break;
        }
    }
    found
}

/// Where no other event may come between, a chain is as short as its steps: each start is followed.
fn contiguous(all: Sequence<'_>, rules: &Rules, to: &mut Vec<StepMatch>) {
    let mut best: Vec<StepMatch> = Vec::new();
    let end = |chain: &[StepMatch]| chain.last().map_or(i64::MAX, |fill| fill.time);
    for start in all.instants(0).filter(|instant| instant.starts()) {
        let found = straight(all, start.first, rules).unwrap_or_else(|| follow_all(all, start.first, rules).0);
        let (deeper, as_deep) = (found.len() > best.len(), found.len() == best.len());
        let better = match rules.anchor {
            Anchor::LatestEntry => as_deep,
            Anchor::FirstCompletion => as_deep && end(&found) <= end(&best),
            Anchor::FirstEntry | Anchor::EarliestLongest => false,
        };
        if deeper || better {
            best = found;
        }
        let settled = match rules.anchor {
            Anchor::FirstEntry => true,
            Anchor::EarliestLongest => best.len() == rules.steps,
            Anchor::FirstCompletion => best.len() == rules.steps && end(&best) < start.time,
            Anchor::LatestEntry => false,
        };
        if settled {
            break;
        }
    }
    to.extend(best);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::funnel::plain;
    use crate::funnel::rules::Ties;

    const ANY: (i64, i64) = (i64::MIN, i64::MAX);

    fn times_of(times: &[i64], masks: &[u64], rules: &Rules) -> Vec<i64> {
        let mut fills = Vec::new();
        chain(
            Sequence {
                times,
                masks,
                bans: &[],
            },
            ANY,
            rules,
            &mut fills,
        );
        fills.iter().map(|fill| fill.time).collect()
    }
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
            mode: Mode::Ordered,
            ties: rule,
            anchor,
        };
        let chain = times_of(&times, &masks, &rules);
        // The other machine agrees; its codes are the steps.
        let codes: Vec<u32> = masks.iter().map(|mask| mask.trailing_zeros()).collect();
        let levels = plain::RowLevels::new(&codes, &[0, 1, 2], rules.steps);
        let events = levels.events(0..times.len(), &times, ANY);
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
            before in 0usize..90,
        ) {
            let mut events = events;
            events.sort_by_key(|event| event.0);
            let rules = Rules {
                steps,
                window,
                mode: Mode::Ordered,
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
            // Another customer's events lie before, so that sets of rows begin anywhere.
            let before = before.min(times.len());
            let (all, dated) = ([&codes[..before], &codes].concat(), [&times[..before], &times].concat());
            let levels = plain::RowLevels::new(&all, &levels, steps);
            let depth = plain::chain(&levels.events(before..all.len(), &dated, starts), &rules, &mut other);
            prop_assert_eq!(depth, other.len());
            prop_assert_eq!(other, times_of(&known, &masks, &rules));
        }
    }
}
