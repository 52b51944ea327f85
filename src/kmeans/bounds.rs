//! Hamerly's bounds: steps that skip points whose nearest centre cannot have changed.
//!
//! G. Hamerly, "Making k-means even faster" (SDM 2010): for each point one bound above its distance to its own centre
//! and one below those to all others. When centres move, bounds move with them; while the one stays below the other, or
//! below half the way from the centre to the next, the label stays. Only points that change it move the sums.

use super::assign::{Near, Sums, centres_of, find};
use super::points::{BLOCK, CHUNK, Points};
use crate::error::Result;
use crate::runtime::{self, Task};

/// Labels, and bounds of distances: 20 bytes a point.
pub(super) struct Bounds {
    pub(super) labels: Vec<u32>,
    /// At least the distance to the own centre.
    pub(super) upper: Vec<f64>,
    /// At most the distance to any other.
    pub(super) lower: Vec<f64>,
}

/// By centre, and once more for no centre yet: what becomes of the bounds of its points.
struct Moves {
    /// How far it moved.
    up: Vec<f64>,
    /// How far the farthest of the others moved.
    down: Vec<f64>,
    /// Half the way to the next centre.
    half: Vec<f64>,
}

/// A bound must hold by this much beyond rounding.
const SLACK: f64 = 1.0 + 1e-10;
/// Open points of a block from which on all of it is searched, side by side: at once, and after bounds were tightened.
/// Found by trial on customers' R, F and M, 5 and 8 centres.
const MANY: usize = 16;
const FEW: usize = 8;

impl Bounds {
    /// Nothing is known, and points have no centre: the number behind the last.
    pub(super) fn new(count: usize, centres: usize) -> Self {
        Self {
            labels: vec![u32::try_from(centres).unwrap_or(u32::MAX); count],
            upper: vec![f64::INFINITY; count],
            lower: vec![0.0; count],
        }
    }

    /// Category points after centres moved from `before`; the sums follow those that change.
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
        let parts = runtime::each(state.collect(), task, |chunk, ((labels, upper), lower)| {
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
                let point = |at: usize| -> [f64; D] { std::array::from_fn(|axis| block[axis][at]) };
                // Often the bound alone was loose; but where many are open, to search all is as cheap as to look.
                let rest = if count < MANY {
                    moves.tighten(&centres, labels, upper, lower, &mut open[..count], point)
                } else {
                    count
                };
                if rest >= FEW {
                    find(&block, &centres, &mut near);
                }
                for at in open[..rest].iter().map(|at| usize::from(*at)) {
                    let point = point(at);
                    let found = if rest < FEW { one(&point, &centres) } else { near.of(at) };
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
        let mut up: Vec<f64> = before
            .chunks_exact(D)
            .zip(centres.chunks_exact(D))
            .map(|(a, b)| apart(a, b))
            .collect();
        let others = |at: usize| (0..up.len()).filter(move |other| *other != at);
        let down = (0..up.len()).map(|at| others(at).map(|other| up[other]).fold(0.0, f64::max));
        let centre = |at: usize| &centres[at * D..(at + 1) * D];
        let half = |at: usize| {
            others(at)
                .map(|other| apart(centre(at), centre(other)))
                .fold(f64::INFINITY, f64::min)
                / 2.0
        };
        let (down, half): (Vec<f64>, Vec<f64>) = down.chain([0.0]).zip((0..up.len()).map(half).chain([0.0])).unzip();
        up.push(0.0);
        Self { up, down, half }
    }

    /// Set the upper bounds of open points to their distances; how many stay open.
    fn tighten<const D: usize>(
        &self,
        centres: &[[f64; D]],
        labels: &[u32],
        upper: &mut [f64],
        lower: &[f64],
        open: &mut [u8],
        point: impl Fn(usize) -> [f64; D],
    ) -> usize {
        let mut rest = 0;
        for place in 0..open.len() {
            let at = usize::from(open[place]);
            let own = labels[at] as usize;
            if let Some(own) = centres.get(own) {
                upper[at] = squared(&point(at), own).sqrt();
            }
            open[rest] = open[place];
            rest += usize::from(upper[at] * SLACK >= lower[at].max(self.half[own]));
        }
        rest
    }

    /// Move the bounds of a block; which points they leave open, and how many.
    fn apply(&self, labels: &[u32], upper: &mut [f64], lower: &mut [f64], open: &mut [u8; BLOCK]) -> usize {
        let mut count = 0;
        let points = labels.iter().zip(upper).zip(lower);
        for (at, ((label, upper), lower)) in (0..).zip(points) {
            let own = *label as usize;
            *upper += self.up[own];
            *lower -= self.down[own];
            open[count] = at;
            count += usize::from(*upper * SLACK >= lower.max(self.half[own]));
        }
        count
    }
}

/// The nearest centre of one point, its squared distance, and that of the next.
fn one<const D: usize>(point: &[f64; D], centres: &[[f64; D]]) -> (u32, f64, f64) {
    let (mut label, mut near, mut second) = (0, f64::INFINITY, f64::INFINITY);
    for (number, centre) in (0..).zip(centres) {
        let distance = squared(point, centre);
        if distance < near {
            (second, near, label) = (near, distance, number);
        } else if distance < second {
            second = distance;
        }
    }
    (label, near, second)
}

fn squared<const D: usize>(a: &[f64; D], b: &[f64; D]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}
