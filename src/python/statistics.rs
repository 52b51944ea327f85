//! Plain statistics.

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;

use crate::stats::{self, ClusteredProportion, Interval, wilson_effective};

/// The share of units that count, its interval, and how many independent units tell as much: `clusters` numbers the
/// customer of each unit, in their order.
#[pyfunction]
pub(super) fn clustered_share(
    clusters: PyReadonlyArray1<'_, i64>,
    counts: PyReadonlyArray1<'_, bool>,
) -> Option<(f64, f64, f64, f64)> {
    let mut all = ClusteredProportion::default();
    let (mut part, mut whole) = (0.0, 0.0);
    for (cluster, counts) in clusters.as_array().iter().zip(counts.as_array()) {
        // Only whether two are the same matters, and they stand in their order.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        all.add(((cluster >> 32) as u32, *cluster as u32), *counts);
        whole += 1.0;
        part += f64::from(u8::from(*counts));
    }
    all.close();
    let n = all.effective();
    wilson_effective(part / whole, n).map(|(low, high)| (part / whole, low, high, n))
}

/// The difference of two shares with its interval.
#[pyfunction]
pub(super) fn difference(ours: Interval, theirs: Interval) -> Interval {
    stats::difference(ours, theirs)
}

/// The p-value of the hypothesis that two shares, each with its number of units, are the same.
#[pyfunction]
pub(super) fn same_share(ours: (f64, f64), theirs: (f64, f64)) -> Option<f64> {
    stats::two_proportion_z_test(ours, theirs)
}

/// p-values adjusted for their number.
#[pyfunction]
pub(super) fn holm(values: Vec<Option<f64>>) -> Vec<Option<f64>> {
    stats::holm(&values)
}

/// The trend of a series with seasons: its slope, the interval of that, the p-value.
#[pyfunction]
pub(super) fn seasonal_trend(values: Vec<Option<f64>>, seasons: usize) -> Option<(f64, f64, f64, f64)> {
    let trend = stats::seasonal_trend(&values, seasons.max(1))?;
    Some((trend.slope, trend.low, trend.high, trend.p_value))
}
