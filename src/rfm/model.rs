//! The analysis: scope, summary, scores, segments.

use super::edges::{Cuts, Edges, cuts, score_down, score_up};
use super::maps;
use super::segments::{Rule, Values, first_match};
use crate::columns::{Calendar, Unit};
use crate::customers::{Days, Log, Place, Purchases, Refunds, Scope, Summary, summarize};
use crate::error::Result;
use crate::parallel::{self, Task};
use crate::stats::time_to_share;

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
pub enum Map {
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
    pub map: Map,
}

/// The customers scored and named, in the order of their keys.
#[derive(Debug)]
pub struct Rfm {
    /// Who.
    pub places: Vec<Place>,
    /// What they bought.
    pub purchases: Vec<Purchases>,
    /// Days since the last order.
    pub recency: Vec<i64>,
    /// Orders, days or rows.
    pub frequency: Vec<i64>,
    /// Net money.
    pub total: Vec<f64>,
    /// Net money per order.
    pub mean: Vec<f64>,
    /// R, F and M.
    pub scores: Vec<[u8; 3]>,
    /// The rule that holds first; `None` for the rest.
    pub segments: Vec<Option<usize>>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The edges used.
    pub edges: Edges,
    /// Days after which a customer counts as lost, where the map is [`Map::Tiers`].
    pub lost_after: Option<f64>,
    /// Scores that count as high, where the map is [`Map::Octants`].
    pub high: Option<[u8; 3]>,
    /// What the scope left out; its purchases have moved to the fields above.
    pub summary: Summary,
    /// What monetary value is.
    pub monetary: Monetary,
}

impl Rfm {
    /// Monetary value as the plan has it.
    #[must_use]
    pub fn monetary(&self) -> &[f64] {
        match self.monetary {
            Monetary::Total => &self.total,
            Monetary::Mean => &self.mean,
        }
    }
}

/// Score and name every customer.
///
/// # Errors
/// If the caller asked to stop.
pub fn rfm(log: &Log, plan: &Plan, task: &Task) -> Result<Rfm> {
    let days = if plan.frequency == Frequency::Days || matches!(plan.map, Map::Tiers(None)) {
        Days::Count
    } else {
        Days::Skip
    };
    let mut summary = summarize(log, plan.scope, plan.refunds, days, task)?;
    let (places, purchases) = in_order(log, &summary, task)?;
    summary.purchases = Vec::new();
    let mut calendar = Calendar::new(&log.zone);
    let frequency = |p: &Purchases| match plan.frequency {
        Frequency::Orders => p.orders,
        Frequency::Days => p.days,
        Frequency::Rows => p.rows,
    };
    let total: Vec<f64> = purchases.iter().map(|p| log.unit.to_f64(p.money)).collect();
    let mut rfm = Rfm {
        recency: purchases
            .iter()
            .map(|p| plan.scope.last_day - calendar.day(p.last))
            .collect(),
        frequency: purchases.iter().map(|p| i64::from(frequency(p))).collect(),
        mean: purchases
            .iter()
            .zip(&total)
            .map(|(p, total)| total / f64::from(p.orders))
            .collect(),
        total,
        places,
        purchases,
        scores: Vec::new(),
        segments: Vec::new(),
        rules: Vec::new(),
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
    score(&mut rfm);
    name(&mut rfm, plan, log.unit);
    Ok(rfm)
}

/// The customers who bought, in the order of their keys.
fn in_order(log: &Log, summary: &Summary, task: &Task) -> Result<(Vec<Place>, Vec<Purchases>)> {
    const CHUNK: usize = 1 << 15;
    let order = log.in_order(task)?;
    let chunks = parallel::map(order.len().div_ceil(CHUNK), task, |at| {
        let places = order[at * CHUNK..].iter().take(CHUNK);
        Ok(places
            .map(|&place| (place, *summary.of(place)))
            .filter(|(_, p)| p.orders > 0)
            .unzip::<_, _, Vec<_>, Vec<_>>())
    })?;
    let (mut places, mut purchases) = (Vec::with_capacity(order.len()), Vec::with_capacity(order.len()));
    for (mut some, mut theirs) in chunks {
        places.append(&mut some);
        purchases.append(&mut theirs);
    }
    Ok((places, purchases))
}

fn own_edges(rfm: &Rfm, scores: u8, task: &Task) -> Result<Edges> {
    let count = rfm.places.len() as u64;
    let recency = counted(&rfm.recency, task)?;
    let frequency = counted(&rfm.frequency, task)?;
    Ok(Edges {
        recency: cuts(recency.into_iter().rev(), count, scores),
        frequency: cuts(frequency.into_iter(), count, scores),
        monetary: money_cuts(rfm.monetary(), scores, task)?,
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
    parallel::sort(&mut sorted, task)?;
    Ok(sorted
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0] as f64, run.len() as u64))
        .collect())
}

fn money_cuts(values: &[f64], scores: u8, task: &Task) -> Result<Cuts> {
    let mut sorted: Vec<Money> = values.iter().copied().map(Money).collect();
    parallel::sort(&mut sorted, task)?;
    let runs = sorted.chunk_by(|a, b| a == b).map(|run| (run[0].0, run.len() as u64));
    Ok(cuts(runs, values.len() as u64, scores))
}

/// A double in its total order; the two zeros cannot both occur, since exact sums have one.
#[derive(Clone, Copy)]
struct Money(f64);

impl PartialEq for Money {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Money {}

impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Money {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[allow(clippy::cast_precision_loss)] // Days and orders lie far below 2⁵³.
fn score(rfm: &mut Rfm) {
    let Edges {
        recency,
        frequency,
        monetary,
    } = &rfm.edges;
    let of = |((&days, &count), &money): ((&i64, &i64), &f64)| {
        [
            score_down(days as f64, recency),
            score_up(count as f64, frequency),
            score_up(money, monetary),
        ]
    };
    rfm.scores = rfm
        .recency
        .iter()
        .zip(&rfm.frequency)
        .zip(rfm.monetary())
        .map(of)
        .collect();
}

#[allow(clippy::cast_precision_loss)] // Days and orders lie far below 2⁵³.
fn name(rfm: &mut Rfm, plan: &Plan, unit: Unit) {
    rfm.rules = match &plan.map {
        Map::Grid => maps::grid(),
        Map::Tiers(lost_after) => {
            let summary = &rfm.summary;
            let own = || time_to_share(&summary.returned, &summary.waiting, 0.9).map(|days| days as f64);
            rfm.lost_after = lost_after.or_else(own);
            maps::tiers(rfm.lost_after)
        }
        Map::Octants(cut) => {
            let high = high_scores(&rfm.scores, *cut);
            rfm.high = Some(high);
            maps::octants(high)
        }
        Map::Own(rules) => rules.clone(),
    };
    let monetary = rfm.monetary();
    let values = |at: usize| -> Values {
        let refunds = &rfm.purchases[at];
        [
            rfm.recency[at] as f64,
            rfm.frequency[at] as f64,
            monetary[at],
            rfm.total[at],
            rfm.mean[at],
            unit.to_f64(-refunds.refunded),
            f64::from(refunds.refunds),
        ]
    };
    rfm.segments = (0..rfm.scores.len())
        .map(|at| first_match(&rfm.rules, rfm.scores[at], &values(at)))
        .collect();
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
