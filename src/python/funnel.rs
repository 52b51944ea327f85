//! Funnels.

use std::sync::Arc;

use arrow::array::RecordBatch;
use pyo3::prelude::*;

use super::errors::to_python;
use super::log::{Log, Value};
use super::output::Table;
use super::runtime::run;
use super::time_point::Moment;
use crate::columns::Scalar;
use crate::error::{Error, Result};
use crate::funnel::{
    Anchor, Attribution, CompiledSteps, Exclusion, FollowUp, FunnelCounts, FunnelPlan, Mode, Rules, Step, Ties, Unit,
    compile, explain, funnel,
};
use crate::log as core;

/// `(name, events, [(column, comparison, value, number)])`.
type PyStep = (String, Vec<Value>, Vec<(String, String, Value, f64)>);
/// What ends chains, after which step and before which, both counted from 1.
type PyExclusion = (PyStep, usize, usize);

/// The chains of all customers who did step 1.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Funnel {
    log: Arc<core::Log>,
    plan: FunnelPlan,
    names: Vec<String>,
    by: Vec<String>,
    compiled: CompiledSteps,
    chains: crate::funnel::Funnel,
    tally: FunnelCounts,
    table: RecordBatch,
}

#[pymethods]
impl Funnel {
    /// Run a funnel over a log. `by` holds names and the words that they stand under in results.
    #[new]
    #[pyo3(signature = (log, *, steps, window, mode, ties, anchor, start, end, follow_up, by, attribution, same, exclude,
        unit, gap, period))]
    #[allow(clippy::too_many_arguments)] // One per option of the contract.
    fn new(
        py: Python<'_>,
        log: &Log,
        steps: Vec<PyStep>,
        window: Option<i64>,
        mode: &str,
        ties: &str,
        anchor: &str,
        start: Option<Moment>,
        end: Option<Moment>,
        follow_up: &str,
        by: Vec<(String, String)>,
        attribution: &str,
        same: Vec<String>,
        exclude: Vec<PyExclusion>,
        unit: &str,
        gap: Option<i64>,
        period: Option<&str>,
    ) -> PyResult<Self> {
        let names: Vec<String> = steps.iter().map(|step| step.0.clone()).collect();
        let (sources, by): (Vec<String>, Vec<String>) = by.into_iter().unzip();
        let plan = || -> Result<_> {
            let rules = Rules {
                steps: names.len(),
                window,
                mode: ordered(mode)?,
                ties: tied(ties)?,
                anchor: anchored(anchor)?,
            };
            let instant = |moment: Option<Moment>| moment.map(|moment| moment.0.start(&log.rows.zone));
            let (start, end) = (instant(start), instant(end));
            let plan = FunnelPlan {
                unit: counted(log, unit, gap)?,
                by: sources.iter().map(|name| log.by(name)).collect::<Result<_>>()?,
                attribution: attributed(attribution, &names)?,
                same: same
                    .iter()
                    .map(|name| log.column("same", name))
                    .collect::<Result<_>>()?,
                period: period.map(str::parse).transpose()?,
                ..FunnelPlan::new(&log.rows, rules, log.window, start, end, followed(follow_up)?)
            };
            let steps: Vec<Step> = steps.into_iter().map(step).collect::<Result<_>>()?;
            let exclusions: Vec<Exclusion> = exclude.into_iter().map(exclusion).collect::<Result<_>>()?;
            Ok((plan, compile(&log.rows, &steps, &exclusions)?))
        };
        let (plan, compiled) = plan().map_err(|error| to_python(py, &error))?;
        let (chains, tally, table) = run(py, |task| {
            let chains = funnel(&log.rows, &compiled, &plan, task)?;
            let tally = FunnelCounts::new(&chains, &plan, task)?;
            let shown = match plan.rules.mode {
                // Any of the steps can be the first that is done.
                Mode::Unordered => (1..=names.len()).map(|at| format!("{at} of {}", names.len())).collect(),
                _ => names.clone(),
            };
            let table = tally.long(&chains, &log.rows, &plan, &shown, &by)?;
            Ok((chains, tally, table))
        })?;
        Ok(Self {
            log: log.rows.clone(),
            plan,
            names,
            by,
            compiled,
            chains,
            tally,
            table,
        })
    }

    /// One row per step.
    #[getter]
    fn table(&self) -> Table {
        self.table.clone().into()
    }

    /// One row per group, the steps side by side.
    fn wide(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(run(py, |_| {
            self.tally
                .wide(&self.chains, &self.log, &self.plan, &self.names, &self.by)
        })?
        .into())
    }

    /// For each row of the table, how many independent units tell as much about its rate.
    #[getter]
    fn effective(&self) -> Vec<f64> {
        self.tally.effective()
    }

    /// One row per customer who did step 1: the depth, and the time of each step.
    fn per_customer(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(run(py, |task| {
            self.chains.table(&self.log, &self.plan, &self.by, None, task)
        })?
        .into())
    }

    /// The customers whose last step is the one at this place, counted from 1.
    fn stopped_at(&self, py: Python<'_>, step: usize) -> PyResult<Table> {
        Ok(run(py, |task| {
            self.chains.table(&self.log, &self.plan, &self.by, Some(step), task)
        })?
        .into())
    }

    /// The events of a customer, and why each did or did not count.
    fn explain(&self, py: Python<'_>, customer: Value) -> PyResult<Table> {
        Ok(run(py, |task| {
            let value = Scalar::from(customer);
            let place = self.log.find(&value, task)?;
            explain(&self.log, &self.compiled, &self.plan, &self.names, place)
        })?
        .into())
    }

    /// Events that were shown and do not occur.
    #[getter]
    fn unknown(&self) -> Vec<String> {
        self.compiled.unknown.clone()
    }

    /// Starts with less than a window of data behind them.
    #[getter]
    fn censored(&self) -> u64 {
        self.chains.censored
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

fn exclusion((events, after, before): PyExclusion) -> Result<Exclusion> {
    Ok(Exclusion {
        events: step(events)?,
        after: after.saturating_sub(1),
        before: before.saturating_sub(1),
    })
}

fn counted(log: &Log, unit: &str, gap: Option<i64>) -> Result<Unit> {
    Ok(match (unit, gap) {
        ("customer", _) => Unit::Customer,
        ("attempt", _) => Unit::Attempt,
        ("session", Some(gap)) => Unit::Gap(gap),
        ("session", None) => Unit::Session(log.column("session", "session")?),
        (other, _) => {
            return Err(Error::Argument(format!(
                "unit={other:?}: give \"customer\", \"session\" or \"attempt\""
            )));
        }
    })
}

fn attributed(attribution: &str, names: &[String]) -> Result<Attribution> {
    Ok(match attribution {
        "first" => Attribution::First,
        "last" => Attribution::Last,
        "each" => Attribution::Each,
        name => match names.iter().position(|known| known == name) {
            Some(step) => Attribution::Step(step),
            None => {
                return Err(Error::Argument(format!(
                    "attribution={name:?}: give \"first\", \"last\", \"each\" or the name of a step, of {names:?}"
                )));
            }
        },
    })
}

fn ordered(mode: &str) -> Result<Mode> {
    match mode {
        "ordered" => Ok(Mode::Ordered),
        "contiguous" => Ok(Mode::Contiguous),
        "unordered" => Ok(Mode::Unordered),
        other => Err(Error::Argument(format!(
            "mode={other:?}: give \"ordered\", \"contiguous\" or \"unordered\""
        ))),
    }
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
        "first_completion" => Ok(Anchor::FirstCompletion),
        "latest_entry" => Ok(Anchor::LatestEntry),
        other => Err(Error::Argument(format!(
            "anchor={other:?}: give \"earliest_longest\", \"first_entry\", \"first_completion\" or \"latest_entry\""
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
