//! What visits are made of: customers, sessions and events by source, device and the like, and how many come to a goal.

use std::collections::{BTreeMap, HashMap};

use arrow::array::RecordBatch;

use crate::columns::NONE;
use crate::error::Result;
use crate::log::{GroupBy, Log, Partition, Scope, group_key};
use crate::runtime::{self, Task};
use crate::stats::{ClusteredProportion, wilson_effective};
use crate::time::{Calendar, Period};

use super::mix_table::table;
use super::sessions::SessionPlan;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct MixPlan {
    /// What a session is.
    pub session: SessionPlan,
    /// What sessions are broken down by.
    pub by: Vec<GroupBy>,
    /// The names of those.
    pub names: Vec<String>,
    /// By event code: whether it is the goal.
    pub goal: Option<Vec<bool>>,
    /// One mix for each of these, by the session's start.
    pub period: Option<Period>,
    /// Which instants are looked at.
    pub scope: Scope,
}

/// The sessions of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) customers: u64,
    last: Option<u32>,
    pub(super) sessions: u64,
    pub(super) events: u64,
    pub(super) converted: u64,
    clusters: ClusteredProportion,
}

/// By the values, behind the period; a group that others are a share of has fewer values, the whole has none.
pub(super) type Cells = BTreeMap<Vec<i64>, Cell>;

/// One row per group, in the order of the values (nulls last) and of time.
///
/// # Errors
/// If the caller asked to stop, or Arrow cannot build the table.
pub fn mix(log: &Log, plan: &MixPlan, task: &Task) -> Result<RecordBatch> {
    let parts = runtime::map(log.partitions(), task, |at| {
        Ok(partition(log, plan, at, &*log.partition(at)?))
    })?;
    let mut cells = Cells::new();
    for (group, cell) in parts.into_iter().flatten() {
        cells.entry(group).or_default().merge(&cell);
    }
    table(log, plan, &cells)
}

impl Cell {
    fn add(&mut self, customer: (u32, u32), events: usize, converted: bool) {
        self.customers += u64::from(self.last.replace(customer.1) != Some(customer.1));
        self.sessions += 1;
        self.events += events as u64;
        self.converted += u64::from(converted);
        self.clusters.add(customer, converted);
    }

    fn merge(&mut self, other: &Self) {
        self.customers += other.customers;
        self.sessions += other.sessions;
        self.events += other.events;
        self.converted += other.converted;
        self.clusters.merge(&other.clusters);
    }

    /// The share of sessions that come to the goal, its interval, and how many independent sessions tell as much.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    pub(super) fn rate(&self) -> Option<((f64, f64, f64), f64)> {
        let (rate, n) = (self.converted as f64 / self.sessions as f64, self.clusters.effective());
        wilson_effective(rate, n).map(|(low, high)| ((rate, low, high), n))
    }
}

/// The groups of a partition.
fn partition(log: &Log, plan: &MixPlan, at: usize, partition: &Partition) -> HashMap<Vec<i64>, Cell> {
    let mut calendar = Calendar::new(&log.zone);
    let mut cells: HashMap<Vec<i64>, Cell> = HashMap::new();
    let number = u32::try_from(at).unwrap_or(u32::MAX);
    let codes = &partition.labels[plan.session.event];
    let mut group = Vec::new();
    for (customer, place) in (0..).zip(0..partition.len()) {
        plan.session.each(partition, place, |_, rows| {
            let goal = |goal: &Vec<bool>| rows.iter().any(|row| codes[*row] != NONE && goal[codes[*row] as usize]);
            let converted = plan.goal.as_ref().is_some_and(goal);
            group.clear();
            group.extend(
                plan.period
                    .map(|period| period.index(calendar.day(partition.time[rows[0]]))),
            );
            let value = |by: &GroupBy| {
                rows.iter()
                    .map(|row| by.code(partition, at, place, *row))
                    .find(|code| *code != NONE)
            };
            for parts in 0..=plan.by.len() {
                if parts > 0 {
                    group.push(group_key(value(&plan.by[parts - 1]).unwrap_or(NONE)));
                }
                let cell = match cells.get_mut(group.as_slice()) {
                    Some(cell) => cell,
                    None => cells.entry(group.clone()).or_default(),
                };
                cell.add((number, customer), rows.len(), converted);
            }
        });
    }
    for cell in cells.values_mut() {
        cell.clusters.close();
    }
    cells
}
