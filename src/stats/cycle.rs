//! Whether times between purchases have a typical length.
//!
//! Customers who buy at random, each at a rate of its own that may fall, have gaps of which the longer are the rarer (a
//! mixture of exponential distributions has a falling density). Where the gaps of some weeks are more than those of as many
//! weeks right before them, more than chance would make of equal expectations, there is a cycle: of both together, the
//! number in the later weeks is binomial with probability one half at most. Whole weeks are compared, so that weekdays do
//! not matter. Of all comparisons the smallest p-value counts, times their number (Bonferroni).

/// A gap is looked at up to so many days.
const DAYS: usize = 364;
const WEEK: usize = 7;
/// So many weeks are compared with those before them.
const WIDTHS: [usize; 3] = [1, 2, 4];
/// With fewer gaps in both together nothing is compared.
const FEWEST: u64 = 10;

/// What is found of a cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CycleTest {
    /// The probability of so large a rise where there is no cycle.
    pub p_value: f64,
    /// The days around which the gaps that rise lie closest, by sums of seven days.
    pub days: usize,
}

/// Look for a cycle in gaps, `gaps[d]` of which are `d` days long; they should be of different customers. `None` where too
/// few are known.
#[must_use]
pub fn typical_gap(gaps: &[u64]) -> Option<CycleTest> {
    let weeks: Vec<u64> = (0..DAYS / WEEK)
        .map(|week| within(gaps, week * WEEK + 1, week * WEEK + WEEK))
        .collect();
    let (mut best, mut tests): (Option<(f64, usize, usize)>, u32) = (None, 0);
    for width in WIDTHS {
        for start in width..=weeks.len().saturating_sub(width) {
            let before: u64 = weeks[start - width..start].iter().sum();
            let after: u64 = weeks[start..start + width].iter().sum();
            if before + after < FEWEST {
                continue;
            }
            tests += 1;
            let p = upper_tail(after, before + after);
            if best.is_none_or(|(least, ..)| p < least) {
                best = Some((p, start, width));
            }
        }
    }
    let (p, start, width) = best?;
    let days = start * WEEK + 1..=(start + width) * WEEK;
    let near = |day: &usize| (within(gaps, day.saturating_sub(3), day + 3), std::cmp::Reverse(*day));
    Some(CycleTest {
        p_value: (p * f64::from(tests)).min(1.0),
        days: days.max_by_key(near)?,
    })
}

fn within(gaps: &[u64], first: usize, last: usize) -> u64 {
    gaps.iter().take(last + 1).skip(first.max(1)).sum()
}

/// The probability of at least `part` heads of `whole` tosses: exact for few, by the normal distribution with continuity
/// correction for many.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn upper_tail(part: u64, whole: u64) -> f64 {
    if whole > 1000 {
        let z = (part as f64 - 0.5 - whole as f64 / 2.0) / (whole as f64).sqrt() * 2.0;
        return libm::erfc(z / std::f64::consts::SQRT_2) / 2.0;
    }
    let (mut term, mut sum) = (0.5f64.powi(i32::try_from(whole).unwrap_or(i32::MAX)), 0.0);
    // From all heads downwards.
    for heads in (part..=whole).rev() {
        sum += term;
        term *= heads as f64 / (whole - heads + 1) as f64;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tosses_as_r_counts_them() {
        // pbinom(k - 1, n, 0.5, lower.tail = FALSE)
        for (part, whole, expected) in [(8, 10, 0.054_687_5), (60, 100, 0.028_443_97), (0, 7, 1.0)] {
            assert!((upper_tail(part, whole) - expected).abs() < 1e-8);
        }
        assert!((upper_tail(550, 1000) / upper_tail(551, 1001) - 1.0).abs() < 0.2);
    }

    #[test]
    fn a_cycle_of_thirty_days_is_found_and_a_falling_density_has_none() {
        let falling: Vec<u64> = (0..400).map(|day| 4000 / (day + 10)).collect();
        let without = typical_gap(&falling).unwrap();
        assert!(without.p_value > 0.5, "{without:?}");
        let mut cycle = falling;
        for (day, more) in (26..=34).zip([60, 120, 180, 240, 300, 240, 180, 120, 60]) {
            cycle[day] += more;
        }
        let with = typical_gap(&cycle).unwrap();
        assert!(with.p_value < 1e-6, "{with:?}");
        assert!((28..=32).contains(&with.days), "{with:?}");
        assert_eq!(typical_gap(&[0, 3, 2]), None);
    }
}
