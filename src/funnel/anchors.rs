//! Which start is reported when several reach the same depth, and its events.

use super::rules::{FEW_STEPS, MOST_STEPS, Mode, Rules, Sequence, StepMatch};

/// Which of several starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Earliest,
    Latest,
}

/// The earliest or latest start whose chain reaches `depth`, as the place of its instant: one pass backwards, in which
/// level j remembers the earliest end of a chain through steps j … depth.
pub(super) fn start_reaching(all: Sequence<'_>, depth: usize, which: Which, rules: &Rules) -> Option<usize> {
    if depth <= FEW_STEPS {
        start_of::<FEW_STEPS>(all, depth, which, rules)
    } else {
        start_of::<MOST_STEPS>(all, depth, which, rules)
    }
}

fn start_of<const LEVELS: usize>(all: Sequence<'_>, depth: usize, which: Which, rules: &Rules) -> Option<usize> {
    let mut ends: [Option<i64>; LEVELS] = [None; LEVELS];
    let mut after = ends;
    let mut start = None;
    for instant in all.backwards() {
        // No chain of before comes to these steps any more.
        for (level, end) in ends.iter_mut().enumerate().take(depth) {
            *end = end.filter(|_| instant.ban >> level & 1 == 0);
        }
        after[..depth].copy_from_slice(&ends[..depth]);
        let mut own = None;
        for (level, end) in ends.iter_mut().enumerate().take(depth) {
            let top = instant.reach(level, rules).min(depth);
            if top > level {
                // Every level up to there can be the last of this instant.
                let later =
                    (level + 1..=top).filter_map(|next| if next == depth { Some(instant.time) } else { after[next] });
                let here = later.min();
                own = if level == 0 { here } else { own };
                *end = here.into_iter().chain(*end).min();
            }
        }
        // What later starts reach is not this one's: an exclusion may lie between.
        if own.is_some_and(|end| rules.within(instant.time, end)) {
            start = Some(instant.first);
            if which == Which::Latest {
                return start;
            }
        }
    }
    start
}

/// The chain of a start, given as the place of its instant: each next step at the first instant that has it.
pub(super) fn follow(all: Sequence<'_>, start: usize, rules: &Rules, to: &mut Vec<StepMatch>) {
    if !all.bans.is_empty() || rules.mode == Mode::Contiguous {
        to.extend(follow_all(all, start, rules).0);
        return;
    }
    let begun = to.len();
    for instant in all.instants(start) {
        let level = to.len() - begun;
        if !rules.within(all.times[start], instant.time) || level == rules.steps {
            break;
        }
        instant.fill(level, instant.reach(level, rules), to);
    }
}

/// The chain of a start where no other event may come between and no events share an instant: event after event. `None`
/// where some do.
pub(super) fn straight(all: Sequence<'_>, start: usize, rules: &Rules) -> Option<Vec<StepMatch>> {
    let mut chain = Vec::new();
    for at in start..all.times.len() {
        let (step, time) = (chain.len(), all.times[at]);
        if all.times.get(at + 1) == Some(&time) {
            return None;
        }
        let fits = step < rules.steps && all.masks[at] >> step & 1 == 1;
        if !fits || !rules.within(all.times[start], time) {
            break;
        }
        chain.push(StepMatch { step, at, time });
    }
    Some(chain)
}

/// The deepest chain of a start where events can end chains, and the place behind the instant at which none goes on. A
/// chain of every level is followed, since the one that came to a level first may be ended and a later one not: of those
/// that come as far, the one whose last step is earliest, then the step before, and so on.
pub(super) fn follow_all(all: Sequence<'_>, start: usize, rules: &Rules) -> (Vec<StepMatch>, usize) {
    let mut alive: Vec<Option<Vec<StepMatch>>> = vec![None; rules.steps + 1];
    let (mut best, mut end) = (Vec::new(), all.times.len());
    for instant in all.instants(start) {
        if !rules.within(all.times[start], instant.time) {
            break;
        }
        let first = instant.first == start;
        let mut next = match rules.mode {
            Mode::Contiguous => vec![None; rules.steps + 1],
            _ => alive.clone(),
        };
        for from in (0..rules.steps).rev() {
            let before = match &alive[from] {
                Some(chain) => chain.clone(),
                None if from == 0 && first => Vec::new(),
                None => continue,
            };
            let mut chain = before;
            let top = instant.reach(from, rules);
            instant.fill(from, top, &mut chain);
            for level in from + 1..=top {
                if level > best.len() {
                    best = chain[..level].to_vec();
                }
                // What else happens at the first instant may have come before it; later on it stands between.
                let goes_on = rules.mode != Mode::Contiguous || first || level - from == instant.masks.len();
                if goes_on && next[level].is_none() {
                    next[level] = Some(chain[..level].to_vec());
                }
            }
        }
        for (level, chain) in next.iter_mut().enumerate().take(rules.steps) {
            chain.take_if(|_| instant.ban >> level & 1 == 1);
        }
        alive = next;
        if best.len() == rules.steps || alive.iter().all(Option::is_none) {
            end = instant.first + instant.masks.len();
            break;
        }
    }
    (best, end)
}
