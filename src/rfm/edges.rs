//! Bin edges of scores.
//!
//! Of n customers, score = 1 + ⌊k · (number strictly worse) / n⌋: equal values get equal scores. The edge of a score is
//! the worst value that earns it, so that an edge belongs to the better class and edges can be applied to other data.

/// Edges of the scores 2 … k of one measure; `None` where no value earned the score.
pub type BinEdges = Vec<Option<f64>>;

/// The edges of the three measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Edges {
    /// Days: a customer reaches a score with at most as many.
    pub recency: BinEdges,
    /// Orders, days or rows: a customer reaches a score with at least as many.
    pub frequency: BinEdges,
    /// Money: a customer reaches a score with at least as much.
    pub monetary: BinEdges,
}

/// The edges that the values themselves set. `ranked` are the distinct values from worst to best, with how often each
/// occurs.
#[must_use]
pub(super) fn cuts(ranked: impl Iterator<Item = (f64, u64)>, count: u64, scores: u8) -> BinEdges {
    let mut cuts = vec![None; usize::from(scores) - 1];
    let (mut worse, mut next) = (0, 0);
    for (value, times) in ranked {
        let score = 1 + u128::from(scores) * u128::from(worse) / u128::from(count.max(1));
        while next < cuts.len() && (next as u128) + 2 <= score {
            cuts[next] = Some(value);
            next += 1;
        }
        worse += times;
    }
    cuts
}

/// The same edges from values where more is better, without sorting them all; reorders `values`.
///
/// The edge of score s is the least value that at least r = ⌈(s − 1) · n / k⌉ are worse than: the least one above the
/// r-th smallest.
#[must_use]
pub(super) fn selected_cuts(values: &mut [f64], scores: u8) -> BinEdges {
    let parts = usize::from(scores);
    let all: Vec<usize> = (1..parts).map(|score| (score * values.len()).div_ceil(parts)).collect();
    let mut ranks = all.clone();
    ranks.dedup();
    let mut cuts = vec![None; ranks.len()];
    select(values, 0, &ranks, &mut cuts, None);
    let cut = |rank: &usize| ranks.binary_search(rank).ok().and_then(|at| cuts[at]);
    all.iter().map(cut).collect()
}

/// Fill the cuts of some ranks, counted from 1 after the `below` values that stand before `values`; `above` is the least
/// value that stands after them, and the least one above that.
fn select(
    values: &mut [f64],
    below: usize,
    ranks: &[usize],
    cuts: &mut [Option<f64>],
    above: Option<(f64, Option<f64>)>,
) {
    let middle = ranks.len() / 2;
    let Some(rank) = ranks.get(middle) else { return };
    let Some(at) = rank.checked_sub(below + 1).filter(|at| *at < values.len()) else {
        return;
    };
    let (low, &mut value, high) = values.select_nth_unstable_by(at, f64::total_cmp);
    let here = high
        .iter()
        .copied()
        .filter(|other| *other > value)
        .min_by(f64::total_cmp);
    let beyond = above.and_then(|(next, after)| if next > value { Some(next) } else { after });
    cuts[middle] = here.or(beyond);
    let next = Some((value, cuts[middle]));
    select(low, below, &ranks[..middle], &mut cuts[..middle], next);
    select(high, *rank, &ranks[middle + 1..], &mut cuts[middle + 1..], above);
}

/// The score of a value where more is better.
#[must_use]
pub(super) fn score_up(value: f64, cuts: &[Option<f64>]) -> u8 {
    score(cuts, |cut| value >= cut)
}

/// The score of a value where less is better.
#[must_use]
pub(super) fn score_down(value: f64, cuts: &[Option<f64>]) -> u8 {
    score(cuts, |cut| value <= cut)
}

/// At most 99 cuts: the number fits.
#[allow(clippy::cast_possible_truncation)]
fn score(cuts: &[Option<f64>], reached: impl Fn(f64) -> bool) -> u8 {
    1 + cuts.iter().filter(|cut| cut.is_some_and(&reached)).count() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranked(values: &[f64]) -> Vec<(f64, u64)> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted
            .chunk_by(|a, b| a == b)
            .map(|run| (run[0], run.len() as u64))
            .collect()
    }

    fn scores(values: &[f64], k: u8) -> Vec<u8> {
        let cuts = cuts(ranked(values).into_iter(), values.len() as u64, k);
        values.iter().map(|value| score_up(*value, &cuts)).collect()
    }

    #[test]
    fn score_tables() {
        assert_eq!(scores(&[1.0, 2.0, 3.0, 4.0, 5.0], 5), [1, 2, 3, 4, 5]);
        assert_eq!(scores(&[1.0, 1.0, 1.0, 4.0, 5.0], 5), [1, 1, 1, 4, 5]);
        assert_eq!(scores(&[7.0; 4], 5), [1, 1, 1, 1]);
        assert_eq!(scores(&[1.0, 2.0], 5), [1, 3]);
        assert_eq!(scores(&[1.0, 9.0, 9.0], 2), [1, 1, 1]);
        assert_eq!(scores(&[], 5), Vec::<u8>::new());
        assert_eq!(score_down(30.0, &[Some(90.0), Some(30.0), Some(7.0), None]), 3);
    }

    proptest! {
        #[test]
        fn selecting_finds_what_sorting_does(
            values in prop::collection::vec(prop_oneof![(-5i8..5).prop_map(f64::from), -1e9f64..1e9], 0..200),
            k in 2u8..=100,
        ) {
            let sorted = cuts(ranked(&values).into_iter(), values.len() as u64, k);
            prop_assert_eq!(selected_cuts(&mut values.clone(), k), sorted);
        }
    }

    proptest! {
        #[test]
        fn a_score_counts_those_who_are_strictly_worse(
            values in prop::collection::vec((0u8..12).prop_map(f64::from), 1..80), k in 2u8..=100
        ) {
            let expected: Vec<u8> = values.iter().map(|value| {
                let worse = values.iter().filter(|other| *other < value).count();
                1 + u8::try_from(usize::from(k) * worse / values.len()).unwrap()
            }).collect();
            prop_assert_eq!(scores(&values, k), expected);
        }
    }
}
