//! The RFM analysis: summary, scores, segments.

use arrow::buffer::ScalarBuffer;

use super::buyers::Buyers;
use super::edges::Edges;
use super::names::SegmentNames;
use super::plan::{Monetary, Plan, RfmOptions};
use super::scoring::{in_chunks, own_edges};
use super::segments::{Cells, Rule};
use crate::analysis::{Analysis, Context, Customer, Outcome, PartitionView};
use crate::error::Result;
use crate::log::{PartitionTotals, View};
use crate::orders::{Summary, SummaryPlan};
use crate::runtime;

/// With more customers than this, memory that is not needed any more is given back before the next is taken.
const MANY: usize = 1 << 21;

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
    /// Days after which a customer counts as lost, where the map is [`super::SegmentScheme::Tiers`].
    pub lost_after: Option<f64>,
    /// Scores that count as high, where the map is [`super::SegmentScheme::Octants`].
    pub high: Option<[u8; 3]>,
    /// The refunds in the scope, of customers without a purchase too.
    pub refunds: RefundCounts,
    /// What the scope left out; its purchases have moved to the buyers.
    pub summary: Summary,
    /// What monetary value is.
    pub monetary: Monetary,
    /// Codes and names of the segments.
    pub names: SegmentNames,
    /// The day from which recency counts.
    pub last_day: i64,
    /// The best score that there can be.
    pub best: u8,
    /// How much each score weighs in the mean.
    pub weights: [f64; 3],
}

/// Refunds and their money, exact and negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundCounts {
    /// Orders that are refunds.
    pub orders: u64,
    /// Their money.
    pub money: i128,
}

impl RefundCounts {
    fn new(summary: &Summary) -> Self {
        Self {
            orders: (summary.purchases.iter().flat_map(|chunk| chunk.iter()))
                .map(|of| u64::from(of.refunds))
                .sum(),
            money: (summary.refunded.iter().flat_map(|chunk| chunk.iter()))
                .map(|of| of.1)
                .sum(),
        }
    }
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

impl Analysis for Plan {
    const NAME: &'static str = "rfm";
    const PER_CUSTOMER: bool = true;

    type Options = RfmOptions;
    type State = Summary;
    type Rows = ();
    type Scratch<'a> = <SummaryPlan as Analysis>::Scratch<'a>;
    type Output = Outcome;

    fn plan(options: RfmOptions, view: &View) -> Result<Self> {
        Self::new(options, view)
    }

    fn start(&self) -> Summary {
        self.summary.start()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Self::Scratch<'a> {
        self.summary.scratch(part)
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Self::Scratch<'a>,
        state: &mut Summary,
        rows: Option<&mut ()>,
    ) -> Result<()> {
        self.summary.fold(customer, scratch, state, rows)
    }

    fn fold_partition<'a>(
        &'a self,
        part: &PartitionView<'a>,
        state: &mut Summary,
        rows: Option<&mut ()>,
    ) -> Result<()> {
        self.summary.fold_partition(part, state, rows)
    }

    fn end_partition<'a>(&'a self, scratch: Self::Scratch<'a>, state: &mut Summary) {
        self.summary.end_partition(scratch, state);
    }

    fn fold_totals(&self, totals: &PartitionTotals) -> Option<Summary> {
        self.summary.fold_totals(totals)
    }

    fn finish(&self, summary: Summary, context: &Context<'_>) -> Result<Outcome> {
        let rfm = self.score(summary, context)?;
        let columns: Vec<usize> = (0..rfm.column_names(context).len()).collect();
        Ok(Outcome::table(rfm.table(&columns, context)?).with("customers", rfm.buyers.len() as u64))
    }
}

impl Plan {
    /// The customers scored and named; their table is made of the columns that someone asks for.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn score(&self, mut summary: Summary, context: &Context<'_>) -> Result<Rfm> {
        let task = context.task;
        let give_back = || match context.population.len() {
            0..=MANY => Ok(()),
            _ => runtime::give_back(),
        };
        give_back()?;
        let (buyers, money) = Buyers::new(self, &summary, context)?;
        let refunds = RefundCounts::new(&summary);
        (summary.purchases, summary.refunded) = (Vec::new(), Vec::new());
        give_back()?;
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
            refunds,
            summary,
            monetary: self.monetary,
            names: self.names.clone(),
            last_day: self.summary.scope.last_day,
            best: self.scores,
            weights: self.weights,
        };
        rfm.edges = match &self.edges {
            Some(edges) => edges.clone(),
            None => own_edges(&rfm, self.scores, task)?,
        };
        rfm.scores = in_chunks(rfm.buyers.len(), task, |at| rfm.score(at))?;
        rfm.set_rules(&self.scheme);
        rfm.segments = match Cells::of(&rfm.rules, self.scores) {
            Some(cells) => in_chunks(rfm.buyers.len(), task, |at| cells.segment(rfm.scores[at]))?,
            None => in_chunks(rfm.buyers.len(), task, |at| rfm.segment(at))?,
        };
        rfm.revenue = vec![0; rfm.rules.len() + 1];
        for (rule, money) in rfm.segments.iter().zip(money) {
            rfm.revenue[rule.map_or(rfm.rules.len(), |rule| rule as usize)] += money;
        }
        give_back()?;
        Ok(rfm)
    }
}

impl Rfm {
    /// The edges used, the limits of the scheme, the best score of each measure, and the day that recency counts from.
    #[must_use]
    pub fn info(&self) -> Outcome {
        let edges = [&self.edges.recency, &self.edges.frequency, &self.edges.monetary];
        let best = |axis: usize| self.scores.iter().map(|scores| i64::from(scores[axis])).max();
        Outcome::default()
            .with("edges", edges.map(Clone::clone).to_vec())
            .with("lost_after", self.lost_after)
            .with("high", self.high.map(|high| high.map(i64::from).to_vec()))
            .with("last_day", self.last_day)
            .with("best", (0..3).map(best).collect::<Vec<_>>())
    }
}
