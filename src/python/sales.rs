//! Sales.

use pyo3::prelude::*;

use super::errors::to_python;
use super::log::{Log, taken};
use super::output::Table;
use super::runtime::run;
use crate::error::{Error, Result};
use crate::sales::{Compare, SalesPlan, sales};

/// Sales by period.
#[pyfunction]
#[pyo3(name = "sales", signature = (log, *, period, by, compare, refunds))]
pub(super) fn sales_by_period(
    py: Python<'_>,
    log: &Log,
    period: &str,
    by: Option<&str>,
    compare: Option<&str>,
    refunds: &str,
) -> PyResult<Table> {
    let plan = || -> Result<SalesPlan> {
        Ok(SalesPlan {
            scope: log.scope(None, None)?,
            refunds: taken(refunds)?,
            period: period.parse()?,
            by: by.map(|name| log.by(name)).transpose()?,
            compare: compared(compare)?,
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    Ok(run(py, |task| sales(&log.rows, &plan, task))?.into())
}

fn compared(compare: Option<&str>) -> Result<Compare> {
    match compare {
        Some("previous") => Ok(Compare::Previous),
        Some("year") => Ok(Compare::YearBefore),
        None => Ok(Compare::Nothing),
        Some(other) => Err(Error::Argument(format!(
            "compare={other:?}: give \"previous\", \"year\" or None"
        ))),
    }
}
