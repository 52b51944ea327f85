//! Whether predictions are usable though parameters are not identified: how far they change along the ridge of the
//! likelihood, over parameters that the data can hardly tell from the best.

use crate::error::Result;
use crate::stats::inverse;

use super::fit::Fit;

/// How far the log-likelihood may lie below its maximum: half of the 95 % quantile of χ² with one degree of freedom.
const TOLD_APART: f64 = 1.92;
/// The first step along the ridge, in logarithms of the parameters, and by how much the next is longer.
const FIRST_STEP: f64 = 0.25;
const LONGER: f64 = 1.5;
const MOST_STEPS: usize = 24;
const ITERATIONS: usize = 60;

/// By what share predictions change along the direction of least information, both ways, while the log-likelihood stays
/// within 1.92 of its maximum and the parameters within their limits: (largest - smallest) / largest; 1 where they come to
/// nothing.
pub(super) fn spread<const N: usize>(
    fit: &Fit<N>,
    limits: &[(f64, f64); N],
    mut log_likelihood: impl FnMut(&[f64; N]) -> Result<f64>,
    mut predict: impl FnMut(&[f64; N]) -> Result<f64>,
) -> Result<f64> {
    let direction = flattest(&fit.information);
    let best = predict(&fit.parameters)?;
    let (mut low, mut high) = (best, best);
    for sign in [-1.0, 1.0] {
        let (mut step, mut at) = (FIRST_STEP, 0.0);
        let mut last = fit.parameters;
        for _ in 0..MOST_STEPS {
            at += step;
            step *= LONGER;
            let moved: [f64; N] = std::array::from_fn(|axis| {
                let (low, high) = limits[axis];
                (fit.parameters[axis].ln() + sign * at * direction[axis])
                    .exp()
                    .clamp(low, high)
            });
            let stuck = moved.iter().zip(&last).all(|(a, b)| a.total_cmp(b).is_eq());
            if stuck || log_likelihood(&moved)? < fit.log_likelihood - TOLD_APART {
                break;
            }
            last = moved;
            let found = predict(&moved)?;
            (low, high) = (low.min(found), high.max(found));
        }
    }
    let share = (high - low) / high;
    Ok(if share.is_finite() && high > 0.0 { share } else { 1.0 })
}

/// The direction of least information, by the power method on the inverse, made positive definite first where it is not.
fn flattest<const N: usize>(information: &[[f64; N]; N]) -> [f64; N] {
    let trace = (0..N)
        .map(|at| information[at][at].abs())
        .sum::<f64>()
        .max(f64::MIN_POSITIVE);
    let lifted = |lift: f64| -> [[f64; N]; N] {
        std::array::from_fn(|row| {
            std::array::from_fn(|column| information[row][column] + if row == column { lift * trace } else { 0.0 })
        })
    };
    let inverted = (0..8).find_map(|power| inverse(&lifted(1e-12 * 10.0_f64.powi(power * 2))));
    // No eigenvector of a matrix that is the same for all axes, on which the method would stand still.
    #[allow(clippy::cast_precision_loss)] // A few axes.
    let mut direction: [f64; N] = std::array::from_fn(|axis| 1.0 / (axis as f64 + 1.0));
    let Some(inverted) = inverted else { return direction };
    for _ in 0..ITERATIONS {
        let next: [f64; N] = std::array::from_fn(|row| inverted[row].iter().zip(&direction).map(|(a, b)| a * b).sum());
        let length = next.iter().map(|value| value * value).sum::<f64>().sqrt();
        if !length.is_finite() || length <= 0.0 {
            break;
        }
        direction = next.map(|value| value / length);
    }
    direction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flattest_direction_is_the_eigenvector_of_least_information() {
        // By hand: eigenvalues 3 along (1, 1) and 1 along (1, -1).
        let found = flattest(&[[2.0, 1.0], [1.0, 2.0]]);
        assert!((found[0] + found[1]).abs() < 1e-9);
        assert!((found[0].abs() - 0.5_f64.sqrt()).abs() < 1e-9);
    }
}
