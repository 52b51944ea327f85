//! The table of a funnel: who reached each step, how sure that is, how long it took, what a point more would bring.

use arrow::array::RecordBatch;

use crate::columns::{Columns, SECOND};
use crate::error::Result;
use crate::stats::{quantile, wilson};

use super::run::Funnel;
use crate::parallel::{self, Task};

/// One row per step.
///
/// # Errors
/// If the caller asked to stop, or Arrow cannot build the table.
#[allow(clippy::cast_precision_loss)] // Counts of customers and microseconds lie far below 2⁵³.
pub fn tally(funnel: &Funnel, names: &[String], task: &Task) -> Result<RecordBatch> {
    let steps = names.len();
    let reached = reached(funnel, steps);
    let times = parallel::map(steps, task, |step| {
        let mut gaps = gaps(funnel, step, reached[step]);
        Ok((quantile(&mut gaps, 0.5), quantile(&mut gaps, 0.9)))
    })?;
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let before = |step: usize| (step > 0).then(|| reached[step - 1]);
    let interval = |step: usize| before(step).and_then(|whole| wilson(reached[step], whole));
    // 0.01 of those who reached the step before, at the rate at which this step's go on to the end.
    let more = |step: usize| Some(0.01 * before(step)? as f64 * share(reached[steps - 1], reached[step])?);
    let mut columns = Columns::default();
    columns.ints("step", (1..).take(steps));
    columns.texts("name", names.iter().map(Some));
    columns.ints("reached", reached.iter().map(|count| count.cast_signed()));
    columns.maybe_ints(
        "lost",
        (0..steps).map(|step| Some((before(step)? - reached[step]).cast_signed())),
    );
    columns.maybe_floats("step_rate", (0..steps).map(|step| share(reached[step], before(step)?)));
    columns.maybe_floats("step_low", (0..steps).map(|step| Some(interval(step)?.0)));
    columns.maybe_floats("step_high", (0..steps).map(|step| Some(interval(step)?.1)));
    columns.maybe_floats("overall_rate", (0..steps).map(|step| share(reached[step], reached[0])));
    columns.maybe_floats("time_median", times.iter().map(|times| times.0));
    columns.maybe_floats("time_p90", times.iter().map(|times| times.1));
    columns.maybe_floats("point_value", (0..steps).map(more));
    if let Some(value) = funnel.value {
        columns.maybe_floats("point_money", (0..steps).map(|step| Some(more(step)? * value)));
    }
    columns.finish()
}

/// How many customers reached each step.
fn reached(funnel: &Funnel, steps: usize) -> Vec<u64> {
    let mut stopped = vec![0; steps + 1];
    for depth in funnel.chains.iter().flat_map(|part| &part.depths) {
        stopped[usize::from(*depth)] += 1;
    }
    let mut reached = stopped.split_off(1);
    for step in (1..steps).rev() {
        reached[step - 1] += reached[step];
    }
    reached
}

/// Seconds from the step before, of those who reached a step.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // Microseconds and counts lie far below 2⁵³.
fn gaps(funnel: &Funnel, step: usize, reached: u64) -> Vec<f64> {
    let mut gaps = Vec::new();
    if step == 0 || reached == 0 {
        return gaps;
    }
    gaps.reserve(reached as usize);
    for chain in funnel.chains.iter().flat_map(super::run::Chains::each) {
        if chain.len() > step {
            gaps.push((chain[step] - chain[step - 1]) as f64 / SECOND as f64);
        }
    }
    gaps
}
