//! The table of a funnel: who reached each step, how sure that is, how long it took, what a point more would bring.

use arrow::array::RecordBatch;

use crate::columns::{Columns, SECOND};
use crate::error::Result;
use crate::stats::{quantile, wilson};

use super::run::Funnel;

/// One row per step.
///
/// # Errors
/// If Arrow cannot build the table.
#[allow(clippy::cast_precision_loss)] // Counts of customers and microseconds lie far below 2⁵³.
pub fn tally(funnel: &Funnel, names: &[String]) -> Result<RecordBatch> {
    let steps = names.len();
    let reached: Vec<u64> = (0..steps)
        .map(|step| funnel.chains.iter().filter(|chain| chain.times.len() > step).count() as u64)
        .collect();
    let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
    let before = |step: usize| (step > 0).then(|| reached[step - 1]);
    let interval = |step: usize| before(step).and_then(|whole| wilson(reached[step], whole));
    let mut times: Vec<Vec<f64>> = (0..steps).map(|step| gaps(funnel, step)).collect();
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
    columns.maybe_floats("time_median", times.iter_mut().map(|gaps| quantile(gaps, 0.5)));
    columns.maybe_floats("time_p90", times.iter_mut().map(|gaps| quantile(gaps, 0.9)));
    columns.maybe_floats("point_value", (0..steps).map(more));
    if let Some(value) = funnel.value {
        columns.maybe_floats("point_money", (0..steps).map(|step| Some(more(step)? * value)));
    }
    columns.finish()
}

/// Seconds from the step before, of those who reached a step.
#[allow(clippy::cast_precision_loss)] // Microseconds lie far below 2⁵³.
fn gaps(funnel: &Funnel, step: usize) -> Vec<f64> {
    if step == 0 {
        return Vec::new();
    }
    let chains = funnel.chains.iter().filter(|chain| chain.times.len() > step);
    chains
        .map(|chain| (chain.times[step] - chain.times[step - 1]) as f64 / SECOND as f64)
        .collect()
}
