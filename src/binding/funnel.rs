//! Funnels.

use std::sync::Arc;

use arrow::array::RecordBatch;
use pyo3::prelude::*;

use super::door::run;
use super::errors::to_python;
use super::log::{Log, Value};
use super::moments::Moment;
use super::output::Table;
use crate::columns::{Columns, Scalar};
use crate::customers;
use crate::error::{Error, Result};
use crate::funnel::{Anchor, FollowUp, FunnelPlan, Rules, Step, Ties, compile, funnel, tally};
use crate::parallel::Task;

/// `(name, events, [(column, comparison, value, number)])`.
type PyStep = (String, Vec<Value>, Vec<(String, String, Value, f64)>);

/// The chains of all customers who did step 1.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Funnel {
    log: Arc<customers::Log>,
    chains: crate::funnel::Funnel,
    table: RecordBatch,
    unknown: Vec<String>,
    steps: usize,
}

#[pymethods]
impl Funnel {
    /// Run a funnel over a log.
    #[new]
    #[pyo3(signature = (log, *, steps, window, ties, anchor, start, end, follow_up))]
    #[allow(clippy::too_many_arguments)] // One per option of the contract.
    fn new(
        py: Python<'_>,
        log: &Log,
        steps: Vec<PyStep>,
        window: Option<i64>,
        ties: &str,
        anchor: &str,
        start: Option<Moment>,
        end: Option<Moment>,
        follow_up: &str,
    ) -> PyResult<Self> {
        let names: Vec<String> = steps.iter().map(|step| step.0.clone()).collect();
        let count = names.len();
        let plan = || -> Result<_> {
            let rules = Rules {
                steps: count,
                window,
                ties: tied(ties)?,
                anchor: anchored(anchor)?,
            };
            let instant = |moment: Option<Moment>| moment.map(|moment| moment.0.start(&log.rows.zone));
            let plan = FunnelPlan::new(
                &log.rows,
                rules,
                log.window,
                instant(start),
                instant(end),
                followed(follow_up)?,
            );
            Ok((plan, steps.into_iter().map(step).collect::<Result<Vec<_>>>()?))
        };
        let (plan, steps) = plan().map_err(|error| to_python(py, &error))?;
        let (chains, table, unknown) = run(py, |task| {
            let compiled = compile(&log.rows, &steps)?;
            let chains = funnel(&log.rows, &compiled, &plan, task)?;
            let table = tally(&chains, &names, task)?;
            Ok((chains, table, compiled.unknown))
        })?;
        Ok(Self {
            log: log.rows.clone(),
            chains,
            table,
            unknown,
            steps: count,
        })
    }

    /// One row per step.
    #[getter]
    fn table(&self) -> Table {
        self.table.clone().into()
    }

    /// One row per customer who did step 1: the depth, and the time of each step.
    fn per_customer(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(run(py, |task| self.chain_table(None, task))?.into())
    }

    /// The customers whose last step is the one at this place, counted from 1.
    fn stopped_at(&self, py: Python<'_>, step: usize) -> PyResult<Table> {
        Ok(run(py, |task| self.chain_table(Some(step), task))?.into())
    }

    /// Events that were named and do not occur.
    #[getter]
    fn unknown(&self) -> Vec<String> {
        self.unknown.clone()
    }

    /// Starts with less than a window of data behind them.
    #[getter]
    fn censored(&self) -> u64 {
        self.chains.censored
    }
}

impl Funnel {
    fn chain_table(&self, depth: Option<usize>, task: &Task) -> Result<RecordBatch> {
        let mut chains = self.chains.in_order(&self.log, task)?;
        chains.retain(|(_, chain)| depth.is_none_or(|depth| chain.len() == depth));
        let mut columns = Columns::default();
        columns.push(
            self.log
                .keys(&chains.iter().map(|(place, _)| *place).collect::<Vec<_>>())?,
        );
        columns.ints(
            "depth",
            chains
                .iter()
                .map(|(_, chain)| i64::try_from(chain.len()).unwrap_or_default()),
        );
        for step in 0..self.steps {
            let times = chains.iter().map(|(_, chain)| chain.get(step).copied());
            columns.maybe_times(&format!("t{}", step + 1), times, &self.log.zone);
        }
        columns.finish()
    }
}

fn step((_, events, conditions): PyStep) -> Result<Step> {
    let mut to = Step {
        events: events.into_iter().map(Scalar::from).collect(),
        conditions: Vec::new(),
        numbers: Vec::new(),
    };
    for (column, op, value, number) in conditions {
        to.conditions.push((column, op.parse()?, value.into()));
        to.numbers.push(number);
    }
    Ok(to)
}

fn tied(ties: &str) -> Result<Ties> {
    match ties {
        "steps" => Ok(Ties::Steps),
        "later" => Ok(Ties::Later),
        other => Err(Error::Argument(format!("ties={other:?}: give \"steps\" or \"later\""))),
    }
}

fn anchored(anchor: &str) -> Result<Anchor> {
    match anchor {
        "earliest_longest" => Ok(Anchor::EarliestLongest),
        "first_entry" => Ok(Anchor::FirstEntry),
        other => Err(Error::Argument(format!(
            "anchor={other:?}: give \"earliest_longest\" or \"first_entry\""
        ))),
    }
}

fn followed(follow_up: &str) -> Result<FollowUp> {
    match follow_up {
        "any" => Ok(FollowUp::Any),
        "full" => Ok(FollowUp::Full),
        other => Err(Error::Argument(format!(
            "follow_up={other:?}: give \"any\" or \"full\""
        ))),
    }
}
