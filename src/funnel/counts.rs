//! The table of a funnel: who reached each step, how sure that is, how long it took, what a point more would bring.

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::Log;
use crate::runtime::{self, Task};
use crate::stats::{ClusteredProportion, quantile, wilson, wilson_effective};
use crate::time::SECOND;

use super::plan::{FunnelPlan, Unit};
use super::run::Funnel;
use super::table::group_columns;

/// What a step is, over the chains of one group.
#[derive(Debug, Clone, Default)]
struct Step {
    reached: u64,
    /// Seconds from the step before, of those who reached it.
    gaps: Vec<f64>,
    median: Option<f64>,
    p90: Option<f64>,
    clusters: ClusteredProportion,
}

/// The steps of every group.
#[derive(Debug)]
pub struct FunnelCounts {
    steps: Vec<Vec<Step>>,
    groups: usize,
    unit: Unit,
}

impl FunnelCounts {
    /// Count the chains of a funnel.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn new(funnel: &Funnel, plan: &FunnelPlan, task: &Task) -> Result<Self> {
        let groups = funnel.groups.len();
        // A step a task; a group's steps then stand beside each other.
        let steps = runtime::map(plan.rules.steps, task, |step| Ok(of_step(funnel, step, groups, plan)))?;
        Ok(Self {
            steps,
            groups,
            unit: plan.unit,
        })
    }

    /// Group and step of every row.
    fn cells(&self) -> impl Iterator<Item = (usize, usize)> + Clone + use<> {
        let count = self.steps.len();
        (0..self.groups).flat_map(move |group| (0..count).map(move |step| (group, step)))
    }

    fn reached(&self, (group, step): (usize, usize)) -> u64 {
        self.steps[step][group].reached
    }

    /// Those of the step before.
    fn before(&self, (group, step): (usize, usize)) -> Option<u64> {
        (step > 0).then(|| self.reached((group, step - 1)))
    }

    fn rate(&self, cell: (usize, usize)) -> Option<f64> {
        share(self.reached(cell), self.before(cell)?)
    }

    fn interval(&self, cell: (usize, usize)) -> Option<(f64, f64)> {
        match self.unit {
            Unit::Customer => wilson(self.reached(cell), self.before(cell)?),
            _ => wilson_effective(self.rate(cell)?, self.steps[cell.1][cell.0].clusters.effective()),
        }
    }

    /// For each row, how many independent units tell as much about its rate.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Counts of customers lie far below 2⁵³.
    pub fn effective(&self) -> Vec<f64> {
        let of = |cell: (usize, usize)| match self.unit {
            Unit::Customer => self.before(cell).unwrap_or(0) as f64,
            _ => self.steps[cell.1][cell.0].clusters.effective(),
        };
        self.cells().map(of).collect()
    }

    /// 0.01 of those who reached the step before, at the rate at which this step's go on to the end.
    #[allow(clippy::cast_precision_loss)]
    fn more(&self, cell: (usize, usize)) -> Option<f64> {
        let through = share(self.reached((cell.0, self.steps.len() - 1)), self.reached(cell))?;
        Some(0.01 * self.before(cell)? as f64 * through)
    }

    /// One row per group and step. `by` names what the funnel is broken down by.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    pub fn long(
        &self,
        funnel: &Funnel,
        log: &Log,
        plan: &FunnelPlan,
        names: &[String],
        by: &[String],
    ) -> Result<RecordBatch> {
        let each = || self.cells();
        let mut columns = Columns::default();
        let rows: Vec<usize> = each().map(|(group, _)| group).collect();
        group_columns(&mut columns, funnel, log, plan, by, &rows)?;
        columns.ints("step", each().map(|(_, step)| i64::try_from(step + 1).unwrap_or(0)));
        columns.texts("name", each().map(|(_, step)| Some(&names[step])));
        columns.ints("reached", each().map(|cell| self.reached(cell).cast_signed()));
        let lost = |cell| Some((self.before(cell)? - self.reached(cell)).cast_signed());
        columns.maybe_ints("lost", each().map(lost));
        columns.maybe_floats("step_rate", each().map(|cell| self.rate(cell)));
        columns.maybe_floats("step_low", each().map(|cell| Some(self.interval(cell)?.0)));
        columns.maybe_floats("step_high", each().map(|cell| Some(self.interval(cell)?.1)));
        let overall = |cell: (usize, usize)| share(self.reached(cell), self.reached((cell.0, 0)));
        columns.maybe_floats("overall_rate", each().map(overall));
        columns.maybe_floats(
            "time_median",
            each().map(|(group, step)| self.steps[step][group].median),
        );
        columns.maybe_floats("time_p90", each().map(|(group, step)| self.steps[step][group].p90));
        columns.maybe_floats("point_value", each().map(|cell| self.more(cell)));
        if funnel.values.iter().any(Option::is_some) {
            let money = |cell: (usize, usize)| Some(self.more(cell)? * funnel.values[cell.0]?);
            columns.maybe_floats("point_money", each().map(money));
        }
        columns.finish()
    }

    /// One row per group, the steps side by side: who reached each, the rates, the interval of the rate of all steps, and
    /// whether many came to step 1 and few through (among the upper quarter by step 1, with a rate that lies below that of
    /// all groups together with its whole interval).
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)]
    pub fn wide(
        &self,
        funnel: &Funnel,
        log: &Log,
        plan: &FunnelPlan,
        names: &[String],
        by: &[String],
    ) -> Result<RecordBatch> {
        let (last, rows): (usize, Vec<usize>) = (names.len() - 1, (0..self.groups).collect());
        let mut columns = Columns::default();
        group_columns(&mut columns, funnel, log, plan, by, &rows)?;
        let each = || rows.iter().copied();
        for (step, name) in names.iter().enumerate() {
            columns.ints(name, each().map(|group| self.reached((group, step)).cast_signed()));
        }
        for (step, name) in names.iter().enumerate().skip(1) {
            columns.maybe_floats(&format!("{name}_rate"), each().map(|group| self.rate((group, step))));
        }
        let ends = |group| (self.reached((group, last)), self.reached((group, 0)));
        let interval = |group| wilson(ends(group).0, ends(group).1);
        columns.maybe_floats("overall_rate", each().map(|group| share(ends(group).0, ends(group).1)));
        columns.maybe_floats("overall_low", each().map(|group| Some(interval(group)?.0)));
        columns.maybe_floats("overall_high", each().map(|group| Some(interval(group)?.1)));
        let total = |step| each().map(|group| self.reached((group, step))).sum::<u64>();
        let pooled = share(total(last), total(0)).unwrap_or_default();
        let mut seen: Vec<f64> = each().map(|group| ends(group).1 as f64).collect();
        let many = quantile(&mut seen, 0.75).unwrap_or_default();
        let few = |group| interval(group).is_some_and(|(_, high)| high < pooled);
        columns.bools(
            "many_seen_few_bought",
            each().map(|group| ends(group).1 as f64 >= many && few(group)),
        );
        columns.finish()
    }
}

#[allow(clippy::cast_precision_loss)] // Counts of customers lie far below 2⁵³.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// One step of every group: who came to it, in how many seconds from the step before, and how much customers agree.
#[allow(clippy::cast_precision_loss)] // Microseconds lie far below 2⁵³.
fn of_step(funnel: &Funnel, step: usize, groups: usize, plan: &FunnelPlan) -> Vec<Step> {
    let mut to = vec![Step::default(); groups];
    for (part, chains) in (0..).zip(&funnel.chains) {
        for (owner, chain) in chains.each() {
            let cell = &mut to[owner.group as usize];
            if chain.len() > step {
                cell.reached += 1;
                if step > 0 {
                    cell.gaps.push((chain[step] - chain[step - 1]) as f64 / SECOND as f64);
                }
            }
            if plan.unit != Unit::Customer && step > 0 && chain.len() >= step {
                cell.clusters.add((part, owner.customer), chain.len() > step);
            }
        }
    }
    for cell in &mut to {
        cell.clusters.close();
        cell.median = quantile(&mut cell.gaps, 0.5);
        cell.p90 = quantile(&mut cell.gaps, 0.9);
        cell.gaps = Vec::new();
    }
    to
}
