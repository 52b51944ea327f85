//! Lifetime value: a native class, since it answers further questions.

use pyo3::prelude::*;

use super::log::Log;
use super::models::{Fitted, fitted};
use super::runtime::detach;
use super::table::Table;
use crate::analysis::{Analysis, Outcome, run};
use crate::error::Error;
use crate::lifetime::{self, Forecast, ForecastPlan, LifetimeOptions};
use crate::log::{TimePoint, View};
use crate::params::{FromParams, Params};
use crate::time::Calendar;

/// The models of a log, and their predictions for each customer.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Lifetime {
    view: View,
    plan: ForecastPlan,
    forecast: Forecast,
}

#[pymethods]
impl Lifetime {
    /// Fit the models.
    #[new]
    fn new(py: Python<'_>, log: &Log, params: Params) -> PyResult<Self> {
        let view = log.view.clone();
        let plan = ForecastPlan::plan(LifetimeOptions::from_params(&params)?, &view)?;
        let forecast = detach(py, |task| run(&plan, &view.log, task))?;
        Ok(Self { view, plan, forecast })
    }

    /// One row per customer.
    fn table(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(detach(py, |task| self.forecast.table(task))?.into())
    }

    /// The fit of the model of purchases.
    #[getter]
    fn purchases(&self) -> Fitted {
        fitted(&self.forecast.purchases)
    }

    /// The fit of the model of spending.
    #[getter]
    fn spending(&self) -> Option<Fitted> {
        self.forecast.spending.fit.as_ref().map(fitted)
    }

    /// What else is known of all customers.
    fn info(&self) -> Outcome {
        self.forecast.info()
    }

    /// P(alive): the probability that each customer is still active at a later time.
    fn alive(&self, py: Python<'_>, params: Params) -> PyResult<Table> {
        let at: TimePoint = params.get("at")?;
        let day = Calendar::new(&self.view.facts().zone).day(at.start(&self.view.facts().zone));
        #[allow(clippy::cast_precision_loss)] // Days are few.
        let ahead = (day - self.forecast.orders.last_day) as f64;
        if ahead < 0.0 {
            let error = Error::Argument(
                "at= lies before the end of the data, where what came later is known: give that day or a later one, or \
                 take orders.between(None, …) for an earlier end"
                    .into(),
            );
            return Err(error.into());
        }
        Ok(detach(py, |task| self.forecast.alive(ahead, task))?.into())
    }

    /// Fit before a day and compare with what came after: customers, weeks, the fit, the days after.
    fn backtest(&self, py: Python<'_>, params: Params) -> PyResult<(Table, Table, Fitted, f64)> {
        let split: TimePoint = params.get("split")?;
        let day = Calendar::new(&self.view.facts().zone).day(split.start(&self.view.facts().zone));
        let found = detach(py, |task| lifetime::backtest(&self.view.log, &self.plan, day, task))?;
        let fit = fitted(&found.forecast.purchases);
        Ok((found.customers.into(), found.weeks.into(), fit, found.horizon))
    }
}
