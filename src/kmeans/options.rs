//! k-means as a caller asks for it: from centres, or from a seed.

use crate::error::{Error, Result};
use crate::params::options;
use crate::runtime::Task;

use super::lloyd::{KMeans, KMeansPlan, check, kmeans};
use super::points::Points;
use super::seeding::seeds;
use super::select_k::too_many;

options! {
    /// What is asked for.
    pub struct KMeansOptions {
        /// How many clusters.
        pub k: usize,
        /// The centres to start from; without them, some are drawn.
        pub init: Option<Vec<f64>>,
        /// Most steps.
        pub steps: u64,
        /// How little centres may move at the end, by the mean variance.
        pub tolerance: f64,
    }
}

/// Find clusters; those from a seed are numbered in the order of their first coordinate.
///
/// # Errors
/// If points are not finite, fewer differ than clusters are asked for, or the caller asked to stop.
pub fn from_options(points: &Points<'_>, options: KMeansOptions, seed: u64, task: &Task) -> Result<KMeans> {
    let plan = KMeansPlan {
        steps: u32::try_from(options.steps)
            .map_err(|_| Error::Argument(format!("max_iter={}: give a smaller number", options.steps)))?,
        tolerance: options.tolerance,
    };
    task.in_steps(None);
    if let Some(init) = options.init {
        return kmeans(points, init, plan, task);
    }
    check(points, task)?;
    let start = seeds(points, options.k, seed);
    let different = start.len() / points.width().max(1);
    if different < options.k {
        return Err(too_many(options.k, different));
    }
    let mut found = kmeans(points, start, plan, task)?;
    found.order_by(|centre| centre[0]);
    Ok(found)
}
