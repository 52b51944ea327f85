//! What visits are made of, and how precise recommendations are.

use pyo3::prelude::*;

use super::errors::to_python;
use super::journeys::{named, scalars, visits};
use super::log::{Log, Value};
use super::output::Table;
use super::runtime::run;
use crate::error::Result;
use crate::journeys::{self, MixPlan, PrecisionPlan};
use crate::log::GroupBy;

/// One row per group. `by` holds what a column is found by, and the name it has in the result.
#[pyfunction]
#[pyo3(signature = (log, *, by, goal, gap, period))]
pub(super) fn mix(
    py: Python<'_>,
    log: &Log,
    by: Vec<(String, String)>,
    goal: Option<Vec<Value>>,
    gap: Option<i64>,
    period: Option<&str>,
) -> PyResult<Table> {
    let plan = || -> Result<MixPlan> {
        let (by, names) = sources(log, by)?;
        Ok(MixPlan {
            session: visits(log, gap)?,
            by,
            names,
            goal: goal.map(|events| named(log, &scalars(events))).transpose()?,
            period: period.map(str::parse).transpose()?,
            scope: log.scope(None, None)?,
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    Ok(run(py, |task| journeys::mix(&log.rows, &plan, task))?.into())
}

/// One row per group, and how many pairs of a customer and a product were bought, and of them had been shown before.
#[pyfunction]
#[pyo3(signature = (log, *, stages, by, window))]
pub(super) fn precision(
    py: Python<'_>,
    log: &Log,
    stages: [Vec<Value>; 3],
    by: Vec<(String, String)>,
    window: Option<i64>,
) -> PyResult<(Table, (u64, u64))> {
    let plan = || -> Result<PrecisionPlan> {
        let event = log.column("event", "event")?;
        let mut depths = vec![None; log.rows.labels[event].len()];
        for (depth, events) in stages.into_iter().enumerate() {
            let is = named(log, &scalars(events))?;
            depths
                .iter_mut()
                .zip(is)
                .filter(|(_, is)| *is)
                .for_each(|(to, _)| *to = Some(depth));
        }
        let (by, names) = sources(log, by)?;
        Ok(PrecisionPlan {
            depths,
            event,
            product: log.column("product", "product")?,
            window,
            by,
            names,
            within: (log.window.start.unwrap_or(i64::MIN), log.window.end.unwrap_or(i64::MAX)),
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    let (table, bought) = run(py, |task| {
        let found = journeys::precision(&log.rows, &plan, task)?;
        Ok((found.table(&log.rows, &plan)?, found.bought))
    })?;
    Ok((table.into(), bought))
}

/// What an analysis is broken down by, and the names of the columns.
fn sources(log: &Log, by: Vec<(String, String)>) -> Result<(Vec<GroupBy>, Vec<String>)> {
    let (sources, names): (Vec<String>, Vec<String>) = by.into_iter().unzip();
    let by = sources.iter().map(|name| log.by(name)).collect::<Result<_>>()?;
    Ok((by, names))
}
