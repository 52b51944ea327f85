//! Explanation: one customer's events, and why each did or did not count.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::{CustomerIndex, Log, Partition};

use super::plan::{FunnelPlan, FunnelUnit};
use super::rules::{Mode, Rules};
use super::steps::CompiledSteps;
use super::units::{ChainFinder, FoundChain};

/// The chains of one customer: for each, the row and the step of its events.
type Found = Vec<Vec<(usize, usize)>>;

/// One row per event of a customer: when, what, the step that it fills in a reported chain, and why, in words.
///
/// # Errors
/// If Arrow cannot build the table.
pub(super) fn explain(
    log: &Log,
    steps: &CompiledSteps,
    plan: &FunnelPlan,
    names: &[String],
    (part, customer): CustomerIndex,
) -> Result<RecordBatch> {
    let partition = &log.partition(part as usize)?;
    let mut found = Found::new();
    ChainFinder::new(partition, part, steps, plan, &log.facts.zone).customer(
        customer,
        &mut |outcome: FoundChain<'_>| {
            found.push(outcome.fills.iter().map(|fill| (fill.at, fill.step)).collect());
        },
    )?;
    let used: BTreeMap<usize, usize> = found.iter().flatten().copied().collect();
    let rows = partition.rows(customer as usize);
    let why = Why {
        partition,
        steps,
        plan,
        names,
        found: &found,
    };
    let mut columns = Columns::default();
    columns.maybe_times(
        "time",
        rows.clone().map(|row| Some(partition.time[row])),
        &log.facts.zone,
    );
    let codes = rows.clone().map(|row| partition.labels[steps.event()][row]);
    let (field, array) = log.facts.categories[steps.event()].restore(codes)?;
    columns.push((field.as_ref().clone().with_name("event").into(), array));
    let step = |row| used.get(&row).and_then(|step| i64::try_from(step + 1).ok());
    columns.maybe_ints("step", rows.clone().map(step));
    let words: Vec<String> = rows.map(|row| why.of(row, used.get(&row).copied())).collect();
    columns.texts("why", words.iter().map(Some));
    columns.finish()
}

struct Why<'a> {
    partition: &'a Partition,
    steps: &'a CompiledSteps,
    plan: &'a FunnelPlan,
    names: &'a [String],
    found: &'a Found,
}

impl Why<'_> {
    fn of(&self, row: usize, filled: Option<usize>) -> String {
        let time = self.partition.time[row];
        let Rules { mode, window, .. } = self.plan.rules;
        if let Some(step) = filled {
            return format!("fills step {}, {}", step + 1, self.names[step]);
        }
        if time >= self.plan.until {
            return "lies after the period".into();
        }
        if self
            .plan
            .same
            .iter()
            .any(|label| self.partition.labels[*label][row] == crate::columns::NONE)
        {
            return "has no value in a column of same=, so that it agrees with no other".into();
        }
        let ban = self.steps.ban(self.partition, row);
        if ban != 0 {
            let (after, before) = (ban.trailing_zeros() as usize - 1, ban.ilog2() as usize);
            return format!(
                "is excluded: ends chains between {} and {}",
                self.names[after], self.names[before]
            );
        }
        let mask = self.steps.mask(self.partition, row);
        if mask == 0 {
            let word = if mode == Mode::Contiguous {
                "is no step, and interrupts"
            } else {
                "is no step"
            };
            return word.into();
        }
        if mask == 1 && !self.plan.starts_here(time) {
            return "is step 1, but lies outside start and end".into();
        }
        if mask == 1 && !(self.plan.allowed_starts().0 <= time && time < self.plan.allowed_starts().1) {
            return "is step 1, but less than a window of data follows".into();
        }
        let chains = self
            .found
            .iter()
            .filter_map(|chain| Some((chain.first()?.0, chain.last()?.0, chain.len())));
        let near = chains.min_by_key(|(first, ..)| self.partition.time[*first].abs_diff(time));
        let Some((first, last, depth)) = near else {
            return format!("fits {}, but no event of step 1 counts", self.fits(mask));
        };
        let (from, to) = (self.partition.time[first], self.partition.time[last]);
        let late = window.is_some_and(|window| time.saturating_sub(from) > window);
        let reason = match () {
            () if time < from => "comes before the chain that is reported",
            () if late && self.plan.unit == FunnelUnit::Customer => {
                "comes after the window of the chain that is reported"
            }
            () if late => "comes after the window",
            () if depth == self.plan.rules.steps && time >= to => "comes after the chain is complete",
            () => "is not needed there: the steps before it are not done, or it is done already",
        };
        format!("fits {}, but {reason}", self.fits(mask))
    }

    fn fits(&self, mask: u64) -> String {
        let names = self.names.iter().enumerate().filter(|(step, _)| mask >> step & 1 == 1);
        names.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" and ")
    }
}
