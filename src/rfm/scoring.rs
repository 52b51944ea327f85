//! Scores and segments: the edges of a log, and each customer by edges and rules.

use super::buyers::CHUNK;
use super::edges::{Edges, cuts, score_down, score_up, selected_cuts};
use super::model::Rfm;
use super::plan::SegmentScheme;
use super::schemes;
use super::segments::first_match;
use crate::error::Result;
use crate::orders::Summary;
use crate::runtime::{self, Task};
use crate::stats::kaplan_meier_quantile;

/// `f` of each customer, in parallel.
pub(super) fn in_chunks<T: Copy + Send>(count: usize, task: &Task, f: impl Fn(usize) -> T + Sync) -> Result<Vec<T>> {
    let chunk = |at: usize| at * CHUNK..count.min((at + 1) * CHUNK);
    let lengths: Vec<usize> = (0..count.div_ceil(CHUNK)).map(|at| chunk(at).len()).collect();
    runtime::fill(&lengths, task, |at, to| {
        to.extend(chunk(at).map(&f));
        Ok(())
    })
}

pub(super) fn own_edges(rfm: &Rfm, scores: u8, task: &Task) -> Result<Edges> {
    let count = rfm.buyers.len() as u64;
    let counts = || {
        let recency = counted(&rfm.buyers.recency, task)?;
        let frequency = counted(&rfm.buyers.frequency, task)?;
        Ok((
            cuts(recency.into_iter().rev(), count, scores),
            cuts(frequency.into_iter(), count, scores),
        ))
    };
    let money = || Ok(selected_cuts(&mut rfm.monetary().to_vec(), scores));
    let ((recency, frequency), monetary) = runtime::both(counts, money)?;
    Ok(Edges {
        recency,
        frequency,
        monetary,
    })
}

/// Distinct whole numbers in ascending order, with how often each occurs.
#[allow(clippy::cast_precision_loss)] // Days and orders lie far below 2⁵³.
fn counted(values: &[i64], task: &Task) -> Result<Vec<(f64, u64)>> {
    const DENSE: i64 = 1 << 22;
    let (Some(&low), Some(&high)) = (values.iter().min(), values.iter().max()) else {
        return Ok(Vec::new());
    };
    if high - low < DENSE {
        let mut counts = vec![0u64; usize::try_from(high - low).unwrap_or_default() + 1];
        for value in values {
            counts[usize::try_from(value - low).unwrap_or_default()] += 1;
        }
        let present = counts.into_iter().zip(low..).filter(|(times, _)| *times > 0);
        return Ok(present.map(|(times, value)| (value as f64, times)).collect());
    }
    let mut sorted = values.to_vec();
    runtime::sort(&mut sorted, task)?;
    Ok(sorted
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0] as f64, run.len() as u64))
        .collect())
}

impl Rfm {
    #[allow(clippy::cast_precision_loss)] // Days and orders lie far below 2⁵³.
    pub(super) fn score(&self, at: usize) -> [u8; 3] {
        [
            score_down(self.buyers.recency[at] as f64, &self.edges.recency),
            score_up(self.buyers.frequency[at] as f64, &self.edges.frequency),
            score_up(self.monetary()[at], &self.edges.monetary),
        ]
    }

    #[allow(clippy::cast_precision_loss)] // Days and orders lie far below 2⁵³.
    pub(super) fn set_rules(&mut self, scheme: &SegmentScheme) {
        self.rules = match scheme {
            SegmentScheme::Grid => schemes::grid(),
            SegmentScheme::Tiers(given) => {
                let summary = &self.summary;
                self.lost_after = given.or_else(|| lost_after(summary));
                schemes::tiers(self.lost_after)
            }
            SegmentScheme::Octants(cut) => {
                let high = high_scores(&self.scores, *cut);
                self.high = Some(high);
                schemes::octants(high)
            }
            SegmentScheme::Own(rules) => rules.clone(),
        };
    }

    pub(super) fn segment(&self, at: usize) -> Option<u32> {
        first_match(&self.rules, self.scores[at], || self.values(at))
    }

    /// What rules are asked on.
    #[allow(clippy::cast_precision_loss)] // Days and orders lie far below 2⁵³.
    fn values(&self, at: usize) -> [f64; 7] {
        let buyers = &self.buyers;
        [
            buyers.recency[at] as f64,
            buyers.frequency[at] as f64,
            self.monetary()[at],
            buyers.total[at],
            buyers.mean[at],
            buyers.refund_amount[at],
            buyers.refunds[at] as f64,
        ]
    }

    /// The customers of another analysis, scored and named by the edges and rules of this one.
    ///
    /// # Errors
    /// If the caller asked to stop.
    #[allow(clippy::cast_precision_loss)]
    pub fn score_with_edges(&self, other: &Self, task: &Task) -> Result<Vec<([u8; 3], Option<u32>)>> {
        in_chunks(other.buyers.len(), task, |at| {
            let values = other.values(at);
            let scores = [
                score_down(values[0], &self.edges.recency),
                score_up(values[1], &self.edges.frequency),
                score_up(values[2], &self.edges.monetary),
            ];
            (scores, first_match(&self.rules, scores, || values))
        })
    }
}

/// The days at which the Kaplan-Meier curve of the time to the next order has reached 90 % of its final height.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Days lie far below 2⁵³.
pub fn lost_after(summary: &Summary) -> Option<f64> {
    kaplan_meier_quantile(&summary.returned, &summary.waiting, 0.9).map(|days| days as f64)
}

/// The lowest score that is high: at least the mean, or at least the cut.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)] // Scores are small.
fn high_scores(scores: &[[u8; 3]], cut: Option<[f64; 3]>) -> [u8; 3] {
    let count = scores.len().max(1) as u64;
    std::array::from_fn(|axis| match cut {
        Some(cut) => cut[axis].ceil().clamp(0.0, 101.0) as u8,
        None => scores
            .iter()
            .map(|scores| u64::from(scores[axis]))
            .sum::<u64>()
            .div_ceil(count) as u8,
    })
}
