//! Logistic regression by Newton's method, with cluster-robust (sandwich) standard errors.
//!
//! K.-Y. Liang and S. L. Zeger, "Longitudinal data analysis using generalized linear models", Biometrika 73 (1986).

use super::firth::firth;
use super::linear::{Matrix, inverse, solve};

const MOST_STEPS: usize = 50;
const CLOSE: f64 = 1e-10;
/// A coefficient beyond this is that of a column which tells the outcome for sure: the likelihood has no maximum.
const LARGE: f64 = 15.0;

/// One unit: the row of the design that it has, its outcome, and its cluster.
#[derive(Debug, Clone, Copy)]
pub struct Observation {
    /// The distinct row.
    pub row: usize,
    /// Whether the outcome is 1.
    pub outcome: bool,
    /// The cluster; units of one stand together.
    pub cluster: (u32, u32),
}

/// A fitted regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Logit {
    /// The coefficients.
    pub coefficients: Vec<f64>,
    /// Their standard errors, by cluster.
    pub errors: Vec<f64>,
}

/// Whose standard errors a regression has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogitErrors {
    /// Those of the model: units are independent.
    Model,
    /// The sandwich: units of a cluster may go together.
    Clustered,
}

/// How a regression was fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogitMethod {
    /// Maximum likelihood, with errors by cluster.
    Likelihood,
    /// Firth's penalised likelihood, with the errors of the model.
    Firth,
}

/// Fit outcomes on the distinct rows of a design, whose first column is 1: by maximum likelihood, and where levels separate
/// the outcomes, so that it has no maximum, with Firth's penalty for the whole model. `None` where all outcomes are the same,
/// or columns of the design say the same.
#[must_use]
pub fn logit(rows: &[Vec<f64>], units: &[Observation], errors: LogitErrors) -> Option<(Logit, LogitMethod)> {
    let mut counts = vec![(0.0, 0.0); rows.len()];
    for unit in units {
        let count = &mut counts[unit.row];
        count.0 += 1.0;
        count.1 += f64::from(u8::from(unit.outcome));
    }
    if units.iter().all(|unit| unit.outcome == units[0].outcome) {
        return None;
    }
    if let Some(found) = maximum_likelihood(rows, units, &counts, errors) {
        return Some((found, LogitMethod::Likelihood));
    }
    firth(rows, &counts).map(|found| (found, LogitMethod::Firth))
}

fn maximum_likelihood(rows: &[Vec<f64>], units: &[Observation], counts: &Counts, of: LogitErrors) -> Option<Logit> {
    let width = rows.first()?.len();
    let mut beta = vec![0.0; width];
    let mut converged = false;
    for _ in 0..MOST_STEPS {
        let (information, score) = derivatives(rows, counts, &beta);
        let step = solve(information, vec![score])?.pop()?;
        beta.iter_mut().zip(&step).for_each(|(beta, step)| *beta += step);
        if step.iter().all(|step| step.abs() < CLOSE) {
            converged = beta.iter().all(|beta| beta.abs() < LARGE);
            break;
        }
    }
    let errors = converged.then(|| match of {
        LogitErrors::Clustered => errors(rows, counts, units, &beta),
        LogitErrors::Model => {
            let covariance = inverse(derivatives(rows, counts, &beta).0)?;
            Some((0..width).map(|at| covariance[at][at].max(0.0).sqrt()).collect())
        }
    })??;
    Some(Logit {
        coefficients: beta,
        errors,
    })
}

pub(super) fn probability(row: &[f64], beta: &[f64]) -> f64 {
    let linear: f64 = row.iter().zip(beta).map(|(x, beta)| x * beta).sum();
    1.0 / (1.0 + (-linear.clamp(-700.0, 700.0)).exp())
}

/// Units and ones of each distinct row.
pub(super) type Counts = [(f64, f64)];

/// The information and the score.
pub(super) fn derivatives(rows: &[Vec<f64>], counts: &Counts, beta: &[f64]) -> (Matrix, Vec<f64>) {
    let width = beta.len();
    let mut score = vec![0.0; width];
    // The upper half, line after line: the lower one is the same.
    let mut upper = vec![0.0; width * (width + 1) / 2];
    for (row, (units, ones)) in rows.iter().zip(counts) {
        let p = probability(row, beta);
        let (residual, weight) = (ones - units * p, units * p * (1.0 - p));
        score.iter_mut().zip(row).for_each(|(score, x)| *score += x * residual);
        let mut line = upper.as_mut_slice();
        for (at, x) in row.iter().enumerate() {
            let (now, rest) = line.split_at_mut(width - at);
            let weighted = weight * x;
            now.iter_mut()
                .zip(&row[at..])
                .for_each(|(sum, other)| *sum += weighted * other);
            line = rest;
        }
    }
    let mut information = vec![vec![0.0; width]; width];
    let pairs = (0..width).flat_map(|i| (i..width).map(move |j| (i, j)));
    for ((i, j), sum) in pairs.zip(upper) {
        information[i][j] = sum;
        information[j][i] = sum;
    }
    (information, score)
}

/// The sandwich: bread of the inverse information, filled with the products of the clusters' scores.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn errors(rows: &[Vec<f64>], counts: &Counts, units: &[Observation], beta: &[f64]) -> Option<Vec<f64>> {
    let width = beta.len();
    let fitted: Vec<f64> = rows.iter().map(|row| probability(row, beta)).collect();
    let (mut meat, mut clusters) = (vec![vec![0.0; width]; width], 0.0);
    for cluster in units.chunk_by(|a, b| a.cluster == b.cluster) {
        let mut score = vec![0.0; width];
        for unit in cluster {
            let residual = f64::from(u8::from(unit.outcome)) - fitted[unit.row];
            score
                .iter_mut()
                .zip(&rows[unit.row])
                .for_each(|(sum, x)| *sum += x * residual);
        }
        for i in 0..width {
            for j in 0..width {
                meat[i][j] += score[i] * score[j];
            }
        }
        clusters += 1.0;
    }
    let bread = inverse(derivatives(rows, counts, beta).0)?;
    let correction = clusters / f64::max(clusters - 1.0, 1.0);
    let variance = |i: usize| {
        let pair = |j: usize, k: usize| bread[i][j] * meat[j][k] * bread[i][k];
        (0..width)
            .flat_map(|j| (0..width).map(move |k| (j, k)))
            .map(|(j, k)| pair(j, k))
            .sum::<f64>()
    };
    Some((0..width).map(|i| (variance(i) * correction).max(0.0).sqrt()).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Two levels: the coefficients are the logarithms of the odds, by hand ln(30/70) and ln(60/40) less that.
    #[test]
    fn odds_of_two_groups() {
        let rows = [vec![1.0, 0.0], vec![1.0, 1.0]];
        let unit = |at: u32| Observation {
            row: usize::from(at >= 100),
            outcome: at % 100 < if at >= 100 { 60 } else { 30 },
            cluster: (0, at),
        };
        let units: Vec<Observation> = (0..200).map(unit).collect();
        let (fit, method) = logit(&rows, &units, LogitErrors::Clustered).unwrap();
        assert_eq!(method, LogitMethod::Likelihood);
        let (base, other) = ((30.0_f64 / 70.0).ln(), (60.0_f64 / 40.0).ln());
        assert!((fit.coefficients[0] - base).abs() < 1e-9);
        assert!((fit.coefficients[1] - (other - base)).abs() < 1e-9);
        // Woolf's error of a log odds ratio, but for n / (n - 1).
        let woolf = (1.0_f64 / 30.0 + 1.0 / 70.0 + 1.0 / 60.0 + 1.0 / 40.0).sqrt();
        assert!((fit.errors[1] / woolf - (200.0_f64 / 199.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn what_tells_for_sure_is_penalised() {
        let rows = [vec![1.0, 0.0], vec![1.0, 1.0]];
        let unit = |at: u32| Observation {
            row: (at % 2) as usize,
            outcome: at % 2 == 1,
            cluster: (0, at),
        };
        // By hand: Firth's penalty for a table of two groups is half a unit more in each of its cells.
        let (fit, method) = logit(&rows, &(0..40).map(unit).collect::<Vec<_>>(), LogitErrors::Clustered).unwrap();
        assert_eq!(method, LogitMethod::Firth);
        assert!((fit.coefficients[1] - 2.0 * 41.0_f64.ln()).abs() < 1e-6);
        assert_eq!(
            logit(
                &[vec![1.0, 1.0]],
                &[unit(0), unit(1)].map(|unit| Observation { row: 0, ..unit }),
                LogitErrors::Model
            ),
            None
        );
    }

    /// Grade point average, test score, the new method or not, and whether the grade rose: L. C. Spector and M. Mazzeo,
    /// "Probit analysis and economic education", Journal of Economic Education 11 (1980).
    const SPECTOR: [(f64, f64, f64, bool); 32] = [
        (2.66, 20.0, 0.0, false),
        (2.89, 22.0, 0.0, false),
        (3.28, 24.0, 0.0, false),
        (2.92, 12.0, 0.0, false),
        (4.0, 21.0, 0.0, true),
        (2.86, 17.0, 0.0, false),
        (2.76, 17.0, 0.0, false),
        (2.87, 21.0, 0.0, false),
        (3.03, 25.0, 0.0, false),
        (3.92, 29.0, 0.0, true),
        (2.63, 20.0, 0.0, false),
        (3.32, 23.0, 0.0, false),
        (3.57, 23.0, 0.0, false),
        (3.26, 25.0, 0.0, true),
        (3.53, 26.0, 0.0, false),
        (2.74, 19.0, 0.0, false),
        (2.75, 25.0, 0.0, false),
        (2.83, 19.0, 0.0, false),
        (3.12, 23.0, 1.0, false),
        (3.16, 25.0, 1.0, true),
        (2.06, 22.0, 1.0, false),
        (3.62, 28.0, 1.0, true),
        (2.89, 14.0, 1.0, false),
        (3.51, 26.0, 1.0, false),
        (3.54, 24.0, 1.0, true),
        (2.83, 27.0, 1.0, true),
        (3.39, 17.0, 1.0, true),
        (2.67, 24.0, 1.0, false),
        (3.65, 21.0, 1.0, true),
        (4.0, 23.0, 1.0, true),
        (3.1, 21.0, 1.0, false),
        (2.39, 19.0, 1.0, true),
    ];

    /// statsmodels prints -13.02135 (4.93132), 2.82611 (1.26294), 0.09516 (0.14155), 2.37869 (1.06456).
    #[test]
    fn grades_as_statsmodels_fits_them() {
        let rows: Vec<Vec<f64>> = SPECTOR
            .iter()
            .map(|(gpa, tuce, psi, _)| vec![1.0, *gpa, *tuce, *psi])
            .collect();
        let unit = |(row, student): (usize, &(f64, f64, f64, bool))| Observation {
            row,
            outcome: student.3,
            cluster: (0, u32::try_from(row).unwrap()),
        };
        let units: Vec<Observation> = SPECTOR.iter().enumerate().map(unit).collect();
        let (fit, _) = logit(&rows, &units, LogitErrors::Model).unwrap();
        let expected = [
            (-13.02135, 4.93132),
            (2.82611, 1.26294),
            (0.09516, 0.14155),
            (2.37869, 1.06456),
        ];
        for (at, (coefficient, error)) in expected.into_iter().enumerate() {
            assert!((fit.coefficients[at] - coefficient).abs() < 6e-6, "{fit:?}");
            assert!((fit.errors[at] - error).abs() < 6e-6, "{fit:?}");
        }
    }
}
