//! Two-proportion tests and Newcombe intervals.

/// A share with the ends of its interval.
pub type Interval = (f64, f64, f64);

/// The difference of two shares with its interval.
///
/// R. G. Newcombe's hybrid score interval (method 10; Statistics in Medicine 17, 1998).
#[must_use]
pub fn difference((rate, low, high): Interval, (base, base_low, base_high): Interval) -> Interval {
    (
        rate - base,
        rate - base - (rate - low).hypot(base_high - base),
        rate - base + (high - rate).hypot(base - base_low),
    )
}

/// The two-sided p-value of the hypothesis that two shares, known as well as `n` and `m` independent units tell them, are
/// the same: the normal test with a pooled variance. `None` where one of them has no units.
#[must_use]
pub fn two_proportion_z_test((p, n): (f64, f64), (q, m): (f64, f64)) -> Option<f64> {
    if !(n > 0.0 && m > 0.0) {
        return None;
    }
    let pooled = (p * n + q * m) / (n + m);
    let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
    if variance <= 0.0 {
        return Some(1.0);
    }
    Some(libm::erfc((p - q).abs() / (2.0 * variance).sqrt()))
}

/// p-values adjusted for their number; those that are unknown stay so.
///
/// S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
#[must_use]
#[allow(clippy::cast_precision_loss)] // There are few tests.
pub fn holm(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut known: Vec<(f64, usize)> = (0..).zip(values).filter_map(|(at, p)| Some(((*p)?, at))).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut adjusted = vec![None; values.len()];
    let (count, mut highest) = (known.len(), 0.0_f64);
    for (rank, (value, at)) in known.into_iter().enumerate() {
        highest = highest.max((value * (count - rank) as f64).min(1.0));
        adjusted[at] = Some(highest);
    }
    adjusted
}

/// p-values adjusted so that among those below a level so large a share at most are false, in expectation; those that are
/// unknown stay so.
///
/// Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57 (1995).
#[must_use]
#[allow(clippy::cast_precision_loss)] // There are few tests.
pub fn benjamini_hochberg(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut known: Vec<(f64, usize)> = (0..).zip(values).filter_map(|(at, p)| Some(((*p)?, at))).collect();
    known.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut adjusted = vec![None; values.len()];
    let (count, mut lowest) = (known.len(), 1.0_f64);
    for (rank, (value, at)) in known.into_iter().enumerate() {
        lowest = lowest.min(value * count as f64 / (count - rank) as f64);
        adjusted[at] = Some(lowest);
    }
    adjusted
}

/// The area under the ROC curve of units in the order of their chances: the probability that one that counts has a higher
/// chance than one that does not, ties half (Mann–Whitney). `None` where all outcomes are the same.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
pub fn area_under_curve(told: &[(f64, bool)]) -> Option<f64> {
    let (mut below, mut sum) = (0.0, 0.0);
    for tied in told.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let ones = tied.iter().filter(|told| told.1).count() as f64;
        let others = tied.len() as f64 - ones;
        sum += ones * (below + others / 2.0);
        below += others;
    }
    let ones = told.iter().filter(|told| told.1).count() as f64;
    (ones > 0.0 && below > 0.0).then(|| sum / (ones * below))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::wilson_effective;

    /// Newcombe 1998, table II: 56/70 against 48/80, method 10.
    #[test]
    fn the_difference_is_newcombes() {
        let of = |p: f64, n: f64| {
            let (low, high) = wilson_effective(p, n).unwrap();
            (p, low, high)
        };
        let (_, low, high) = difference(of(56.0 / 70.0, 70.0), of(48.0 / 80.0, 80.0));
        assert!(
            (low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5,
            "{low} {high}"
        );
    }

    /// `statsmodels.stats.proportion.proportions_ztest([56, 48], [70, 80])`.
    #[test]
    fn the_test_is_that_of_statsmodels() {
        let p = two_proportion_z_test((0.8, 70.0), (0.6, 80.0)).unwrap();
        assert!((p - 0.008_045_081_368_196_56).abs() < 1e-9, "{p}");
        assert_eq!(two_proportion_z_test((0.5, 0.0), (0.5, 1.0)), None);
        assert_eq!(two_proportion_z_test((1.0, 3.0), (1.0, 4.0)), Some(1.0));
    }

    #[test]
    fn p_values_are_adjusted_in_their_order() {
        let adjusted = holm(&[Some(0.01), None, Some(0.04), Some(0.03)]);
        assert_eq!(adjusted, [Some(0.03), None, Some(0.06), Some(0.06)]);
    }

    /// R: p.adjust(c(0.01, 0.04, 0.03, 0.5), "BH") is 0.04, 0.0533…, 0.0533…, 0.5.
    #[test]
    fn discoveries_as_r_adjusts_them() {
        let found = benjamini_hochberg(&[Some(0.01), Some(0.04), None, Some(0.03), Some(0.5)]);
        let expected = [Some(0.04), Some(0.16 / 3.0), None, Some(0.16 / 3.0), Some(0.5)];
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found.is_some(), expected.is_some());
            assert!((found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12);
        }
    }

    #[test]
    fn an_area_with_ties() {
        // By hand: of 2 × 3 pairs 4 are in order, one is tied.
        let told = [(0.1, false), (0.2, true), (0.3, false), (0.5, false), (0.5, true)];
        assert_eq!(area_under_curve(&told), Some((1.0 + 2.5) / 6.0));
        assert_eq!(area_under_curve(&told[..1]), None);
    }
}
