//! Random groups: the error of a sum over customers, from the sums of as many parts that customers fall to by chance.

/// How many groups; the error of an estimated standard error is about 9 % of it.
pub const RANDOM_GROUPS: usize = 64;

/// The 97.5 % quantile of Student's t with 63 degrees of freedom.
const T: f64 = 1.998_340_542_520_741;

/// The standard error of the sum of the parts, the number of customers being a matter of chance too: the delete-a-group
/// jackknife of a total.
///
/// K. M. Wolter, "Introduction to Variance Estimation", 2nd edition, Springer (2007), chapter 2.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Few groups.
pub fn error_of_sum(parts: &[f64; RANDOM_GROUPS]) -> f64 {
    let groups = RANDOM_GROUPS as f64;
    let mean = parts.iter().sum::<f64>() / groups;
    let squares: f64 = parts.iter().map(|part| (part - mean).powi(2)).sum();
    (squares * groups / (groups - 1.0)).sqrt()
}

/// The 95 % interval around a sum with such an error.
#[must_use]
pub fn interval_of_sum(sum: f64, error: f64) -> (f64, f64) {
    (sum - T * error, sum + T * error)
}

/// The two-sided p-value of a sum of nothing; 1 where the sum is 0, and has no error.
///
/// Student's t by the normal distribution: D. L. Wallace, "Bounds on normal approximations to Student's and the
/// chi-square distributions", Annals of Mathematical Statistics 30 (1959).
#[must_use]
#[allow(clippy::cast_precision_loss)] // Few groups.
pub fn sum_differs_from_zero(sum: f64, error: f64) -> f64 {
    if sum == 0.0 {
        return 1.0;
    }
    let freedom = RANDOM_GROUPS as f64 - 1.0;
    let t = sum / error;
    let z = (freedom * libm::log1p(t * t / freedom)).sqrt() * (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0);
    libm::erfc(z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.t.sf(abs(t), 63) * 2`.
    #[test]
    fn p_values_are_students() {
        for (t, p) in [(0.5, 0.618_815_546), (1.998_340_5, 0.05), (3.5, 8.582_6e-4)] {
            let found = sum_differs_from_zero(t, 1.0);
            assert!((found / p - 1.0).abs() < 5e-3, "{t}: {found} {p}");
        }
        assert_eq!(sum_differs_from_zero(0.0, 0.0), 1.0);
    }

    #[test]
    fn the_error_is_that_of_independent_parts() {
        // Parts of 0 and 2 in turn: each differs from the mean by one.
        let parts = std::array::from_fn(|at| if at % 2 == 0 { 0.0 } else { 2.0 });
        let error = error_of_sum(&parts);
        assert!((error - (64.0_f64 * 64.0 / 63.0).sqrt()).abs() < 1e-12);
        assert!(interval_of_sum(64.0, error).0 > 0.0);
    }
}
