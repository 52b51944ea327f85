//! The share of units that count, whose customers stand together.

use crate::log::CustomerIndex;
use crate::stats::{ClusteredProportion, wilson_effective};

/// A share with its interval and the effective sample size: of units in clusters.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// The share.
    pub rate: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The number of independent units that would tell as much.
    pub n: f64,
}

/// The share of units that count, by customers that stand together.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
pub fn share(units: impl Iterator<Item = (CustomerIndex, bool)>) -> Option<Share> {
    let mut clusters = ClusteredProportion::default();
    let (mut part, mut whole) = (0u64, 0u64);
    for (customer, counts) in units {
        clusters.add(customer, counts);
        whole += 1;
        part += u64::from(counts);
    }
    clusters.close();
    let (rate, n) = (part as f64 / whole as f64, clusters.effective());
    let (low, high) = wilson_effective(rate, n)?;
    (whole > 0).then_some(Share { rate, low, high, n })
}
