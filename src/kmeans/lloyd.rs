//! Lloyd's algorithm, exactly, with bounds that spare most distances.
//!
//! S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28 (1982). A cluster that
//! is left without a point takes the point that is farthest from its centre, and the search ends as scikit-learn's
//! does: no label changes, or centres move less, in sum of squares, than `tolerance` times the mean variance of the
//! columns.

use super::assign::{Assignment, Sums, assign, by_width, label};
use super::bounds::Bounds;
use super::points::{BLOCK, CHUNK, Points};
use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// How the search goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KMeansPlan {
    /// Most steps.
    pub steps: u32,
    /// How little centres may move at the end, by the mean variance.
    pub tolerance: f64,
}

/// Clusters.
#[derive(Debug, Clone)]
pub struct KMeans {
    /// Centre after centre.
    pub centres: Vec<f64>,
    /// The cluster of each point.
    pub labels: Vec<u32>,
    /// By cluster: the weight of its points.
    pub weights: Vec<f64>,
    /// The weighted sum of squared distances to the centres.
    pub inertia: f64,
    /// Steps.
    pub steps: u32,
    /// Whether it ended by itself.
    pub converged: bool,
}

impl KMeans {
    /// Number the clusters in the order of a key.
    pub fn order_by(&mut self, key: impl Fn(&[f64]) -> f64) {
        let width = self.centres.len() / self.weights.len().max(1);
        let mut order: Vec<usize> = (0..self.weights.len()).collect();
        let centre = |at: &usize| &self.centres[at * width..(at + 1) * width];
        order.sort_by(|a, b| key(centre(a)).total_cmp(&key(centre(b))));
        let mut rank = vec![0; order.len()];
        for (new, old) in (0..).zip(&order) {
            rank[*old] = new;
        }
        self.centres = order.iter().flat_map(centre).copied().collect();
        self.weights = order.iter().map(|old| self.weights[*old]).collect();
        for label in &mut self.labels {
            *label = rank[*label as usize];
        }
    }
}

/// Move centres to the means of their points until they stay.
///
/// # Errors
/// If the points have too many coordinates, or the caller asked to stop.
pub fn kmeans(points: &Points<'_>, start: Vec<f64>, plan: KMeansPlan, task: &Task) -> Result<KMeans> {
    let limit = plan.tolerance * check(points, task)?;
    by_width!(points.width(), climb(points, start, limit, plan.steps, task))
}

fn climb<const D: usize>(points: &Points<'_>, start: Vec<f64>, limit: f64, most: u32, task: &Task) -> Result<KMeans> {
    let (mut before, mut centres) = (start.clone(), start);
    let mut bounds = Bounds::new(points.len(), centres.len() / D);
    let mut sums = Sums::zero(centres.len() / D, D);
    let (mut steps, mut converged) = (0, false);
    while steps < most && !converged {
        bounds.step::<D>(points, &before, &centres, &mut sums, task)?;
        steps += 1;
        refill(points, &centres, &mut bounds, &mut sums, task)?;
        let next = means(&sums, &centres, D);
        let shift: f64 = next.iter().zip(&centres).map(|(a, b)| (a - b) * (a - b)).sum();
        converged = sums.moved == 0 || shift <= limit;
        before = std::mem::replace(&mut centres, next);
    }
    // Labels belong to the centres before the last move.
    let mut labels = bounds.labels;
    let sums = label::<D>(points, &centres, &mut labels, task)?;
    Ok(KMeans {
        centres,
        labels,
        weights: sums.weights,
        inertia: sums.inertia,
        steps,
        converged,
    })
}

/// The mean variance of the columns, if all numbers are finite.
///
/// # Errors
/// If one is not, or the caller asked to stop.
pub(super) fn check(points: &Points<'_>, task: &Task) -> Result<f64> {
    let variance = mean_variance(points, task)?;
    if variance.is_finite() {
        Ok(variance)
    } else {
        Err(not_finite(points))
    }
}

/// Which numbers are not finite.
#[must_use]
pub fn not_finite(points: &Points<'_>) -> Error {
    let bad = |row: &usize| (0..points.width()).any(|axis| !points.coordinate(*row, axis).is_finite());
    let rows: Vec<usize> = (0..points.len()).filter(bad).collect();
    match rows.first() {
        Some(first) => Error::Data(format!(
            "k-means takes finite numbers alone: {} rows have others, the first is row {first}; leave them out or fill them",
            rows.len()
        )),
        None => Error::Data("the numbers are too large for their squares to be added up: scale them first".into()),
    }
}

/// The means of the points of each centre; of none, the centre.
fn means(sums: &Sums, centres: &[f64], width: usize) -> Vec<f64> {
    let mean = |(at, total): (usize, &f64)| {
        let weight = sums.weights[at / width];
        if weight > 0.0 { total / weight } else { centres[at] }
    };
    sums.totals.iter().enumerate().map(mean).collect()
}

/// Give each cluster without weight the point that is farthest from its own centre.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn refill(points: &Points<'_>, centres: &[f64], bounds: &mut Bounds, sums: &mut Sums, task: &Task) -> Result<()> {
    // What is left of sums that were taken away again is no weight.
    let least = 1e-9 * sums.weights.iter().sum::<f64>() / points.len() as f64;
    let empty: Vec<usize> = (0..sums.weights.len())
        .filter(|at| sums.weights[*at] <= least)
        .collect();
    if empty.is_empty() {
        return Ok(());
    }
    let Assignment { distances, .. } = assign(points, centres, task)?;
    let mut far: Vec<usize> = (0..points.len()).filter(|at| points.weight(*at) > 0.0).collect();
    far.sort_by(|a, b| distances[*b].total_cmp(&distances[*a]).then(a.cmp(b)));
    let width = points.width();
    for (cluster, point) in empty.into_iter().zip(far) {
        let (from, weight) = (bounds.labels[point] as usize, points.weight(point));
        for axis in 0..width {
            let value = weight * points.coordinate(point, axis);
            sums.totals[from * width + axis] -= value;
            sums.totals[cluster * width + axis] = value;
        }
        sums.weights[from] -= weight;
        sums.weights[cluster] = weight;
        sums.moved += 1;
        bounds.labels[point] = u32::try_from(cluster).unwrap_or(u32::MAX);
        (bounds.upper[point], bounds.lower[point]) = (f64::INFINITY, 0.0);
    }
    Ok(())
}

/// The mean over the columns of their variances, as scikit-learn has it: without weights.
fn mean_variance(points: &Points<'_>, task: &Task) -> Result<f64> {
    by_width!(points.width(), variance_of(points, task))
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn variance_of<const D: usize>(points: &Points<'_>, task: &Task) -> Result<f64> {
    let Some(middle) = (!points.is_empty()).then(|| points.point(0)) else {
        return Ok(0.0);
    };
    // Sums of differences from a point, and of their squares.
    let parts = runtime::map(points.len().div_ceil(CHUNK), task, |chunk| {
        let (mut sums, mut block) = ([[0.0; 2]; D], [[0.0; BLOCK]; D]);
        for from in (chunk * CHUNK..points.len().min((chunk + 1) * CHUNK)).step_by(BLOCK) {
            let count = points.block(from, &mut block);
            for (axis, sums) in sums.iter_mut().enumerate() {
                for value in &block[axis][..count] {
                    let side = value - middle[axis];
                    sums[0] += side;
                    sums[1] += side * side;
                }
            }
        }
        Ok(sums)
    })?;
    let count = points.len() as f64;
    let variance = |axis: usize| {
        let sum = |of: usize| parts.iter().map(|sums| sums[axis][of]).sum::<f64>() / count;
        sum(1) - sum(0).powi(2)
    };
    Ok((0..D).map(variance).sum::<f64>() / D as f64)
}
