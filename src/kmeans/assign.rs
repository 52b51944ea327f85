//! Assignment step: the nearest centre of each point.

use super::points::{BLOCK, CHUNK, Points};
use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// Where points belong, and what follows from that.
#[derive(Debug, Clone, Default)]
pub struct Assignment {
    /// The centre of each point, the lowest of several as near.
    pub labels: Vec<u32>,
    /// The squared distance to it.
    pub distances: Vec<f64>,
    /// The squared distance to the next nearest.
    pub seconds: Vec<f64>,
}

/// What a pass over the points sums up.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// By centre: the sum of the weighted coordinates.
    pub(super) totals: Vec<f64>,
    /// By centre: the weight.
    pub(super) weights: Vec<f64>,
    /// The weighted squared distances.
    pub(super) inertia: f64,
    /// Points whose label is another than before.
    pub(super) moved: usize,
}

impl Sums {
    pub(super) fn zero(count: usize, width: usize) -> Self {
        Self {
            totals: vec![0.0; count * width],
            weights: vec![0.0; count],
            inertia: 0.0,
            moved: 0,
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        let add = |to: &mut Vec<f64>, more: &[f64]| to.iter_mut().zip(more).for_each(|(to, more)| *to += more);
        add(&mut self.totals, &other.totals);
        add(&mut self.weights, &other.weights);
        self.inertia += other.inertia;
        self.moved += other.moved;
    }

    /// A point goes from one cluster to another.
    pub(super) fn change<const D: usize>(&mut self, point: &[f64; D], weight: f64, from: u32, to: u32) {
        self.moved += 1;
        let mut add = |cluster: u32, weight: f64| {
            // A label that is none yet has no cluster.
            let Some(own) = self.weights.get_mut(cluster as usize) else {
                return;
            };
            *own += weight;
            let totals = &mut self.totals[cluster as usize * D..][..D];
            totals
                .iter_mut()
                .zip(point)
                .for_each(|(total, value)| *total += weight * value);
        };
        add(from, -weight);
        add(to, weight);
    }
}

/// Call a function whose constant is the number of coordinates.
macro_rules! by_width {
    ($width:expr, $f:ident ( $($argument:expr),* )) => {
        match $width {
            1 => $f::<1>($($argument),*), 2 => $f::<2>($($argument),*), 3 => $f::<3>($($argument),*),
            4 => $f::<4>($($argument),*), 5 => $f::<5>($($argument),*), 6 => $f::<6>($($argument),*),
            7 => $f::<7>($($argument),*), 8 => $f::<8>($($argument),*), 9 => $f::<9>($($argument),*),
            10 => $f::<10>($($argument),*), 11 => $f::<11>($($argument),*), 12 => $f::<12>($($argument),*),
            13 => $f::<13>($($argument),*), 14 => $f::<14>($($argument),*), 15 => $f::<15>($($argument),*),
            16 => $f::<16>($($argument),*),
            width => Err(Error::Argument(format!("k-means takes 1 to 16 columns, not {width}"))),
        }
    };
}

/// Where points belong.
///
/// # Errors
/// If the caller asked to stop.
pub fn assign(points: &Points<'_>, centres: &[f64], task: &Task) -> Result<Assignment> {
    by_width!(points.width(), assign_of(points, centres, task))
}

/// Centres of a known number of coordinates.
pub(super) fn centres_of<const D: usize>(centres: &[f64]) -> Vec<[f64; D]> {
    centres
        .chunks_exact(D)
        .map(|centre| std::array::from_fn(|axis| centre[axis]))
        .collect()
}

/// What a block's points are near to.
#[derive(Debug)]
pub(super) struct Near {
    first: [f64; BLOCK],
    second: [f64; BLOCK],
    label: [f64; BLOCK],
}

impl Default for Near {
    fn default() -> Self {
        Self {
            first: [f64::INFINITY; BLOCK],
            second: [f64::INFINITY; BLOCK],
            label: [0.0; BLOCK],
        }
    }
}

impl Near {
    /// The nearest centre of a point, its squared distance, and that of the next.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Numbers of centres.
    pub(super) fn of(&self, at: usize) -> (u32, f64, f64) {
        (self.label[at] as u32, self.first[at], self.second[at])
    }
}

/// Points whose distances are held in registers.
const LANES: usize = 8;

/// Find what each point of a block is near to.
#[allow(clippy::needless_range_loop)] // Lists side by side, so that several places are one instruction.
pub(super) fn find<const D: usize>(block: &[[f64; BLOCK]; D], centres: &[[f64; D]], near: &mut Near) {
    for from in (0..BLOCK).step_by(LANES) {
        let (mut first, mut second, mut label) = ([f64::INFINITY; LANES], [f64::INFINITY; LANES], [0.0; LANES]);
        let mut number = 0.0;
        for centre in centres {
            for at in 0..LANES {
                let mut distance = 0.0;
                for axis in 0..D {
                    let side = block[axis][from + at] - centre[axis];
                    distance += side * side;
                }
                // Without branches, and with numbers of one width, so that several points are one instruction.
                let farther = if distance > first[at] { distance } else { first[at] };
                second[at] = if farther < second[at] { farther } else { second[at] };
                label[at] = if distance < first[at] { number } else { label[at] };
                first[at] = if distance < first[at] { distance } else { first[at] };
            }
            number += 1.0;
        }
        near.first[from..from + LANES].copy_from_slice(&first);
        near.second[from..from + LANES].copy_from_slice(&second);
        near.label[from..from + LANES].copy_from_slice(&label);
    }
}

fn assign_of<const D: usize>(points: &Points<'_>, centres: &[f64], task: &Task) -> Result<Assignment> {
    let centres = centres_of::<D>(centres);
    let parts = runtime::map(points.len().div_ceil(CHUNK), task, |chunk| {
        let (mut to, mut near, mut block) = (Assignment::default(), Near::default(), [[0.0; BLOCK]; D]);
        for from in (chunk * CHUNK..points.len().min((chunk + 1) * CHUNK)).step_by(BLOCK) {
            let count = points.block(from, &mut block);
            find(&block, &centres, &mut near);
            for (label, first, second) in (0..count).map(|at| near.of(at)) {
                to.labels.push(label);
                to.distances.push(first);
                to.seconds.push(second);
            }
        }
        Ok(to)
    })?;
    let mut all = Assignment::default();
    for mut part in parts {
        all.labels.append(&mut part.labels);
        all.distances.append(&mut part.distances);
        all.seconds.append(&mut part.seconds);
    }
    Ok(all)
}

/// Category points with their nearest centres; the weighted sum of the squared distances.
pub(super) fn label<const D: usize>(
    points: &Points<'_>,
    centres: &[f64],
    labels: &mut [u32],
    task: &Task,
) -> Result<Sums> {
    let centres = centres_of::<D>(centres);
    let parts = runtime::each(labels.chunks_mut(CHUNK).collect(), task, |chunk, labels| {
        let (mut sums, mut near, mut block) = (Sums::zero(centres.len(), D), Near::default(), [[0.0; BLOCK]; D]);
        for (part, labels) in labels.chunks_mut(BLOCK).enumerate() {
            let from = chunk * CHUNK + part * BLOCK;
            points.block(from, &mut block);
            find(&block, &centres, &mut near);
            for (at, label) in labels.iter_mut().enumerate() {
                let (nearest, distance, _) = near.of(at);
                *label = nearest;
                sums.inertia += points.weight(from + at) * distance;
                sums.weights[nearest as usize] += points.weight(from + at);
            }
        }
        Ok(sums)
    })?;
    let mut all = Sums::zero(centres.len(), D);
    for part in &parts {
        all.add(part);
    }
    Ok(all)
}

pub(super) use by_width;
