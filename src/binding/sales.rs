//! Sales.

use pyo3::prelude::*;

use super::door::run;
use super::errors::to_python;
use super::log::{Log, taken};
use super::output::Table;
use crate::error::{Error, Result};
use crate::goods::{By, Compare, SalesPlan, sales};

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
    let plan = || -> Result<SalesPlan<'_>> {
        Ok(SalesPlan {
            scope: log.scope(None, None)?,
            refunds: taken(refunds)?,
            period: period.parse()?,
            by: log.by(by)?,
            compare: compared(compare)?,
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    Ok(run(py, |task| sales(&log.rows, &plan, task))?.into())
}

impl Log {
    /// A role, a column or an attribute, by its name.
    fn by(&self, name: Option<&str>) -> Result<By<'_>> {
        let Some(name) = name else { return Ok(By::Nothing) };
        let roles = &self.rows.roles.labels;
        let label = roles.iter().position(|(role, column)| role == name || column == name);
        let attribute = self
            .attributes
            .iter()
            .find(|attribute| attribute.name == name || attribute.role == name);
        match (label, attribute) {
            (Some(_), Some(_)) => {
                return Err(Error::Argument(format!(
                    "by={name:?} names a column of the orders and an attribute of the customers; rename one of them"
                )));
            }
            (Some(label), None) => return Ok(By::FirstOrder(label)),
            (None, Some(attribute)) => return Ok(By::Attribute(attribute)),
            (None, None) => {}
        }
        let found = roles.iter().map(|(_, column)| column.clone());
        let found = found
            .chain(self.attributes.iter().map(|attribute| attribute.name.clone()))
            .collect();
        Err(Error::MissingColumn {
            role: "by".into(),
            name: name.into(),
            found,
        })
    }
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
