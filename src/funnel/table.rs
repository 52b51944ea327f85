//! Tables of chains: whose they are, and when each step was done.

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::{CustomerIndex, Log};
use crate::runtime::Task;

use super::plan::{FunnelPlan, Unit};
use super::run::{ChainKey, Funnel};

/// What the funnel is broken down by, and the period, for rows that each belong to a group.
pub(super) fn group_columns(
    columns: &mut Columns,
    funnel: &Funnel,
    log: &Log,
    plan: &FunnelPlan,
    by: &[String],
    rows: &[usize],
) -> Result<()> {
    for (at, (name, by)) in by.iter().zip(&plan.by).enumerate() {
        columns.push(by.column(log, name, rows.iter().map(|group| funnel.groups[*group][at]))?);
    }
    if plan.period.is_some() {
        let day = |group: &usize| funnel.groups[*group].last().copied().unwrap_or_default();
        columns.dates("period", rows.iter().map(day));
    }
    Ok(())
}

impl Funnel {
    /// One row per chain, in the order of the keys: the key, what the funnel is broken down by, the depth, the times.
    /// `depth` keeps the chains that come as far and no further.
    ///
    /// # Errors
    /// If the caller asked to stop, or Arrow cannot build the table.
    pub fn table(
        &self,
        log: &Log,
        plan: &FunnelPlan,
        by: &[String],
        depth: Option<usize>,
        task: &Task,
    ) -> Result<RecordBatch> {
        let mut chains = self.in_order(log, task)?;
        chains.retain(|(_, _, chain)| !chain.is_empty() && depth.is_none_or(|depth| chain.len() == depth));
        let mut columns = Columns::default();
        columns.push(log.keys(&chains.iter().map(|(place, ..)| *place).collect::<Vec<_>>())?);
        let groups: Vec<usize> = chains.iter().map(|(_, owner, _)| owner.group as usize).collect();
        group_columns(&mut columns, self, log, plan, by, &groups)?;
        let units = || chains.iter().map(|(_, owner, _)| owner.unit);
        match plan.unit {
            Unit::Customer => {}
            Unit::Session(label) => {
                let (field, array) = log.labels[label].restore(units())?;
                columns.push((field.as_ref().clone().with_name("session").into(), array));
            }
            Unit::Gap(_) => columns.ints("session", units().map(i64::from)),
            Unit::Attempt => columns.ints("attempt", units().map(i64::from)),
        }
        let depths = chains
            .iter()
            .map(|(.., chain)| i64::try_from(chain.len()).unwrap_or_default());
        columns.ints("depth", depths);
        for step in 0..plan.rules.steps {
            let times = chains.iter().map(|(.., chain)| chain.get(step).copied());
            columns.maybe_times(&format!("t{}", step + 1), times, &log.zone);
        }
        columns.finish()
    }

    /// The chains in the order of their customers' keys.
    fn in_order<'a>(&'a self, log: &Log, task: &Task) -> Result<Vec<(CustomerIndex, ChainKey, &'a [i64])>> {
        let parts: Vec<Vec<(ChainKey, &[i64])>> = self.chains.iter().map(|part| part.each().collect()).collect();
        let mut to = Vec::new();
        for &place in log.in_order(task)? {
            let chains = &parts[place.0 as usize];
            let from = chains.partition_point(|(owner, _)| owner.customer < place.1);
            let own = chains[from..].iter().take_while(|(owner, _)| owner.customer == place.1);
            to.extend(own.map(|(owner, chain)| (place, *owner, *chain)));
        }
        Ok(to)
    }
}
