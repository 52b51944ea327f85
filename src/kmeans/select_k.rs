//! Selection of k: Caliński–Harabasz, silhouette, bootstrap stability (adjusted Rand).
//!
//! T. Caliński & J. Harabasz, "A dendrite method for cluster analysis", Communications in Statistics 3 (1974); the
//! simplified silhouette, with distances to centres in place of those to all points (E. R. Hruschka et al., 2004); the
//! stability under the bootstrap by the adjusted Rand index (L. Hubert & P. Arabie, "Comparing partitions", Journal of
//! Classification 2, 1985; C. Hennig, "Cluster-wise assessment of cluster stability", CSDA 52, 2007).

use super::assign::assign;
use super::lloyd::{KMeans, KMeansPlan, kmeans};
use super::points::{PointLayout, Points};
use super::seeding::{Random, seeds};
use crate::error::{Error, Result};
use crate::runtime::Task;

/// What speaks for a number of clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// How many clusters.
    pub count: usize,
    /// The weighted sum of squared distances to the centres.
    pub inertia: f64,
    /// Variance between clusters over that within, each by its degrees of freedom.
    pub calinski_harabasz: f64,
    /// The mean over points of (b − a) / max(a, b), with distances to the own and to the next centre.
    pub silhouette: f64,
    /// The mean adjusted Rand index between the clusters and those of bootstrap samples.
    pub stability: f64,
}

/// The numbers of clusters that were tried, and the one that is taken.
#[derive(Debug)]
pub struct Choice {
    /// Each number.
    pub tried: Vec<Quality>,
    /// The place of the one taken.
    pub taken: usize,
    /// Whether that is stable.
    pub stable: bool,
    /// Its clusters.
    pub clusters: KMeans,
}

/// Starts of which the best is kept.
const STARTS: u64 = 3;
/// Bootstrap samples, and points in each.
const SAMPLES: u64 = 10;
const MOST: usize = 20_000;
/// From here on clusters are stable.
const STABLE: f64 = 0.75;

/// The best of several starts.
///
/// # Errors
/// If the caller asked to stop.
fn best(points: &Points<'_>, count: usize, seed: u64, plan: KMeansPlan, task: &Task) -> Result<KMeans> {
    let from = |start: u64| kmeans(points, seeds(points, count, mixed(seed, start)), plan, task);
    let mut best = from(0)?;
    task.step_done();
    for start in 1..STARTS {
        let found = from(start)?;
        task.step_done();
        if found.inertia < best.inertia {
            best = found;
        }
    }
    Ok(best)
}

fn mixed(seed: u64, number: u64) -> u64 {
    seed.wrapping_add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// Try numbers of clusters, and take the best ratio of variances among those that are stable, else the most stable.
///
/// # Errors
/// If the caller asked to stop.
pub fn choose(
    points: &Points<'_>,
    counts: impl ExactSizeIterator<Item = usize>,
    seed: u64,
    plan: KMeansPlan,
    task: &Task,
) -> Result<Choice> {
    let (mut tried, mut all, mut most) = (Vec::new(), Vec::new(), 0);
    let mut asked = 0;
    task.in_steps(Some(counts.len() as u64 * (STARTS + SAMPLES)));
    for count in counts {
        asked = asked.max(count);
        let mut clusters = best(points, count, seed, plan, task)?;
        most = most.max(clusters.weights.len());
        // Where fewer points differ, these are not the clusters that were asked for.
        if clusters.weights.len() == count {
            // The search ends when centres hardly move: those of the labels it ended with are what it found.
            let spread = Spread::of(points, &clusters);
            (clusters.centres, clusters.inertia) = (spread.centres, spread.within);
            let stability = stability(points, &clusters, seed, plan, task)?;
            tried.push(quality(points, &clusters, spread.between, stability, task)?);
            all.push(clusters);
        }
    }
    if all.is_empty() {
        return Err(too_many(asked, most));
    }
    let stable = |at: &usize| tried[*at].stability >= STABLE;
    let taken = (0..tried.len())
        .filter(stable)
        .max_by(|a, b| ratio(&tried[*a]).total_cmp(&ratio(&tried[*b])).then(b.cmp(a)))
        .or_else(|| (0..tried.len()).max_by(|a, b| tried[*a].stability.total_cmp(&tried[*b].stability).then(b.cmp(a))))
        .unwrap_or_default();
    Ok(Choice {
        stable: tried[taken].stability >= STABLE,
        clusters: all.swap_remove(taken),
        tried,
        taken,
    })
}

/// How points spread around the means of their labels.
struct Spread {
    /// The means.
    centres: Vec<f64>,
    /// The weighted sum of squared distances to them.
    within: f64,
    /// That of the means to the mean of all.
    between: f64,
}

impl Spread {
    fn of(points: &Points<'_>, clusters: &KMeans) -> Self {
        let (width, count) = (points.width(), clusters.weights.len());
        let (mut centres, mut weights) = (vec![0.0; count * width], vec![0.0; count]);
        for (at, label) in clusters.labels.iter().enumerate() {
            let (cluster, weight) = (*label as usize, points.weight(at));
            weights[cluster] += weight;
            for axis in 0..width {
                centres[cluster * width + axis] += weight * points.coordinate(at, axis);
            }
        }
        let whole: f64 = weights.iter().sum();
        let middle: Vec<f64> = (0..width)
            .map(|axis| (0..count).map(|cluster| centres[cluster * width + axis]).sum::<f64>() / whole)
            .collect();
        for (at, centre) in centres.iter_mut().enumerate() {
            // A cluster without a point stays where it was.
            let weight = weights[at / width];
            *centre = if weight > 0.0 {
                *centre / weight
            } else {
                clusters.centres[at]
            };
        }
        let squared = |a: f64, b: f64| (a - b) * (a - b);
        let within = (0..points.len())
            .map(|at| {
                let from = clusters.labels[at] as usize * width;
                let axes = 0..width;
                points.weight(at)
                    * axes
                        .map(|axis| squared(points.coordinate(at, axis), centres[from + axis]))
                        .sum::<f64>()
            })
            .sum();
        let between = (0..count * width)
            .map(|at| weights[at / width] * squared(centres[at], middle[at % width]))
            .sum();
        Self {
            centres,
            within,
            between,
        }
    }
}

/// The ratio of variances; without variance inside the clusters there is none to rank by.
fn ratio(quality: &Quality) -> f64 {
    Some(quality.calinski_harabasz)
        .filter(|ratio| ratio.is_finite())
        .unwrap_or(f64::NEG_INFINITY)
}

/// More clusters than points that differ.
#[must_use]
pub(super) fn too_many(asked: usize, most: usize) -> Error {
    Error::Argument(format!(
        "k={asked}, but only {most} points differ: give k={most} at most"
    ))
}

/// What speaks for clusters whose centres are the means of their points.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn quality(points: &Points<'_>, clusters: &KMeans, between: f64, stability: f64, task: &Task) -> Result<Quality> {
    let count = clusters.weights.len();
    let whole: f64 = clusters.weights.iter().sum();
    let freedom = (whole - count as f64) / (count as f64 - 1.0);
    let found = assign(points, &clusters.centres, task)?;
    let mut silhouette = 0.0;
    for (at, (near, second)) in found.distances.iter().zip(&found.seconds).enumerate() {
        let (near, second) = (near.sqrt(), second.sqrt());
        silhouette += if second > 0.0 {
            points.weight(at) * (second - near) / second
        } else {
            0.0
        };
    }
    Ok(Quality {
        count,
        inertia: clusters.inertia,
        calinski_harabasz: between / clusters.inertia * freedom,
        silhouette: silhouette / whole,
        stability,
    })
}

/// Clusters of samples drawn with replacement, laid over the points of a sample, against the clusters of all.
#[allow(clippy::cast_precision_loss)]
fn stability(points: &Points<'_>, clusters: &KMeans, seed: u64, plan: KMeansPlan, task: &Task) -> Result<f64> {
    let width = points.width();
    let count = clusters.centres.len() / width;
    let mut sum = 0.0;
    for sample in 0..SAMPLES {
        let mut random = Random::new(mixed(seed, 1_000 + sample));
        let rows: Vec<usize> = (0..points.len().min(MOST))
            .map(|_| random.below(points.len()))
            .collect();
        let values: Vec<f64> = rows.iter().flat_map(|row| points.point(*row)).collect();
        let weights: Vec<f64> = rows.iter().map(|row| points.weight(*row)).collect();
        let some = Points::new(PointLayout::Rows(&values), width, Some(&weights));
        let again = kmeans(&some, seeds(&some, count, mixed(seed, sample)), plan, task)?;
        task.step_done();
        // Laid over all points where they are few, else over those drawn.
        let (own, other): (Vec<u32>, Vec<u32>) = if points.len() <= MOST {
            (clusters.labels.clone(), assign(points, &again.centres, task)?.labels)
        } else {
            (rows.iter().map(|row| clusters.labels[*row]).collect(), again.labels)
        };
        sum += adjusted_rand(&own, &other);
    }
    Ok(sum / SAMPLES as f64)
}

/// How much two partitions agree beyond chance: 1 for the same, 0 as chance has it.
#[allow(clippy::cast_precision_loss)]
fn adjusted_rand(a: &[u32], b: &[u32]) -> f64 {
    let size = |labels: &[u32]| labels.iter().max().map_or(0, |label| *label as usize + 1);
    let (rows, columns) = (size(a), size(b));
    let mut cells = vec![0_u64; rows * columns];
    for (a, b) in a.iter().zip(b) {
        cells[*a as usize * columns + *b as usize] += 1;
    }
    let pairs = |n: u64| n as f64 * (n as f64 - 1.0) / 2.0;
    let together: f64 = cells.iter().map(|n| pairs(*n)).sum();
    let of_a: f64 = cells.chunks(columns.max(1)).map(|row| pairs(row.iter().sum())).sum();
    let of_b: f64 = (0..columns)
        .map(|at| pairs(cells.iter().skip(at).step_by(columns).sum()))
        .sum();
    let all = pairs(a.len() as u64);
    let (expected, most) = (of_a * of_b / all, of_a.midpoint(of_b));
    if most <= expected {
        1.0
    } else {
        (together - expected) / (most - expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_that_of_starts_and_samples() {
        let values: Vec<f64> = (0..60).map(|at| f64::from(at % 7) + f64::from(at % 3) * 10.0).collect();
        let points = Points::new(PointLayout::Rows(&values), 1, None);
        let plan = KMeansPlan {
            steps: 300,
            tolerance: 1e-4,
        };
        let task = Task::default();
        choose(&points, [2, 3].into_iter(), 0, plan, &task).unwrap();
        // Two numbers of clusters, three starts and ten samples each.
        assert_eq!((task.progress().done, task.progress().total), (26, 26));
    }

    /// `sklearn.metrics.adjusted_rand_score` of the same labels.
    #[test]
    fn agreement_is_that_of_scikit_learn() {
        assert_eq!(adjusted_rand(&[0, 0, 1, 1], &[1, 1, 0, 0]), 1.0);
        let (a, b) = ([0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 1, 2, 2, 2, 2, 0]);
        assert!(
            (adjusted_rand(&a, &b) - 0.204_545_454_545_454_56).abs() < 1e-12,
            "{}",
            adjusted_rand(&a, &b)
        );
    }
}
