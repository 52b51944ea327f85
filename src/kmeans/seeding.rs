//! Seeding: greedy k-means++.
//!
//! D. Arthur & S. Vassilvitskii, "k-means++: the advantages of careful seeding" (SODA 2007); of several candidates at
//! each step the one that lowers the inertia most is taken, as in their own program and in scikit-learn. Of many points
//! a sample is enough to start from.

use rand_distr::{Distribution, StandardUniform};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;

use super::points::Points;

/// Points of which a start is chosen.
const SAMPLE: usize = 1 << 15;

/// Centres to start from, one after another; fewer where fewer points differ.
#[must_use]
pub(super) fn seeds(points: &Points<'_>, count: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let centres = of_some(&sample(points, &mut random), points.width(), count, &mut random);
    if centres.len() < count * points.width() && points.len() > SAMPLE {
        // What few points differ in, or weigh, a sample can miss.
        let all: Vec<(Vec<f64>, f64)> = (0..points.len())
            .map(|at| (points.point(at), points.weight(at)))
            .collect();
        return of_some(&all, points.width(), count, &mut random);
    }
    centres
}

fn of_some(some: &[(Vec<f64>, f64)], width: usize, count: usize, random: &mut Random) -> Vec<f64> {
    let mut centres = Vec::with_capacity(count * width);
    let mut near = vec![f64::INFINITY; some.len()];
    let mut weights: Vec<f64> = some.iter().map(|(_, weight)| *weight).collect();
    // 2 + ⌊ln k⌋, as scikit-learn.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let trials = 2 + (count as f64).ln() as usize;
    for step in 0..count {
        let tries = if step == 0 { 1 } else { trials };
        let mut best: Option<(f64, Vec<f64>, Vec<f64>)> = None;
        for _ in 0..tries {
            let Some(at) = random.choose(&weights) else { break };
            let candidate = some[at].0.clone();
            let now: Vec<f64> = some
                .iter()
                .zip(&near)
                .map(|((point, _), near)| near.min(squared(point, &candidate)))
                .collect();
            let inertia = now.iter().zip(some).map(|(near, (_, weight))| near * weight).sum();
            if best.as_ref().is_none_or(|(least, ..)| inertia < *least) {
                best = Some((inertia, candidate, now));
            }
        }
        let Some((_, centre, now)) = best else { break };
        centres.extend(centre);
        near = now;
        for ((weight, near), (_, own)) in weights.iter_mut().zip(&near).zip(some) {
            *weight = near * own;
        }
    }
    centres
}

fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// All points, or a sample drawn without choice by weight: a point is taken where the running number falls on it.
fn sample(points: &Points<'_>, random: &mut Random) -> Vec<(Vec<f64>, f64)> {
    let all = 0..points.len();
    if points.len() <= SAMPLE {
        return all.map(|at| (points.point(at), points.weight(at))).collect();
    }
    // One of each of as many runs of equal length, so that every stretch of the data is seen.
    (0..SAMPLE)
        .map(|run| {
            let (from, to) = (run * points.len() / SAMPLE, (run + 1) * points.len() / SAMPLE);
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss
            )]
            let at = from + ((to - from) as f64 * random.next()) as usize;
            (points.point(at), points.weight(at))
        })
        .collect()
}

/// Chance with a seed.
pub(super) struct Random(Pcg64Mcg);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// A number from 0 up to 1.
    pub(super) fn next(&mut self) -> f64 {
        StandardUniform.sample(&mut self.0)
    }

    /// A whole number below `count`.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((self.next() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// A place, with chances that are as its weight; none where all weigh nothing.
    fn choose(&mut self, weights: &[f64]) -> Option<usize> {
        let whole: f64 = weights.iter().sum();
        let mut rest = self.next() * whole;
        let found = weights.iter().position(|weight| {
            rest -= weight;
            rest < 0.0
        });
        // Rounding can leave a little behind the last.
        found
            .or_else(|| weights.iter().rposition(|weight| *weight > 0.0))
            .filter(|_| whole > 0.0)
    }
}
