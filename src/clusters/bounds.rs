//! Steps that skip points whose centre cannot have changed.
//!
//! G. Hamerly, "Making k-means even faster" (SDM 2010): for each point one bound above its distance to its own centre and
//! one below those to all others. When centres move, bounds move with them; while the one stays below the other, or
//! below half the way from the centre to the next, the label stays. Only points that change it move the sums.

use super::assign::{Near, Sums, centres_of, find};
use super::points::{BLOCK, CHUNK, Points};
use crate::error::Result;
use crate::parallel::{self, Task};

/// Labels, and bounds of distances: 20 bytes a point.
pub(super) struct Bounds {
    pub(super) labels: Vec<u32>,
    /// At least the distance to the own centre.
    pub(super) upper: Vec<f64>,
    /// At most the distance to any other.
    pub(super) lower: Vec<f64>,
}

/// How far centres moved, and lie apart.
struct Moves {
    shift: Vec<f64>,
    /// The farthest move, of which centre, and the next to it.
    most: (f64, u32, f64),
    /// Half the way to the next centre.
    half: Vec<f64>,
}

/// A bound must hold by this much beyond rounding.
const SLACK: f64 = 1.0 + 1e-10;
/// Points of a block to search from which on all of it is searched, side by side.
const MANY: usize = BLOCK / 4;

impl Bounds {
    /// Nothing is known.
    pub(super) fn new(count: usize) -> Self {
        Self {
            labels: vec![u32::MAX; count],
            upper: vec![f64::INFINITY; count],
            lower: vec![0.0; count],
        }
    }

    /// Label points after centres moved from `before`; the sums follow those that change.
    pub(super) fn step<const D: usize>(
        &mut self,
        points: &Points<'_>,
        before: &[f64],
        centres: &[f64],
        sums: &mut Sums,
        task: &Task,
    ) -> Result<()> {
        let (centres, moves) = (centres_of::<D>(centres), Moves::of::<D>(before, centres));
        let state = self
            .labels
            .chunks_mut(CHUNK)
            .zip(self.upper.chunks_mut(CHUNK))
            .zip(self.lower.chunks_mut(CHUNK));
        let parts = parallel::each(state.collect(), task, |chunk, ((labels, upper), lower)| {
            let mut sums = Sums::zero(centres.len(), D);
            let mut near = Near::default();
            let mut block = [[0.0; BLOCK]; D];
            let state = labels
                .chunks_mut(BLOCK)
                .zip(upper.chunks_mut(BLOCK))
                .zip(lower.chunks_mut(BLOCK));
            for (part, ((labels, upper), lower)) in state.enumerate() {
                let mut open = [0_u8; BLOCK];
                let count = moves.apply(labels, upper, lower, &mut open);
                if count == 0 {
                    continue;
                }
                let from = chunk * CHUNK + part * BLOCK;
                points.block(from, &mut block);
                if count >= MANY {
                    find(&block, &centres, &mut near);
                }
                for at in open[..count].iter().map(|at| usize::from(*at)) {
                    let point: [f64; D] = std::array::from_fn(|axis| block[axis][at]);
                    let found = if count >= MANY {
                        near.of(at)
                    } else {
                        one(&point, &centres)
                    };
                    (upper[at], lower[at]) = (found.1.sqrt(), found.2.sqrt());
                    if found.0 != labels[at] {
                        sums.change(&point, points.weight(from + at), labels[at], found.0);
                        labels[at] = found.0;
                    }
                }
            }
            Ok(sums)
        })?;
        sums.moved = 0;
        for part in &parts {
            sums.add(part);
        }
        Ok(())
    }
}

impl Moves {
    fn of<const D: usize>(before: &[f64], centres: &[f64]) -> Self {
        let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
        let shift: Vec<f64> = before
            .chunks_exact(D)
            .zip(centres.chunks_exact(D))
            .map(|(a, b)| apart(a, b))
            .collect();
        let mut most = (0.0, u32::MAX, 0.0);
        for (at, shift) in (0..).zip(&shift) {
            if *shift > most.0 {
                most = (*shift, at, most.0);
            } else if *shift > most.2 {
                most.2 = *shift;
            }
        }
        let all = || centres.chunks_exact(D).enumerate();
        let half = |(at, centre): (usize, &[f64])| {
            let others = all().filter(|(other, _)| *other != at);
            0.5 * others
                .map(|(_, other)| apart(centre, other))
                .fold(f64::INFINITY, f64::min)
        };
        Self {
            shift,
            most,
            half: all().map(half).collect(),
        }
    }

    /// Move the bounds of a block; which points they leave open, and how many.
    fn apply(&self, labels: &[u32], upper: &mut [f64], lower: &mut [f64], open: &mut [u8; BLOCK]) -> usize {
        let mut count = 0;
        for (at, label) in (0..).zip(labels) {
            let own = *label as usize;
            let place = usize::from(at);
            // A label that is none yet has no centre.
            let (shift, half) = (self.shift.get(own).copied(), self.half.get(own).copied());
            let (shift, half) = (shift.unwrap_or(0.0), half.unwrap_or(0.0));
            upper[place] += shift;
            lower[place] -= if *label == self.most.1 {
                self.most.2
            } else {
                self.most.0
            };
            open[count] = at;
            count += usize::from(upper[place] * SLACK >= lower[place].max(half));
        }
        count
    }
}

/// The nearest centre of one point, its squared distance, and that of the next.
fn one<const D: usize>(point: &[f64; D], centres: &[[f64; D]]) -> (u32, f64, f64) {
    let (mut label, mut near, mut second) = (0, f64::INFINITY, f64::INFINITY);
    for (number, centre) in (0..).zip(centres) {
        let distance: f64 = point.iter().zip(centre).map(|(a, b)| (a - b) * (a - b)).sum();
        if distance < near {
            (second, near, label) = (near, distance, number);
        } else if distance < second {
            second = distance;
        }
    }
    (label, near, second)
}
