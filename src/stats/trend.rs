//! Seasonal Kendall trend test and Sen slope.
//!
//! R. M. Hirsch, J. R. Slack & R. A. Smith, "Techniques of trend analysis for monthly water quality data", Water
//! Resources Research 18 (1982): Kendall's test within each season, its scores summed, and the median of the slopes
//! within seasons; the slope's interval as in R. O. Gilbert, "Statistical Methods for Environmental Pollution
//! Monitoring" (1987), 17.3.

/// The trend of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The median change from one value of a season to the next, per cycle of the seasons.
    pub slope: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end of its 95 % interval.
    pub high: f64,
    /// The two-sided p-value of the hypothesis that there is no trend.
    pub p_value: f64,
}

/// The trend of a series whose seasons come in turn, such as days and weekdays; values may be missing. `None` where no
/// season has two values.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Days are few.
pub fn seasonal_trend(values: &[Option<f64>], seasons: usize) -> Option<Trend> {
    const Z: f64 = 1.959_963_984_540_054;
    let (mut slopes, mut score, mut variance) = (Vec::new(), 0.0, 0.0);
    for season in 0..seasons {
        let own: Vec<(f64, f64)> = values
            .iter()
            .skip(season)
            .step_by(seasons)
            .enumerate()
            .filter_map(of_cycle)
            .collect();
        for (at, (cycle, value)) in own.iter().enumerate() {
            for (later, other) in &own[at + 1..] {
                slopes.push((other - value) / (later - cycle));
                score += sign(other - value);
            }
        }
        variance += variance_of(&own);
    }
    if slopes.is_empty() {
        return None;
    }
    slopes.sort_by(f64::total_cmp);
    let half = Z * variance.sqrt();
    let at = |place: f64| {
        let place = (place - 1.0).clamp(0.0, (slopes.len() - 1) as f64);
        let (below, part) = (place.floor(), place.fract());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (low, next) = (
            slopes[below as usize],
            slopes[(below as usize + 1).min(slopes.len() - 1)],
        );
        low + (next - low) * part
    };
    let count = slopes.len() as f64;
    // Kendall's score moves in steps of two; one is the correction for that.
    let z = if variance > 0.0 {
        (score.abs() - 1.0).max(0.0) / variance.sqrt()
    } else {
        0.0
    };
    Some(Trend {
        slope: at(count.midpoint(1.0)),
        low: at((count - half) / 2.0),
        high: at(count.midpoint(half) + 1.0),
        p_value: libm::erfc(z / std::f64::consts::SQRT_2),
    })
}

#[allow(clippy::cast_precision_loss)]
fn of_cycle((cycle, value): (usize, &Option<f64>)) -> Option<(f64, f64)> {
    Some((cycle as f64, (*value)?))
}

fn sign(difference: f64) -> f64 {
    if difference == 0.0 { 0.0 } else { difference.signum() }
}

/// The variance of Kendall's score without a trend, given how often values are equal.
#[allow(clippy::cast_precision_loss)]
fn variance_of(own: &[(f64, f64)]) -> f64 {
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let mut sorted: Vec<f64> = own.iter().map(|(_, value)| *value).collect();
    sorted.sort_by(f64::total_cmp);
    let ties: f64 = sorted
        .chunk_by(|a, b| a.total_cmp(b).is_eq())
        .map(|tied| term(tied.len() as f64))
        .sum();
    (term(own.len() as f64) - ties) / 18.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `seasonal_test(x, period=7)` of pymannkendall 1.4.3: score 52, variance 564, slope .85.
    #[test]
    fn the_test_is_that_of_pymannkendall() {
        let of = |day: i32| f64::from(day * 37 % 11) + 0.05 * f64::from(day) + f64::from(day % 7);
        let values: Vec<Option<f64>> = (0..60).map(|day| Some(of(day))).collect();
        let trend = seasonal_trend(&values, 7).unwrap();
        assert!((trend.slope - 0.85).abs() < 1e-12, "{trend:?}");
        assert!((trend.p_value - 0.031_754_499_335_234_33).abs() < 1e-12, "{trend:?}");
        assert!(trend.low < 0.85 && 0.85 < trend.high);
    }

    #[test]
    fn a_series_that_rises_every_week() {
        let values: Vec<Option<f64>> = (0..70)
            .map(|day| Some(f64::from(day % 7) * 10.0 + f64::from(day / 7)))
            .collect();
        let trend = seasonal_trend(&values, 7).unwrap();
        assert!((trend.slope - 1.0).abs() < 1e-12 && (trend.low - 1.0).abs() < 1e-12);
        assert!(trend.p_value < 1e-10);
        assert_eq!(seasonal_trend(&values[..7], 7), None);
        assert_eq!(seasonal_trend(&[Some(2.0); 40], 7).unwrap().p_value, 1.0);
    }
}
