//! The analysis: scope, summary, scores, segments.

use arrow::buffer::ScalarBuffer;

use super::buyers::{Buyers, CHUNK};
use super::edges::{Edges, cuts, score_down, score_up, selected_cuts};
use super::schemes;
use super::segments::{Cells, Rule, first_match};
use crate::error::Result;
use crate::log::{Log, Scope};
use crate::orders::{Days, Refunds, Summary, summarize};
use crate::runtime::{self, Task};
use crate::stats::kaplan_meier_quantile;

/// What frequency counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Orders.
    Orders,
    /// Days with an order.
    Days,
    /// Rows of orders.
    Rows,
}

/// What monetary value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Monetary {
    /// Net money.
    Total,
    /// Net money per order.
    Mean,
}

/// How customers are named.
#[derive(Debug, Clone, PartialEq)]
pub enum SegmentScheme {
    /// Ten segments on recency and frequency.
    Grid,
    /// Six tiers; lost after so many days, or as the log itself says.
    Tiers(Option<f64>),
    /// Eight cells; high from these scores on, or from the mean score.
    Octants(Option<[f64; 3]>),
    /// Rules of the caller's.
    Own(Vec<Rule>),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Which orders.
    pub scope: Scope,
    /// What to do with refunds.
    pub refunds: Refunds,
    /// What frequency counts.
    pub frequency: Frequency,
    /// What monetary value is.
    pub monetary: Monetary,
    /// The best score.
    pub scores: u8,
    /// Edges to use instead of the data's own.
    pub edges: Option<Edges>,
    /// How much each score weighs in the mean.
    pub weights: [f64; 3],
    /// How customers are named.
    pub map: SegmentScheme,
}

/// The customers scored and named, in the order of their keys.
#[derive(Debug)]
pub struct Rfm {
    /// Who, and what they bought.
    pub buyers: Buyers,
    /// R, F and M.
    pub scores: Vec<[u8; 3]>,
    /// The rule that holds first; `None` for the rest.
    pub segments: Vec<Option<u32>>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The exact money of the customers of each rule, and of the rest.
    pub revenue: Vec<i128>,
    /// The edges used.
    pub edges: Edges,
    /// Days after which a customer counts as lost, where the map is [`SegmentScheme::Tiers`].
    pub lost_after: Option<f64>,
    /// Scores that count as high, where the map is [`SegmentScheme::Octants`].
    pub high: Option<[u8; 3]>,
    /// What the scope left out; its purchases have moved to the buyers.
    pub summary: Summary,
    /// What monetary value is.
    pub monetary: Monetary,
}

impl Rfm {
    /// Monetary value as the plan has it.
    #[must_use]
    pub fn monetary(&self) -> &ScalarBuffer<f64> {
        match self.monetary {
            Monetary::Total => &self.buyers.total,
            Monetary::Mean => &self.buyers.mean,
        }
    }
}

/// Score and name every customer.
///
/// # Errors
/// If the caller asked to stop.
pub fn rfm(log: &Log, plan: &Plan, task: &Task) -> Result<Rfm> {
    let days = if plan.frequency == Frequency::Days || matches!(plan.map, SegmentScheme::Tiers(None)) {
        Days::Count
    } else {
        Days::Skip
    };
    let summary = || summarize(log, plan.scope, plan.refunds, days, task);
    // The order of the keys is found by one thread.
    let ((), mut summary) = runtime::both(|| log.in_order(task).map(drop), summary)?;
    let (buyers, money) = Buyers::new(log, plan, &summary, task)?;
    (summary.purchases, summary.refunded) = (Vec::new(), Vec::new());
    let mut rfm = Rfm {
        buyers,
        scores: Vec::new(),
        segments: Vec::new(),
        rules: Vec::new(),
        revenue: Vec::new(),
        edges: Edges {
            recency: Vec::new(),
            frequency: Vec::new(),
            monetary: Vec::new(),
        },
        lost_after: None,
        high: None,
        summary,
        monetary: plan.monetary,
    };
    rfm.edges = match &plan.edges {
        Some(edges) => edges.clone(),
        None => own_edges(&rfm, plan.scores, task)?,
    };
    rfm.scores = in_chunks(rfm.buyers.len(), task, |at| rfm.score(at))?;
    rfm.set_rules(plan);
    rfm.segments = match Cells::of(&rfm.rules, plan.scores) {
        Some(cells) => in_chunks(rfm.buyers.len(), task, |at| cells.segment(rfm.scores[at]))?,
        None => in_chunks(rfm.buyers.len(), task, |at| rfm.segment(at))?,
    };
    rfm.revenue = vec![0; rfm.rules.len() + 1];
    for (rule, money) in rfm.segments.iter().zip(money) {
        rfm.revenue[rule.map_or(rfm.rules.len(), |rule| rule as usize)] += money;
    }
    Ok(rfm)
}

/// `f` of each customer, in parallel.
fn in_chunks<T: Copy + Default + Send + Sync>(
    count: usize,
    task: &Task,
    f: impl Fn(usize) -> T + Sync,
) -> Result<Vec<T>> {
    let parts = runtime::map(count.div_ceil(CHUNK), task, |at| {
        Ok((at * CHUNK..count.min((at + 1) * CHUNK)).map(&f).collect())
    })?;
    runtime::concat(parts)
}

fn own_edges(rfm: &Rfm, scores: u8, task: &Task) -> Result<Edges> {
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
    fn score(&self, at: usize) -> [u8; 3] {
        [
            score_down(self.buyers.recency[at] as f64, &self.edges.recency),
            score_up(self.buyers.frequency[at] as f64, &self.edges.frequency),
            score_up(self.monetary()[at], &self.edges.monetary),
        ]
    }

    #[allow(clippy::cast_precision_loss)] // Days and orders lie far below 2⁵³.
    fn set_rules(&mut self, plan: &Plan) {
        self.rules = match &plan.map {
            SegmentScheme::Grid => schemes::grid(),
            SegmentScheme::Tiers(lost_after) => {
                let summary = &self.summary;
                let own = || kaplan_meier_quantile(&summary.returned, &summary.waiting, 0.9).map(|days| days as f64);
                self.lost_after = lost_after.or_else(own);
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

    fn segment(&self, at: usize) -> Option<u32> {
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
