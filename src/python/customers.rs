//! Tables of customers.

use numpy::ToPyArray;
use pyo3::prelude::*;

use super::foreign::ForeignTable;
use super::runtime::detach;
use super::table::Table;
use crate::columns::{Names, Preparation, TimeOptions, Written};
use crate::log as core;
use crate::params::Params;
use crate::time::Period;

/// A table of customers and their attributes.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct CustomerTable {
    pub(super) table: core::AttributeTable,
}

#[pymethods]
impl CustomerTable {
    /// Read a key and attributes, given as pairs of role and column.
    #[new]
    #[pyo3(signature = (source, *, customer, attributes, names="typed", null_values=Vec::new(), numbers=Vec::new()))]
    fn new(
        py: Python<'_>,
        mut source: ForeignTable,
        customer: String,
        attributes: Vec<(String, String)>,
        names: &str,
        null_values: Vec<String>,
        numbers: Vec<(String, String)>,
    ) -> PyResult<Self> {
        let names: Names = names.parse()?;
        let table = detach(py, |task| {
            let mut roles = vec![("customer".to_string(), customer.clone())];
            roles.extend(attributes.iter().cloned());
            let preparation = Preparation {
                written: Written::Plain,
                null_values,
                numbers,
                coalesced: Vec::new(),
                fill_down: None,
            };
            let rows = source.stream(&roles)?.prepared(preparation)?.all(task)?;
            core::AttributeTable::new(&rows, &customer, &attributes, names, task)
        })?;
        Ok(Self { table })
    }

    /// Which customer each row of another table names, by number; -1 for none.
    fn places<'py>(
        &self,
        py: Python<'py>,
        mut source: ForeignTable,
        key: String,
    ) -> PyResult<Bound<'py, numpy::PyArray1<i64>>> {
        let places = detach(py, |task| {
            let rows = source.stream(&[("customer".to_string(), key.clone())])?.all(task)?;
            self.table.places(&rows, &key, task)
        })?;
        let places: Vec<i64> = places.into_iter().map(|place| place.map_or(-1, i64::from)).collect();
        Ok(places.to_pyarray(py))
    }

    /// The key and an attribute, by its role.
    fn attribute(&self, py: Python<'_>, role: &str) -> PyResult<Table> {
        Ok(detach(py, |_| self.table.attribute(role))?.into())
    }

    /// How many customers there are, by attributes and the period of registration.
    fn profile(&self, py: Python<'_>, params: Params) -> PyResult<Table> {
        let (by, period): (Vec<(String, Vec<f64>)>, Option<Period>) = (params.get("by")?, params.get("period")?);
        let times = TimeOptions {
            timezone: params.get("timezone")?,
            format: params.get("time_format")?,
            unit: params.get("time_unit")?,
        };
        Ok(detach(py, |task| self.table.profile(&by, period, &times, task))?.into())
    }

    /// Rows read, rows without a key, rows whose key an earlier row has, and customers.
    #[getter]
    fn counts(&self) -> (u64, u64, u64, usize) {
        (
            self.table.rows,
            self.table.null_keys,
            self.table.repeated,
            self.table.customers(),
        )
    }
}
