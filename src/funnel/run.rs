//! The funnel of a log: the chains of every customer, partition by partition.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::log::{Log, Partition};
use crate::money::{Unit as MoneyUnit, fixed};
use crate::runtime::{self, Task};

use super::plain;
use super::plan::FunnelPlan;
use super::rules::StepMatch;
use super::steps::CompiledSteps;
use super::units::{ChainFinder, FoundChain};

/// Whose a chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainKey {
    /// The customer, in its partition.
    pub customer: u32,
    /// The group, by its place in [`Funnel::groups`].
    pub group: u32,
    /// The session's code, or the number of the attempt or of the session.
    pub unit: u32,
}

/// The reported chains of one partition's customers.
#[derive(Debug, Default)]
pub struct Chains {
    /// The depth of each chain; 0 for customers who did not do step 1.
    pub depths: Vec<u8>,
    /// When each step was done, chain after chain.
    pub times: Vec<i64>,
    /// Whose each chain is; none where each customer has one, in their order.
    pub owners: Vec<ChainKey>,
}

impl Chains {
    /// Each chain with its owner, in the order of the customers.
    pub fn each(&self) -> impl Iterator<Item = (ChainKey, &[i64])> {
        let mut rest = self.times.as_slice();
        (0..)
            .zip(self.depths.iter().enumerate())
            .map(move |(customer, (at, depth))| {
                let (chain, others) = rest.split_at(usize::from(*depth));
                rest = others;
                let own = ChainKey {
                    customer,
                    group: 0,
                    unit: 1,
                };
                (self.owners.get(at).copied().unwrap_or(own), chain)
            })
    }
}

/// The chains of all customers.
#[derive(Debug)]
pub struct Funnel {
    /// By partition.
    pub chains: Vec<Chains>,
    /// The values of what the funnel is broken down by, and the period; in their order.
    pub groups: Vec<Vec<i64>>,
    /// Starts with less than a window of data behind them.
    pub censored: u64,
    /// By group: the mean value of the last step's event, over those that have one.
    pub values: Vec<Option<f64>>,
}

/// The worth of the last steps of some chains.
#[derive(Debug, Clone, Copy, Default)]
struct MeanAccumulator {
    money: i128,
    count: u64,
}

impl MeanAccumulator {
    fn add(&mut self, value: Option<f64>) {
        if let Some(value) = value.filter(|value| !value.is_nan()) {
            self.count += 1;
            self.money += fixed(value);
        }
    }

    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| MoneyUnit::Binary.to_f64(self.money) / self.count as f64)
    }
}

/// What one partition gives.
#[derive(Default)]
struct Part {
    chains: Chains,
    censored: u64,
    groups: BTreeMap<Vec<i64>, u32>,
    worth: Vec<MeanAccumulator>,
}

/// The funnel of a log.
///
/// # Errors
/// If the caller asked to stop.
pub fn funnel(log: &Log, steps: &CompiledSteps, plan: &FunnelPlan, task: &Task) -> Result<Funnel> {
    let value = log.roles.numbers.iter().position(|(role, _)| role == "value");
    let levels = plan.plain(steps);
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let mut to = Part::default();
        match &levels {
            Some(levels) => to.plain(partition, levels, &partition.labels[steps.event()], plan, value),
            None => to.general(
                partition,
                ChainFinder::new(partition, at, steps, plan, &log.zone),
                plan,
                value,
            ),
        }
        Ok(to)
    })?;
    Ok(merged(parts, plan))
}

/// Groups of all partitions in one order.
fn merged(mut parts: Vec<Part>, plan: &FunnelPlan) -> Funnel {
    let mut places: BTreeMap<Vec<i64>, u32> = BTreeMap::new();
    if plan.by.is_empty() && plan.period.is_none() {
        places.insert(Vec::new(), 0);
    }
    places.extend(
        parts
            .iter()
            .flat_map(|part| part.groups.keys().cloned())
            .map(|group| (group, 0)),
    );
    for (number, place) in (0..).zip(places.values_mut()) {
        *place = number;
    }
    let mut worth = vec![MeanAccumulator::default(); places.len()];
    for part in &mut parts {
        let mut now = vec![0; part.worth.len()];
        for (group, was) in &part.groups {
            let place = places[group];
            now[*was as usize] = place;
            worth[place as usize].money += part.worth[*was as usize].money;
            worth[place as usize].count += part.worth[*was as usize].count;
        }
        for owner in &mut part.chains.owners {
            owner.group = now[owner.group as usize];
        }
    }
    Funnel {
        censored: parts.iter().map(|part| part.censored).sum(),
        chains: parts.into_iter().map(|part| part.chains).collect(),
        groups: places.into_keys().collect(),
        values: worth.into_iter().map(MeanAccumulator::mean).collect(),
    }
}

impl Part {
    /// Where no event fits two steps: straight from the columns.
    fn plain(&mut self, partition: &Partition, levels: &[u8], codes: &[u32], plan: &FunnelPlan, value: Option<usize>) {
        self.chains.depths.reserve(partition.len());
        let (starts, mut worth) = (plan.allowed_starts(), MeanAccumulator::default());
        for customer in 0..partition.len() {
            let rows = plan.known(partition, customer);
            let events = plain::Events {
                times: &partition.time[rows.clone()],
                codes: &codes[rows.clone()],
                levels,
                starts,
            };
            self.censored += count_censored(plan, &events);
            let depth = plain::chain(&events, &plan.rules, &mut self.chains.times);
            self.chains.depths.push(depth_of(depth));
            if let (Some(value), Some(&end)) = (value, self.chains.times.last())
                && depth == plan.rules.steps
            {
                let level = |row: usize| usize::from(levels[codes[row] as usize]);
                let last = |row: &usize| partition.time[*row] == end && level(*row) == depth - 1;
                worth.add(rows.clone().find(last).map(|row| partition.numbers[value][row]));
            }
        }
        self.groups.insert(Vec::new(), 0);
        self.worth.push(worth);
    }

    /// Every sequence of every customer.
    fn general(&mut self, partition: &Partition, mut units: ChainFinder<'_>, plan: &FunnelPlan, value: Option<usize>) {
        for (number, customer) in (0..).zip(0..partition.len()) {
            units.customer(customer, &mut |outcome: FoundChain<'_>| {
                let group = self.group(outcome.group);
                self.chains.owners.push(ChainKey {
                    customer: number,
                    group,
                    unit: outcome.unit,
                });
                self.chains.depths.push(depth_of(outcome.fills.len()));
                self.chains.times.extend(outcome.fills.iter().map(|fill| fill.time));
                if let (Some(value), Some(last)) = (value, last_of(outcome.fills, plan)) {
                    self.worth[group as usize].add(Some(partition.numbers[value][last.at]));
                }
            });
        }
        self.censored = units.censored;
    }

    /// The place of a group, new or known.
    fn group(&mut self, group: &[i64]) -> u32 {
        if let Some(place) = self.groups.get(group) {
            return *place;
        }
        let place = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.groups.insert(group.to_vec(), place);
        self.worth.push(MeanAccumulator::default());
        place
    }
}

/// The event that completes a chain, if it is complete.
fn last_of<'a>(fills: &'a [StepMatch], plan: &FunnelPlan) -> Option<&'a StepMatch> {
    fills.last().filter(|_| fills.len() == plan.rules.steps)
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
