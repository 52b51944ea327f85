//! Logistic regression with Firth's penalty, which has a maximum where levels separate the outcomes.
//!
//! D. Firth, "Bias reduction of maximum likelihood estimates", Biometrika 80 (1993); G. Heinze and M. Schemper, "A solution
//! to the problem of separation in logistic regression", Statistics in Medicine 21 (2002).

use super::linear::{Matrix, inverse};
use super::logit::{Counts, Logit, derivatives, probability};

const MOST_STEPS: usize = 200;
const CLOSE: f64 = 1e-9;
/// The longest step of a coefficient, as in R's logistf: the penalised likelihood is not quadratic far from its maximum.
const LONGEST: f64 = 5.0;
const MOST_HALVINGS: usize = 30;

/// Fit counted outcomes on the distinct rows of a design. Standard errors are those of the model, from the information of
/// the augmented data (each unit counts once more by its leverage), as in R's logistf: what clusters hold says nothing of
/// levels that separate. `None` where the design is singular.
pub(super) fn firth(rows: &[Vec<f64>], counts: &Counts) -> Option<Logit> {
    let width = rows.first()?.len();
    let mut beta = vec![0.0; width];
    for _ in 0..MOST_STEPS {
        let covariance = inverse(derivatives(rows, counts, &beta).0)?;
        let step = newton_step(rows, counts, &beta, &covariance);
        let done = step.iter().all(|step| step.abs() < CLOSE);
        beta = uphill(rows, counts, &beta, &step)?;
        if done {
            let covariance = inverse(augmented_information(rows, counts, &beta)?)?;
            let errors = (0..width).map(|at| covariance[at][at].max(0.0).sqrt()).collect();
            return Some(Logit {
                coefficients: beta,
                errors,
            });
        }
    }
    None
}

/// The step of Newton's method, no coefficient further than [`LONGEST`].
fn newton_step(rows: &[Vec<f64>], counts: &Counts, beta: &[f64], covariance: &Matrix) -> Vec<f64> {
    let score = modified_score(rows, counts, beta, covariance);
    let product = |row: &Vec<f64>| row.iter().zip(&score).map(|(a, b)| a * b).sum::<f64>();
    let step: Vec<f64> = covariance.iter().map(product).collect();
    let longest = step.iter().fold(LONGEST, |longest, step| f64::max(longest, step.abs()));
    step.into_iter().map(|step| step * (LONGEST / longest)).collect()
}

/// A step, halved until the penalised likelihood is no lower.
fn uphill(rows: &[Vec<f64>], counts: &Counts, beta: &[f64], step: &[f64]) -> Option<Vec<f64>> {
    let height = penalised(rows, counts, beta)?;
    let mut share = 1.0;
    for _ in 0..MOST_HALVINGS {
        let moved: Vec<f64> = beta.iter().zip(step).map(|(beta, step)| beta + share * step).collect();
        if penalised(rows, counts, &moved).is_some_and(|found| found >= height - CLOSE) {
            return Some(moved);
        }
        share *= 0.5;
    }
    None
}

/// Firth's score: that of the likelihood, and of half the logarithm of the information's determinant.
fn modified_score(rows: &[Vec<f64>], counts: &Counts, beta: &[f64], covariance: &Matrix) -> Vec<f64> {
    let mut score = vec![0.0; beta.len()];
    for (row, (units, ones)) in rows.iter().zip(counts) {
        let (p, leverage) = (probability(row, beta), leverage(row, *units, beta, covariance));
        let residual = ones - units * p + leverage * (0.5 - p);
        score.iter_mut().zip(row).for_each(|(score, x)| *score += x * residual);
    }
    score
}

/// What the units of a row have of the leverage, together.
fn leverage(row: &[f64], units: f64, beta: &[f64], covariance: &Matrix) -> f64 {
    let p = probability(row, beta);
    let through = |line: &Vec<f64>| line.iter().zip(row).map(|(a, b)| a * b).sum::<f64>();
    let spread: f64 = covariance.iter().zip(row).map(|(line, x)| x * through(line)).sum();
    units * p * (1.0 - p) * spread
}

fn augmented_information(rows: &[Vec<f64>], counts: &Counts, beta: &[f64]) -> Option<Matrix> {
    let covariance = inverse(derivatives(rows, counts, beta).0)?;
    let augmented: Vec<(f64, f64)> = rows
        .iter()
        .zip(counts)
        .map(|(row, (units, ones))| (units + leverage(row, *units, beta, &covariance), *ones))
        .collect();
    Some(derivatives(rows, &augmented, beta).0)
}

/// The logarithm of the likelihood with its penalty.
fn penalised(rows: &[Vec<f64>], counts: &Counts, beta: &[f64]) -> Option<f64> {
    let log_likelihood: f64 = rows
        .iter()
        .zip(counts)
        .map(|(row, (units, ones))| {
            let linear: f64 = row.iter().zip(beta).map(|(x, beta)| x * beta).sum();
            // ln(1 + exp(x)) without overflow.
            ones * linear - units * (linear.max(0.0) + (-linear.abs()).exp().ln_1p())
        })
        .sum();
    let determinant = log_determinant(derivatives(rows, counts, beta).0)?;
    Some(log_likelihood + 0.5 * determinant)
}

/// The logarithm of the determinant of a positive definite matrix, by elimination.
fn log_determinant(mut matrix: Matrix) -> Option<f64> {
    let mut sum = 0.0;
    for at in 0..matrix.len() {
        let (done, rest) = matrix.split_at_mut(at + 1);
        let top = &done[at];
        if top[at].is_nan() || top[at] <= 0.0 {
            return None;
        }
        sum += top[at].ln();
        for below in rest {
            let factor = below[at] / top[at];
            below
                .iter_mut()
                .zip(top)
                .for_each(|(value, above)| *value -= factor * above);
        }
    }
    Some(sum)
}
