//! Events at one instant: which steps they can fill, each event at most one.

/// The highest level that a chain at level `from` can reach with the events of one instant: steps `from`, `from + 1` …
/// (counted from 0) are each filled by an event of their own, in whichever order serves.
pub(super) fn reach(masks: &[u64], from: usize, steps: usize) -> usize {
    let all = masks.iter().fold(0, |all, mask| all | mask);
    if from >= steps || all >> from & 1 == 0 {
        return from;
    }
    if masks.len() == 1 {
        return from + 1;
    }
    let run = (all >> from).trailing_ones() as usize;
    let limit = (from + run).min(steps);
    if masks.iter().all(|mask| mask.is_power_of_two()) {
        limit
    } else {
        matched(masks, from, limit)
    }
}

/// As many consecutive steps as find events of their own: augmenting paths, one step after another.
fn matched(masks: &[u64], from: usize, limit: usize) -> usize {
    let mut taken_by: Vec<Option<usize>> = vec![None; masks.len()];
    for step in from..limit {
        let mut seen = vec![false; masks.len()];
        if !augment(masks, step, &mut taken_by, &mut seen) {
            return step;
        }
    }
    limit
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
