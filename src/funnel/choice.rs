//! Which chain comes next, and which of two is reported.

use std::cmp::Ordering;

use super::anchors::{follow, follow_all};
use super::rules::{Anchor, Mode, Rules, Sequence, StepMatch};

/// The next attempt from a place on, and the place at which it is over: behind its conversion, or where the window has
/// passed, or where no chain goes on.
pub(super) fn attempt(all: Sequence<'_>, from: usize, rules: &Rules) -> Option<(Vec<StepMatch>, usize)> {
    let start = all.instants(from).find(|instant| instant.starts())?;
    let (mut fills, mut end) = (Vec::new(), all.times.len());
    if all.bans.is_empty() && rules.mode == Mode::Ordered {
        follow(all, start.first, rules, &mut fills);
    } else {
        (fills, end) = follow_all(all, start.first, rules);
    }
    let passed = all
        .times
        .partition_point(|time| rules.within(start.time, *time) || *time < start.time);
    let end = match fills.last() {
        Some(last) if fills.len() == rules.steps => all.times.partition_point(|time| *time <= last.time),
        _ => end.min(passed),
    };
    Some((fills, end.max(start.first + start.masks.len())))
}

/// Whether a chain is to be reported rather than an earlier one of other values: by the anchor, then
/// the one that comes further, then the one whose steps are earlier. Of chains at the same instants the earlier one stays:
/// sequences come in the order of their values, so that the order of rows does not matter.
pub(super) fn better(new: &[StepMatch], old: &[StepMatch], rules: &Rules) -> bool {
    let (Some(new_first), Some(new_last)) = (new.first(), new.last()) else {
        return false;
    };
    let (Some(old_first), Some(old_last)) = (old.first(), old.last()) else {
        return true;
    };
    let depth = new.len().cmp(&old.len());
    let earlier = old_first.time.cmp(&new_first.time);
    let order = match rules.anchor {
        Anchor::FirstEntry => earlier.then(depth),
        Anchor::EarliestLongest => depth.then(earlier),
        Anchor::LatestEntry => depth.then(earlier.reverse()),
        Anchor::FirstCompletion => depth.then(old_last.time.cmp(&new_last.time)).then(earlier.reverse()),
    };
    let order = order.then_with(|| old.iter().map(|fill| fill.time).cmp(new.iter().map(|fill| fill.time)));
    order == Ordering::Greater
}
