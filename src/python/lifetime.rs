//! Lifetime value.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::errors::to_python;
use super::log::{Log, taken};
use super::models::{Fitted, fitted, kind};
use super::output::Table;
use super::runtime::run;
use super::time_point::Moment;
use crate::error::{Error, Result};
use crate::lifetime::{self, Forecast, ForecastPlan};
use crate::log as core;
use crate::time::Calendar;

/// The models of a log, and what they say of each customer.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Lifetime {
    log: Arc<core::Log>,
    plan: ForecastPlan,
    forecast: Forecast,
}

#[pymethods]
impl Lifetime {
    /// Fit the models.
    #[new]
    #[pyo3(signature = (log, *, model, horizon, discount, margin, refunds))]
    fn new(
        py: Python<'_>,
        log: &Log,
        model: &str,
        horizon: f64,
        discount: f64,
        margin: f64,
        refunds: &str,
    ) -> PyResult<Self> {
        let plan = || -> Result<ForecastPlan> {
            Ok(ForecastPlan {
                kind: kind(model)?,
                refunds: taken(refunds)?,
                until: log.scope(None, None)?.until,
                horizon,
                discount,
                margin,
            })
        };
        let plan = plan().map_err(|error| to_python(py, &error))?;
        let forecast = run(py, |task| lifetime::forecast(&log.rows, &plan, task))?;
        Ok(Self {
            log: log.rows.clone(),
            plan,
            forecast,
        })
    }

    /// One row per customer.
    fn table(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(run(py, |task| self.forecast.table(&self.log, task))?.into())
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
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let to = PyDict::new(py);
        let spending = &self.forecast.spending;
        to.set_item("customers", self.forecast.orders.bought.len())?;
        to.set_item("spending_customers", spending.customers)?;
        to.set_item("last_day", self.forecast.orders.last_day)?;
        to.set_item("population_amount", spending.population)?;
        to.set_item("spending_left_out", spending.left_out)?;
        to.set_item("correlation", spending.correlation)?;
        to.set_item("expected_new", self.forecast.model.expected_new(self.plan.horizon))?;
        Ok(to)
    }

    /// The chance of each customer to be one still at a later moment.
    fn alive(&self, py: Python<'_>, at: Moment) -> PyResult<Table> {
        let day = Calendar::new(&self.log.zone).day(at.0.start(&self.log.zone));
        #[allow(clippy::cast_precision_loss)] // Days are few.
        let ahead = (day - self.forecast.orders.last_day) as f64;
        if ahead < 0.0 {
            let error = Error::Argument(
                "at= lies before the end of the data, where what came later is known: give that day or a later one, or \
                 take orders.between(None, …) for an earlier end"
                    .into(),
            );
            return Err(to_python(py, &error));
        }
        Ok(run(py, |task| self.forecast.alive(&self.log, ahead, task))?.into())
    }

    /// Fit before a day and compare with what came after: customers, weeks, the fit, the days after.
    fn backtest(&self, py: Python<'_>, split: Moment) -> PyResult<(Table, Table, Fitted, f64)> {
        let day = Calendar::new(&self.log.zone).day(split.0.start(&self.log.zone));
        let found = run(py, |task| lifetime::backtest(&self.log, &self.plan, day, task))?;
        let fit = fitted(&found.forecast.purchases);
        Ok((found.customers.into(), found.weeks.into(), fit, found.horizon))
    }
}
