//! Which start is reported when several reach the same depth, and its times.

use super::machine::{Chain, Instant, MOST_STEPS, Rules};

/// The earliest start whose chain reaches `depth`: one pass backwards, in which level j remembers the earliest end of a
/// chain through steps j … depth; the last start that is met is the earliest.
pub(super) fn earliest_start<'a>(
    all: impl DoubleEndedIterator<Item = Instant<'a>>,
    depth: usize,
    rules: &Rules,
) -> Option<i64> {
    let mut ends: [Option<i64>; MOST_STEPS] = [None; MOST_STEPS];
    let mut after = ends;
    let mut start = None;
    for instant in all.rev() {
        after[..depth].copy_from_slice(&ends[..depth]);
        for (level, end) in ends.iter_mut().enumerate().take(depth) {
            let top = instant.reach(level, rules).min(depth);
            if top > level {
                *end = if top == depth { Some(instant.time) } else { after[top] }.or(*end);
            }
        }
        let begins = instant.union() & 1 == 1;
        if begins && ends[0].is_some_and(|end| rules.within(instant.time, end)) {
            start = Some(instant.time);
        }
    }
    start
}

/// Each next step at the first instant that has it.
pub(super) fn follow<'a>(all: impl Iterator<Item = Instant<'a>>, start: i64, rules: &Rules) -> Chain {
    let mut chain = Chain::default();
    for instant in all.skip_while(|instant| instant.time < start) {
        if !rules.within(start, instant.time) || chain.times.len() == rules.steps {
            break;
        }
        let top = instant.reach(chain.times.len(), rules);
        chain.times.resize(top, instant.time);
    }
    chain
}
