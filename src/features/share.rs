//! The share of units that count, whose customers stand together.

use super::{Feature, Unit};
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
pub fn share(units: impl Iterator<Item = (CustomerIndex, bool)>) -> Option<Share> {
    let mut clusters = ClusteredProportion::default();
    for (customer, counts) in units {
        clusters.add(customer, counts);
    }
    clusters.close();
    of(&clusters)
}

/// The share of clusters that are closed.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn of(clusters: &ClusteredProportion) -> Option<Share> {
    let [_, whole, part, ..] = clusters.sums();
    let (rate, n) = (part as f64 / whole as f64, clusters.effective());
    let (low, high) = wilson_effective(rate, n)?;
    (whole > 0).then_some(Share { rate, low, high, n })
}

/// A level of a feature beside all other levels that are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct LevelShares {
    pub(super) units: u64,
    pub(super) share: Option<Share>,
    pub(super) others: Option<Share>,
}

/// The shares of all levels of a feature, in one pass: units of a cluster stand one after another.
pub(super) fn shares_by_level(feature: &Feature, units: &[Unit]) -> Vec<LevelShares> {
    // Sums of whole numbers: what the others of a level are is all, less the clusters that have the level, and what these
    // have of others again.
    let mut all = [0u64; 6];
    let mut own = vec![[0u64; 6]; feature.levels.len()];
    let mut less = own.clone();
    let mut more = own.clone();
    let mut inside: Vec<(usize, u64, u64)> = Vec::new();
    let mut at = 0;
    for cluster in units.chunk_by(|a, b| a.cluster == b.cluster) {
        inside.clear();
        for (unit, code) in cluster.iter().zip(&feature.codes[at..]) {
            let Some(level) = *code else { continue };
            let counts = u64::from(unit.outcome);
            match inside.iter_mut().find(|(known, ..)| *known == level) {
                Some((_, part, whole)) => (*part, *whole) = (*part + counts, *whole + 1),
                None => inside.push((level, counts, 1)),
            }
        }
        at += cluster.len();
        let (part, whole) = inside.iter().fold((0, 0), |sum, of| (sum.0 + of.1, sum.1 + of.2));
        add(&mut all, part, whole);
        for &(level, own_part, own_whole) in &inside {
            add(&mut own[level], own_part, own_whole);
            add(&mut less[level], part, whole);
            add(&mut more[level], part - own_part, whole - own_whole);
        }
    }
    let levels = own.into_iter().zip(less).zip(more);
    let shares = levels.map(|((own, less), more)| LevelShares {
        units: own[1],
        share: of(&ClusteredProportion::from_sums(own)),
        others: of(&ClusteredProportion::from_sums(std::array::from_fn(|sum| {
            all[sum] - less[sum] + more[sum]
        }))),
    });
    shares.collect()
}

/// Add a cluster: its number, units, units that count, and the sums of squares and products of the two.
fn add(sums: &mut [u64; 6], part: u64, whole: u64) {
    if whole > 0 {
        let cluster = [1, whole, part, part * part, part * whole, whole * whole];
        sums.iter_mut().zip(cluster).for_each(|(sum, more)| *sum += more);
    }
}
