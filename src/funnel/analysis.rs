//! The funnel of a log: the chains of every customer, counted, and listed where that is asked for.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, FoldGroups, GroupKey, PartitionView};
use crate::error::Result;
use crate::log::{Category, CustomerIndex, Facts, Log, Partition, View};

use super::chains::{ChainKey, Chains};
use super::counts::FunnelCounts;
use super::explain::explain;
use super::plain;
use super::plan::{FunnelOptions, FunnelPlan, FunnelUnit};
use super::rules::{Anchor, Mode, StepMatch};
use super::state::{FunnelState, GroupState, MeanAccumulator};
use super::steps::{CompiledSteps, compile};
use super::units::{ChainFinder, FoundChain};

/// A funnel, ready to be run.
#[derive(Debug)]
pub struct Funnel {
    pub(super) plan: FunnelPlan,
    /// The names of the steps.
    pub(super) names: Vec<String>,
    /// The names of what the funnel is broken down by.
    pub(super) by: Vec<String>,
    steps: CompiledSteps,
    /// The categories whose values tell the chains of a customer apart.
    apart: Vec<usize>,
    /// The number that holds money.
    value: Option<usize>,
    /// By event code: its step, where the fast path serves.
    levels: Option<Vec<u8>>,
}

/// What the folds of a partition use again.
pub struct Scratch<'a> {
    finder: ChainFinder<'a>,
    groups: FoldGroups<GroupState>,
}

impl Analysis for Funnel {
    const NAME: &'static str = "funnel";

    type Options = FunnelOptions;
    type State = FunnelState;
    type Rows = Chains;
    type Scratch<'a> = Scratch<'a>;
    type Output = FunnelCounts;

    fn plan(options: FunnelOptions, view: &View) -> Result<Self> {
        let plan = FunnelPlan::new(&options, view)?;
        let (steps, exclusions) = options.steps();
        let steps = compile(view.facts(), &steps, &exclusions)?;
        Ok(Self {
            levels: plan.plain(&steps),
            names: options.steps.into_iter().map(|step| step.0).collect(),
            by: options.by.into_iter().map(|(_, name)| name).collect(),
            apart: plan.apart(),
            value: view.find_number("value"),
            steps,
            plan,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        self.plan.by.iter().map(|by| Some(by.category(facts))).collect()
    }

    fn start(&self) -> FunnelState {
        let mut state = FunnelState::default();
        if self.plan.by.is_empty() && self.plan.period.is_none() {
            state.groups.entry(GroupKey::new()).or_default().room(self.names.len());
        }
        state
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            finder: ChainFinder::new(part.partition, part.number, &self.steps, &self.plan, &part.facts.zone),
            groups: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut FunnelState,
        mut rows: Option<&mut Chains>,
    ) -> Result<()> {
        let Scratch { finder, groups } = scratch;
        finder.customer(customer.index.1, &mut |found: FoundChain<'_>| {
            self.add(groups.of(found.group), customer, found.fills);
            if let Some(rows) = &mut rows {
                let group = rows.group(found.group);
                rows.keys.push(ChainKey {
                    customer: customer.index.1,
                    group,
                    unit: found.unit,
                });
                rows.depths.push(depth_of(found.fills.len()));
                rows.times.extend(found.fills.iter().map(|fill| fill.time));
            }
        })
    }

    fn fold_partition<'a>(
        &'a self,
        part: &PartitionView<'a>,
        state: &mut FunnelState,
        mut rows: Option<&mut Chains>,
    ) -> Result<()> {
        if let Some(levels) = &self.levels {
            let group = state.groups.entry(GroupKey::new()).or_default();
            state.censored += self.fold_plain(part.partition, levels, group, rows);
            return Ok(());
        }
        let mut scratch = self.scratch(part);
        for customer in part.customers() {
            self.fold(&customer, &mut scratch, state, rows.as_deref_mut())?;
        }
        self.end_partition(scratch, state);
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut FunnelState) {
        state.censored += scratch.finder.censored;
        for (group, mut counted) in scratch.groups {
            counted.close();
            state.groups.insert(group, counted);
        }
    }

    fn finish(&self, state: FunnelState, context: &Context<'_>) -> Result<FunnelCounts> {
        FunnelCounts::new(self, state, context)
    }

    fn list(&self, rows: Vec<Chains>, context: &Context<'_>) -> Result<RecordBatch> {
        self.chains(&rows, None, context)
    }
}

impl Funnel {
    /// Add a chain to its group.
    fn add(&self, group: &mut GroupState, customer: &Customer<'_>, fills: &[StepMatch]) {
        group.room(self.names.len());
        group.add(fills.iter().map(|fill| fill.time));
        if self.plan.unit != FunnelUnit::Customer {
            group.add_cluster(customer.index, fills.len());
        }
        if let (Some(value), Some(last)) = (self.value, self.completing(fills)) {
            let steps = match self.plan.rules.mode {
                // In any order, each step that was done at the last instant completes the chain.
                Mode::Unordered => fills
                    .iter()
                    .filter(|fill| fill.time == last.time)
                    .fold(0, |steps, fill| steps | 1 << fill.step),
                Mode::Ordered | Mode::Contiguous => 1 << last.step,
            };
            let rows = self.completion(customer.partition, customer.rows(), steps, (last.at, last.time));
            group
                .completions
                .add_sum(rows.map(|row| customer.partition.numbers[value][row]));
        }
    }

    /// All lines of the event that completes a chain: those of its instant and its name, with the same values in what tells
    /// the customer's chains apart. Of several events that complete it at one instant, the one whose name is first.
    fn completion<'a>(
        &'a self,
        partition: &'a Partition,
        rows: std::ops::Range<usize>,
        steps: u64,
        (at, time): (usize, i64),
    ) -> impl Iterator<Item = usize> + use<'a> {
        let codes = &partition.labels[self.steps.event()];
        let first = rows.start + partition.time[rows.clone()].partition_point(|other| *other < time);
        let lines = move || {
            let instant = (first..rows.end).take_while(move |row| partition.time[*row] == time);
            let apart = self.apart.iter().map(|label| &partition.labels[*label]);
            instant.filter(move |row| apart.clone().all(|codes| codes[*row] == codes[at]))
        };
        let completes = |row: &usize| self.steps.mask(partition, *row) & steps != 0;
        let name = lines().filter(completes).map(|row| codes[row]).min();
        lines().filter(move |row| Some(codes[*row]) == name)
    }

    /// The event that completes a chain, if it is complete.
    fn completing<'a>(&self, fills: &'a [StepMatch]) -> Option<&'a StepMatch> {
        fills.last().filter(|_| fills.len() == self.plan.rules.steps)
    }

    /// The fast path, where no event fits two steps: straight from the columns. Returns the starts that are censored.
    fn fold_plain(
        &self,
        partition: &Partition,
        levels: &[u8],
        group: &mut GroupState,
        mut rows: Option<&mut Chains>,
    ) -> u64 {
        let plan = &self.plan;
        let codes = &partition.labels[self.steps.event()];
        let levels = plain::RowLevels::new(codes, levels, plan.rules.steps);
        let (starts, mut times, mut censored) = (plan.allowed_starts(), Vec::new(), 0);
        let mut completions = MeanAccumulator::default();
        group.room(self.names.len());
        for customer in 0..partition.len() {
            let known = plan.known(partition, customer);
            let events = levels.events(known.clone(), &partition.time, starts);
            censored += count_censored(plan, &events);
            times.clear();
            let depth = plain::chain(&events, &plan.rules, &mut times);
            group.add(times.iter().copied());
            if let Some(rows) = &mut rows {
                rows.depths.push(depth_of(depth));
                rows.times.extend_from_slice(&times);
            }
            if let (Some(value), Some(&end)) = (self.value, times.last())
                && depth == plan.rules.steps
            {
                // Nothing tells the chains of a customer apart here, so that any row stands for the chain.
                let rows = self.completion(partition, known.clone(), 1 << (depth - 1), (known.start, end));
                completions.add_sum(rows.map(|row| partition.numbers[value][row]));
            }
        }
        group.add_completions(completions);
        censored
    }

    /// Whose times are reported.
    #[must_use]
    pub fn anchor(&self) -> Anchor {
        self.plan.rules.anchor
    }

    /// Events that are named and do not occur.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.steps.unknown
    }

    /// The names of the rows of its table: where steps come in any order, how many of them were done.
    pub(super) fn row_names(&self) -> Vec<String> {
        let count = self.names.len();
        match self.plan.rules.mode {
            Mode::Unordered => (1..=count).map(|at| format!("{at} of {count}")).collect(),
            _ => self.names.clone(),
        }
    }

    /// One row per event of a customer: when, what, the step that it fills in a reported chain, and why, in words.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    pub fn explain(&self, log: &Log, customer: CustomerIndex) -> Result<RecordBatch> {
        explain(log, &self.steps, &self.plan, &self.names, customer)
    }
}

/// Starts without a window of data behind them; they stand at the end.
fn count_censored(plan: &FunnelPlan, events: &plain::Events<'_>) -> u64 {
    let late = events
        .times
        .iter()
        .rev()
        .take_while(|time| plan.censored(**time))
        .count();
    let late = events.times.len() - late..events.times.len();
    late.filter(|&row| events.level(row) == 0 && plan.starts_here(events.times[row]))
        .count() as u64
}

/// A depth is at most 64.
#[allow(clippy::cast_possible_truncation)]
fn depth_of(steps: usize) -> u8 {
    steps as u8
}
