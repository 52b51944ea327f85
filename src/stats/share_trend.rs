//! The trend of a share over periods: a logistic regression of counts on time, with the dispersion that periods show.

use super::shares::Interval;

const MOST_STEPS: usize = 50;
const CLOSE: f64 = 1e-10;
/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// With fewer periods there is no telling a trend from chance.
const FEWEST: usize = 4;

/// How a share moved from the first period to the last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareTrend {
    /// The odds at the end over those at the start, with the ends of its 95 % interval.
    pub ratio: Interval,
    /// The two-sided p-value of no trend.
    pub p_value: f64,
}

/// The trend of `counts[t].0` of `counts[t].1` over evenly spaced periods. Errors are widened by Pearson's dispersion where
/// periods differ more than counts of independent units would (`McCullagh` and Nelder, "Generalized Linear Models", 1989, section
/// 4.5). `None` with fewer than four periods, or where nothing varies.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
pub fn share_trend(counts: &[(u64, u64)]) -> Option<ShareTrend> {
    let last = counts.len().checked_sub(1).filter(|_| counts.len() >= FEWEST)? as f64;
    let points: Vec<(f64, f64, f64)> = (0..)
        .zip(counts)
        .map(|(at, (part, whole))| (f64::from(at) / last - 0.5, *part as f64, *whole as f64))
        .collect();
    let (part, whole) = points
        .iter()
        .fold((0.0, 0.0), |sum, point| (sum.0 + point.1, sum.1 + point.2));
    if part <= 0.0 || part >= whole {
        return None;
    }
    let (mut level, mut slope) = ((part / (whole - part)).ln(), 0.0);
    for _ in 0..MOST_STEPS {
        let ([a, b], [aa, ab, bb]) = derivatives(&points, level, slope);
        let determinant = aa * bb - ab * ab;
        if determinant <= f64::EPSILON * aa * bb {
            return None;
        }
        let step = ((bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant);
        (level, slope) = (level + step.0, slope + step.1);
        if step.0.abs() < CLOSE && step.1.abs() < CLOSE {
            let error = (aa / determinant * dispersion(&points, level, slope)).sqrt();
            let ratio = |shift: f64| (slope + shift * error).exp();
            return Some(ShareTrend {
                ratio: (ratio(0.0), ratio(-Z), ratio(Z)),
                p_value: libm::erfc((slope / error).abs() / std::f64::consts::SQRT_2),
            });
        }
    }
    None
}

fn chance(level: f64, slope: f64, time: f64) -> f64 {
    1.0 / (1.0 + (-(level + slope * time)).exp())
}

/// The score, and the information.
fn derivatives(points: &[(f64, f64, f64)], level: f64, slope: f64) -> ([f64; 2], [f64; 3]) {
    let (mut score, mut information) = ([0.0; 2], [0.0; 3]);
    for &(time, part, whole) in points {
        let p = chance(level, slope, time);
        let (residual, weight) = (part - whole * p, whole * p * (1.0 - p));
        score[0] += residual;
        score[1] += residual * time;
        information[0] += weight;
        information[1] += weight * time;
        information[2] += weight * time * time;
    }
    (score, information)
}

/// Pearson's chi-square by its degrees of freedom, 1 at least.
#[allow(clippy::cast_precision_loss)] // There are few periods.
fn dispersion(points: &[(f64, f64, f64)], level: f64, slope: f64) -> f64 {
    let term = |&(time, part, whole): &(f64, f64, f64)| {
        let expected = whole * chance(level, slope, time);
        let variance = expected * (1.0 - expected / whole);
        if variance > 0.0 {
            (part - expected).powi(2) / variance
        } else {
            0.0
        }
    };
    let known = points.iter().filter(|point| point.2 > 0.0).count();
    let sum: f64 = points.iter().filter(|point| point.2 > 0.0).map(term).sum();
    (sum / f64::max(known as f64 - 2.0, 1.0)).max(1.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// statsmodels 0.15: GLM(family=Binomial()) of 10, 14, 22, 25 of 100 on -0.5, -1/6, 1/6, 0.5 has the slope 1.12185493 with
    /// the error 0.36713282; its Pearson chi-square of 0.45 is below the degrees of freedom.
    #[test]
    fn a_trend_as_statsmodels_fits_it() {
        let found = share_trend(&[(10, 100), (14, 100), (22, 100), (25, 100)]).unwrap();
        let slope = found.ratio.0.ln();
        let error = (found.ratio.2.ln() - slope) / Z;
        assert!((slope - 1.121_854_93).abs() < 1e-8, "{slope}");
        assert!((error - 0.367_132_82).abs() < 1e-8, "{error}");
    }

    /// The same of 10, 34, 12, 35, 20, 60 of 100: slope 1.70358973, error 0.28574795, Pearson chi-square 47.9025830 on 4.
    #[test]
    fn periods_that_differ_widen_the_interval() {
        let found = share_trend(&[10, 34, 12, 35, 20, 60].map(|part| (part, 100))).unwrap();
        let slope = found.ratio.0.ln();
        assert!((slope - 1.703_589_73).abs() < 1e-8);
        assert!(((found.ratio.2.ln() - slope) / Z - 0.988_854_945_7).abs() < 1e-8);
    }

    #[test]
    fn what_does_not_vary_has_no_trend() {
        assert_eq!(share_trend(&[(0, 10); 5]), None);
        assert_eq!(share_trend(&[(10, 10); 5]), None);
        assert_eq!(share_trend(&[(1, 10); 3]), None);
        let flat = share_trend(&[(10, 100); 6]).unwrap();
        assert!((flat.ratio.0 - 1.0).abs() < 1e-9 && flat.p_value > 0.99);
    }
}
