//! Funnels: a native class, since they answer further questions.

use arrow::array::RecordBatch;
use pyo3::prelude::*;

use super::log::Log;
use super::runtime::detach;
use super::table::Table;
use crate::analysis::{Analysis, Context, fold_with_rows, run};
use crate::columns::Scalar;
use crate::error::Result;
use crate::funnel::{self, FunnelCounts, FunnelOptions};
use crate::log::View;
use crate::params::{FromParams, FromValue, Params, Value};
use crate::runtime::Task;

/// A funnel that was run over a log.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Funnel {
    view: View,
    plan: funnel::Funnel,
    counts: FunnelCounts,
}

#[pymethods]
impl Funnel {
    /// Run a funnel over a log.
    #[new]
    fn new(py: Python<'_>, log: &Log, params: Params) -> PyResult<Self> {
        let view = log.view.clone();
        let plan = funnel::Funnel::plan(FunnelOptions::from_params(&params)?, &view)?;
        let counts = detach(py, |task| run(&plan, &view.log, task))?;
        Ok(Self { view, plan, counts })
    }

    /// One row per step.
    #[getter]
    fn table(&self) -> Table {
        self.counts.table.clone().into()
    }

    /// One row per group, the steps side by side.
    fn wide(&self) -> PyResult<Table> {
        Ok(self.counts.wide(&self.plan, self.view.facts())?.into())
    }

    /// Chains that begin without a value in what the funnel is broken down by.
    #[getter]
    fn without_value(&self) -> u64 {
        self.counts.without_value()
    }

    /// For each row of the table, the effective sample size behind its rate.
    #[getter]
    fn effective(&self) -> Vec<f64> {
        self.counts.effective()
    }

    /// One row per customer who did step 1: the depth, and the time of each step.
    fn per_customer(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(detach(py, |task| self.chains(None, task))?.into())
    }

    /// The customers whose last step is the one at this place, counted from 1.
    fn stopped_at(&self, py: Python<'_>, step: usize) -> PyResult<Table> {
        Ok(detach(py, |task| self.chains(Some(step), task))?.into())
    }

    /// The events of a customer, and why each did or did not count.
    fn explain(&self, py: Python<'_>, params: Params) -> PyResult<Table> {
        let key = params.0.get("customer").unwrap_or(&Value::Null);
        let key = Scalar::from_value("customer", key)?;
        Ok(detach(py, |task| {
            let customer = self.view.log.find(&key, task)?;
            self.plan.explain(&self.view.log, customer)
        })?
        .into())
    }

    /// Events that are named and do not occur.
    #[getter]
    fn unknown(&self) -> Vec<String> {
        self.plan.unknown().to_vec()
    }

    /// Whose times are reported.
    #[getter]
    fn anchor(&self) -> &'static str {
        self.plan.anchor().word()
    }

    /// Starts with less than a window of data behind them.
    #[getter]
    fn censored(&self) -> u64 {
        self.counts.censored
    }
}

impl Funnel {
    /// The chains are listed by a fold of their own, where somebody asks for them.
    fn chains(&self, depth: Option<usize>, task: &Task) -> Result<RecordBatch> {
        let (_, rows) = fold_with_rows(&self.plan, &self.view.log, task)?;
        self.plan.chains(&rows, depth, &Context::of_log(&self.view.log, task))
    }
}
