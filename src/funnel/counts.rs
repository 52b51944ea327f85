//! The table of a funnel: who reached each step, how sure that is, how long it took, what a point more would bring.

use arrow::array::RecordBatch;

use crate::analysis::{Context, GroupKey};
use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{Facts, group_key};
use crate::runtime;
use crate::stats::{ClusteredProportion, quantile, quantile_of_ints, wilson, wilson_effective};
use crate::time::SECOND;

use super::analysis::Funnel;
use super::chains::period_of;
use super::plan::FunnelUnit;
use super::state::{FunnelState, GroupState, StepState};

/// What a step is, over the chains of one group.
#[derive(Debug, Clone)]
struct StepCounts {
    reached: u64,
    /// Seconds from the step before.
    median: Option<f64>,
    p90: Option<f64>,
    clusters: ClusteredProportion,
}

/// The steps of every group, counted.
#[derive(Debug)]
pub struct FunnelCounts {
    /// One row per group and step.
    pub table: RecordBatch,
    /// Starts with less than a window of data behind them.
    pub censored: u64,
    groups: Vec<GroupKey>,
    /// By group and step.
    steps: Vec<Vec<StepCounts>>,
    /// By group: the mean value of the last step's event, over those that have one.
    values: Vec<Option<f64>>,
    unit: FunnelUnit,
}

impl FunnelCounts {
    pub(super) fn new(funnel: &Funnel, mut state: FunnelState, context: &Context<'_>) -> Result<Self> {
        let (groups, mut states): (Vec<GroupKey>, Vec<GroupState>) =
            std::mem::take(&mut *state.groups).into_iter().unzip();
        for group in &mut states {
            group.room(funnel.names.len());
        }
        let values = states.iter().map(|group| group.completions.mean()).collect();
        let steps: Vec<StepState> = states.into_iter().flat_map(|group| group.steps).collect();
        // Quantiles take most of the time, a step of a group each.
        let steps = runtime::each(steps, context.task, |_, step| {
            let mut gaps = step.gaps.into_values();
            let mut quantile = |share| quantile_of_ints(&mut gaps, SECOND, share);
            Ok(StepCounts {
                median: quantile(0.5),
                p90: quantile(0.9),
                reached: step.reached,
                clusters: step.clusters,
            })
        })?;
        let mut to = Self {
            table: RecordBatch::new_empty(arrow::datatypes::Schema::empty().into()),
            censored: state.censored,
            groups,
            steps: steps
                .chunks(funnel.names.len().max(1))
                .map(<[StepCounts]>::to_vec)
                .collect(),
            values,
            unit: funnel.plan.unit,
        };
        to.table = to.long(funnel, context.facts)?;
        Ok(to)
    }

    /// Whether a group has no value in what it is by.
    fn nameless(&self, group: usize) -> bool {
        self.groups[group].contains(&group_key(NONE))
    }

    /// Chains that begin without a value in what they are by.
    #[must_use]
    pub fn without_value(&self) -> u64 {
        let nameless = (0..self.groups.len()).filter(|group| self.nameless(*group));
        nameless.map(|group| self.reached((group, 0))).sum()
    }

    /// Group and step of every row.
    fn cells(&self) -> impl Iterator<Item = (usize, usize)> + Clone + use<> {
        let count = self.steps.first().map_or(0, Vec::len);
        (0..self.groups.len()).flat_map(move |group| (0..count).map(move |step| (group, step)))
    }

    fn reached(&self, (group, step): (usize, usize)) -> u64 {
        self.steps[group][step].reached
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
            FunnelUnit::Customer => wilson(self.reached(cell), self.before(cell)?),
            _ => wilson_effective(self.rate(cell)?, self.steps[cell.0][cell.1].clusters.effective()),
        }
    }

    /// For each row, the effective sample size about its rate.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Counts of customers lie far below 2⁵³.
    pub fn effective(&self) -> Vec<f64> {
        let of = |cell: (usize, usize)| match self.unit {
            FunnelUnit::Customer => self.before(cell).unwrap_or(0) as f64,
            _ => self.steps[cell.0][cell.1].clusters.effective(),
        };
        self.cells().map(of).collect()
    }

    /// 0.01 of those who reached the step before, at the rate at which this step's go on to the end: all of them if it is the
    /// last; not known where nobody reached it and steps lie behind it.
    #[allow(clippy::cast_precision_loss)]
    fn more(&self, cell: (usize, usize)) -> Option<f64> {
        let last = self.steps[cell.0].len() - 1;
        let through = if cell.1 == last {
            1.0
        } else {
            share(self.reached((cell.0, last)), self.reached(cell))?
        };
        Some(0.01 * self.before(cell)? as f64 * through)
    }

    /// One row per group and step.
    fn long(&self, funnel: &Funnel, facts: &Facts) -> Result<RecordBatch> {
        let names = funnel.row_names();
        let each = || self.cells();
        let mut columns = Columns::default();
        let groups: Vec<&[i64]> = each().map(|(group, _)| self.groups[group].as_slice()).collect();
        funnel.group_columns(&mut columns, facts, &groups)?;
        if let Some(period) = funnel.plan.period {
            let observed = funnel.plan.observed_starts(facts);
            let cover =
                |group: &&[i64]| observed.is_some_and(|days| days.cover(period, period.index(period_of(group))));
            columns.bools("complete", groups.iter().map(cover));
        }
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
            each().map(|(group, step)| self.steps[group][step].median),
        );
        columns.maybe_floats("time_p90", each().map(|(group, step)| self.steps[group][step].p90));
        columns.maybe_floats("point_value", each().map(|cell| self.more(cell)));
        if self.values.iter().any(Option::is_some) {
            let money = |cell: (usize, usize)| Some(self.more(cell)? * self.values[cell.0]?);
            columns.maybe_floats("point_money", each().map(money));
        }
        columns.finish()
    }

    /// One row per group, the steps side by side: who reached each, the rates, the interval of the rate of all steps, and
    /// whether many came to step 1 and few through (among the upper quarter by step 1, with a rate that lies below that of
    /// all groups together with its whole interval).
    ///
    /// What has no value is no group here.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)]
    pub fn wide(&self, funnel: &Funnel, facts: &Facts) -> Result<RecordBatch> {
        let (names, last) = (&funnel.names, funnel.names.len() - 1);
        let mut columns = Columns::default();
        let groups_of: Vec<usize> = (0..self.groups.len()).filter(|group| !self.nameless(*group)).collect();
        let groups: Vec<&[i64]> = groups_of.iter().map(|group| self.groups[*group].as_slice()).collect();
        funnel.group_columns(&mut columns, facts, &groups)?;
        let each = || groups_of.iter().copied();
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

impl From<FunnelCounts> for crate::analysis::Outcome {
    fn from(counts: FunnelCounts) -> Self {
        Self::table(counts.table).with("censored", counts.censored)
    }
}
