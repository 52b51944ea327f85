//! Chains as rows: whose each is, and when each of its steps was done.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::analysis::{Context, GroupKey};
use crate::columns::Columns;
use crate::error::Result;
use crate::log::{CustomerIndex, Facts};
use crate::runtime;

use super::analysis::Funnel;
use super::plan::FunnelUnit;

/// Whose a chain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChainKey {
    /// The customer, in its partition.
    pub(super) customer: u32,
    /// The group, by the order in which the partition met it.
    pub(super) group: u32,
    /// The session's code, or the number of the attempt or of the session.
    pub(super) unit: u32,
}

/// The reported chains of one partition's customers.
#[derive(Debug, Default)]
pub struct Chains {
    /// The depth of each chain; 0 for customers who did not do step 1.
    pub(super) depths: Vec<u8>,
    /// When each step was done, chain after chain.
    pub(super) times: Vec<i64>,
    /// Whose each chain is; none where each customer has one, in their order.
    pub(super) keys: Vec<ChainKey>,
    groups: BTreeMap<GroupKey, u32>,
}

impl Chains {
    /// The number of a group, new or known.
    pub(super) fn group(&mut self, group: &[i64]) -> u32 {
        if let Some(number) = self.groups.get(group) {
            return *number;
        }
        let number = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.groups.insert(GroupKey::from_slice(group), number);
        number
    }

    /// The groups by their numbers.
    fn groups(&self) -> Vec<&GroupKey> {
        let mut all: Vec<(&GroupKey, u32)> = self.groups.iter().map(|(group, number)| (group, *number)).collect();
        all.sort_unstable_by_key(|(_, number)| *number);
        all.into_iter().map(|(group, _)| group).collect()
    }

    /// Each chain with its key, in the order of the customers.
    fn each(&self) -> impl Iterator<Item = (ChainKey, &[i64])> {
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
                (self.keys.get(at).copied().unwrap_or(own), chain)
            })
    }
}

/// A chain, with its customer and its group.
struct Row<'a> {
    customer: CustomerIndex,
    group: &'a [i64],
    unit: u32,
    times: &'a [i64],
}

impl Funnel {
    /// One row per chain, in the order of the keys: the key, what the funnel is broken down by, the depth, the times.
    /// `depth` keeps the chains that come as far and no further.
    ///
    /// # Errors
    /// If the caller asked to stop, or Arrow cannot build the table.
    pub fn chains(&self, parts: &[Chains], depth: Option<usize>, context: &Context<'_>) -> Result<RecordBatch> {
        let facts = context.facts;
        let groups: Vec<Vec<&GroupKey>> = parts.iter().map(Chains::groups).collect();
        let wanted = |times: &[i64]| !times.is_empty() && depth.is_none_or(|depth| times.len() == depth);
        let rows = sorted_by_key(parts, &groups, wanted, context)?;
        let each = || rows.iter();
        let mut columns = Columns::default();
        let customers: Vec<CustomerIndex> = each().map(|row| row.customer).collect();
        columns.push(context.population.keys(&customers)?);
        self.group_columns(&mut columns, facts, &each().map(|row| row.group).collect::<Vec<_>>())?;
        let units = || each().map(|row| row.unit);
        match self.plan.unit {
            FunnelUnit::Customer => {}
            FunnelUnit::Session(rule) => match rule.name() {
                Some(named) => columns.category("session", &facts.categories[named.0], units())?,
                None => columns.ints("session", units().map(i64::from)),
            },
            FunnelUnit::Attempt => columns.ints("attempt", units().map(i64::from)),
        }
        columns.ints(
            "depth",
            each().map(|row| i64::try_from(row.times.len()).unwrap_or_default()),
        );
        for step in 0..self.plan.rules.steps {
            let times = each().map(|row| row.times.get(step).copied());
            columns.maybe_times(&format!("t{}", step + 1), times, &facts.zone);
        }
        columns.finish()
    }

    /// What the funnel is broken down by, and the period, for rows that each belong to a group.
    pub(super) fn group_columns(&self, columns: &mut Columns, facts: &Facts, groups: &[&[i64]]) -> Result<()> {
        for (at, (name, by)) in self.by.iter().zip(&self.plan.by).enumerate() {
            columns.push(by.column(facts, name, groups.iter().map(|group| group[at]))?);
        }
        if self.plan.period.is_some() {
            columns.dates("period", groups.iter().map(|group| period_of(group)));
        }
        Ok(())
    }
}

/// The first day of the period of a group.
pub(super) fn period_of(group: &[i64]) -> i64 {
    group.last().copied().unwrap_or_default()
}

/// The chains in the order of their customers' keys.
fn sorted_by_key<'a>(
    parts: &'a [Chains],
    groups: &[Vec<&'a GroupKey>],
    wanted: impl Fn(&[i64]) -> bool + Sync,
    context: &Context<'_>,
) -> Result<Vec<Row<'a>>> {
    let some = |part: usize| Ok(parts[part].each().filter(|(_, times)| wanted(times)).collect());
    let chains: Vec<Vec<(ChainKey, &[i64])>> = runtime::map(parts.len(), context.task, some)?;
    let all = context
        .population
        .in_key_order(&chains, |(key, _)| key.customer, context.task)?;
    let row = |(customer, (key, times)): (CustomerIndex, &(ChainKey, &'a [i64]))| Row {
        customer,
        group: groups[customer.0 as usize]
            .get(key.group as usize)
            .map_or(&[], |group| group.as_slice()),
        unit: key.unit,
        times,
    };
    Ok(all.into_iter().map(row).collect())
}
