//! The chi-square distribution, and quadratic forms that follow it.

use super::gamma::ln_gamma;

/// The probability that a chi-square of so many degrees of freedom is larger: the regularised upper incomplete gamma
/// function, by its series below the mean and by a continued fraction (Lentz) above it, exact far into the tail.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Degrees of freedom are few.
pub fn chi_square_survival(statistic: f64, degrees: usize) -> f64 {
    let (shape, at) = (degrees as f64 / 2.0, statistic / 2.0);
    if at <= 0.0 || shape <= 0.0 {
        return 1.0;
    }
    let scale = (shape * at.ln() - at - ln_gamma(shape)).exp();
    if at < shape + 1.0 {
        1.0 - scale * lower_series(shape, at)
    } else {
        scale * upper_fraction(shape, at)
    }
}

fn lower_series(shape: f64, at: f64) -> f64 {
    let (mut term, mut sum, mut over) = (1.0 / shape, 1.0 / shape, shape);
    while term > sum * f64::EPSILON {
        over += 1.0;
        term *= at / over;
        sum += term;
    }
    sum
}

fn upper_fraction(shape: f64, at: f64) -> f64 {
    let mut partial = at + 1.0 - shape;
    let (mut above, mut below) = (1.0 / f64::MIN_POSITIVE, 1.0 / partial);
    let mut fraction = below;
    for step in 1..1000 {
        let step = f64::from(step);
        let numerator = -step * (step - shape);
        partial += 2.0;
        below = 1.0 / (numerator * below + partial);
        above = partial + numerator / above;
        fraction *= below * above;
        if (below * above - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    fraction
}

/// x' V⁻¹ x by elimination with pivots; a direction without variance counts for nothing. `None` where none has any.
pub(super) fn quadratic(mut variance: Vec<Vec<f64>>, x: &[f64]) -> Option<f64> {
    let mut rest = x.to_vec();
    let mut done = vec![false; rest.len()];
    let mut sum = None;
    // V = L D L': the largest of what is left of the diagonal is the next pivot.
    while let Some(pivot) = (0..rest.len())
        .filter(|at| !done[*at] && variance[*at][*at] > 1e-12)
        .max_by(|a, b| variance[*a][*a].total_cmp(&variance[*b][*b]))
    {
        done[pivot] = true;
        let (row, value) = (variance[pivot].clone(), rest[pivot]);
        sum = Some(sum.unwrap_or(0.0) + value * value / row[pivot]);
        for at in (0..rest.len()).filter(|at| !done[*at]) {
            let times = row[at] / row[pivot];
            rest[at] -= times * value;
            for (to, from) in variance[at].iter_mut().zip(&row) {
                *to -= times * from;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_r_has_it() {
        // pchisq(q, df, lower.tail = FALSE)
        for (statistic, degrees, expected) in [
            (3.841_458_820_694_124, 1, 0.05),
            (5.991_464_547_107_979, 2, 0.05),
            (18.307_038_053_275_146, 10, 0.05),
            (0.5, 3, 0.918_891_411_654_676),
            (122.2491, 1, 2.036e-28),
        ] {
            let found = chi_square_survival(statistic, degrees);
            assert!((found / expected - 1.0).abs() < 1e-3, "{statistic} {degrees}: {found}");
        }
        assert!((chi_square_survival(0.5, 3) - 0.918_891_411_654_676).abs() < 1e-12);
    }

    #[test]
    fn a_quadratic_form_of_two() {
        let found = quadratic(vec![vec![2.0, 0.5], vec![0.5, 1.0]], &[1.0, 2.0]).unwrap();
        // The inverse is [[1, -0.5], [-0.5, 2]] / 1.75.
        assert!((found - (1.0 - 2.0 + 8.0) / 1.75).abs() < 1e-12);
        assert_eq!(quadratic(vec![vec![0.0]], &[1.0]), None);
    }
}
