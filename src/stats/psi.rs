//! The population stability index of two distributions over the same classes.

/// Σ (q − p)·ln(q / p) over the shares before and after; a class that is empty in one of them counts half a unit there,
/// one that is empty in both is none.
///
/// N. Siddiqi, "Credit Risk Scorecards" (2006).
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
pub fn population_stability(before: &[u64], after: &[u64]) -> f64 {
    let classes = before
        .iter()
        .zip(after)
        .filter(|(before, after)| **before + **after > 0);
    let counts: Vec<(f64, f64)> = classes
        .map(|(before, after)| ((*before as f64).max(0.5), (*after as f64).max(0.5)))
        .collect();
    let totals = counts
        .iter()
        .fold((0.0, 0.0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let term = |(before, after): &(f64, f64)| {
        let (p, q) = (before / totals.0.max(1.0), after / totals.1.max(1.0));
        (q - p) * (q / p).ln()
    };
    counts.iter().map(term).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert!(population_stability(&[5, 5, 0], &[5, 5, 0]).abs() < 1e-15);
        // Shares 1/4, 3/4 and 1/2, 1/2: 1/4·ln 2 + 1/4·ln 3/2.
        let expected = 0.25 * 2.0_f64.ln() + 0.25 * 1.5_f64.ln();
        // Empty before: half a unit of 10.5 there, by hand (2/12 - .5/10.5)·ln(...) + (10/12 - 10/10.5)·ln(...).
        let empty = (2.0 / 12.0 - 0.5 / 10.5) * ((2.0 / 12.0) / (0.5 / 10.5_f64)).ln()
            + (10.0 / 12.0 - 10.0 / 10.5) * ((10.0 / 12.0) / (10.0 / 10.5_f64)).ln();
        assert!((population_stability(&[0, 10, 0], &[2, 10, 0]) - empty).abs() < 1e-12);
        assert!((population_stability(&[25, 75], &[50, 50]) - expected).abs() < 1e-12);
    }
}
