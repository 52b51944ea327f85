//! Quantiles.

/// The quantile at `share` by linear interpolation (type 7 of Hyndman and Fan, the default of numpy, pandas and R).
/// Reorders `values`.
///
/// R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996).
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)] // A place in a slice.
pub fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let place = share.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let (_, &mut low, above) = values.select_nth_unstable_by(place as usize, f64::total_cmp);
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    Some(low + (high - low) * place.fract())
}

/// The same quantile of whole numbers, each counting `unit` parts of one. Reorders `values`.
#[must_use]
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)] // A place in a slice; numbers lie below 2⁵³.
pub fn quantile_of_ints(values: &mut [i64], unit: i64, share: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let place = share.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let (_, &mut low, above) = values.select_nth_unstable(place as usize);
    let high = above.iter().copied().min().unwrap_or(low);
    let [low, high] = [low, high].map(|value| value as f64 / unit as f64);
    Some(low + (high - low) * place.fract())
}

/// The median. Reorders `values`.
#[must_use]
pub fn median(values: &mut [f64]) -> Option<f64> {
    quantile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_even_and_none() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }

    #[test]
    fn as_numpy_has_it() {
        // numpy.quantile([15, 20, 35, 40, 50], [0, 0.4, 0.9, 1])
        for (share, expected) in [(0.0, 15.0), (0.4, 29.0), (0.9, 46.0), (1.0, 50.0)] {
            assert!((quantile(&mut [50.0, 15.0, 35.0, 20.0, 40.0], share).unwrap() - expected).abs() < 1e-12);
        }
    }
}
