//! Parameters from Python's dicts, and outcomes as such.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use super::table::Table;
use crate::analysis::Outcome;
use crate::params::{self, Params, Value};

impl<'py> FromPyObject<'_, 'py> for Params {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let mut params = Self::default();
        for (name, value) in given.cast::<PyDict>()?.iter() {
            let name: String = name.extract()?;
            params = params.with(&name, value_of(&value)?);
        }
        Ok(params)
    }
}

fn value_of(given: &Bound<'_, PyAny>) -> PyResult<Value> {
    if given.is_none() {
        return Ok(Value::Null);
    }
    // A truth is a whole number to Python, so it is asked for first.
    if given.is_instance_of::<PyBool>() {
        return Ok(Value::Bool(given.extract()?));
    }
    if given.is_instance_of::<PyInt>() {
        return Ok(given.extract().map_or_else(|_| Value::Large(shown(given)), Value::Int));
    }
    if given.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(given.extract()?));
    }
    if given.is_instance_of::<PyString>() {
        // Half a surrogate pair is no text.
        return Ok(given.extract().map_or_else(|_| Value::Other(shown(given)), Value::Text));
    }
    if given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>() {
        let values = given.try_iter()?.map(|item| value_of(&item?));
        return Ok(Value::List(values.collect::<PyResult<_>>()?));
    }
    // numpy's whole numbers.
    Ok(given.extract().map_or_else(|_| Value::Other(shown(given)), Value::Int))
}

/// A value as Python shows it; what cannot be shown, by its type.
fn shown(given: &Bound<'_, PyAny>) -> String {
    given
        .repr()
        .and_then(|text| text.to_str().map(str::to_string))
        .unwrap_or_else(|_| format!("<{}>", given.get_type()))
}

/// Raise the error for a word that an option does not know.
#[pyfunction]
pub(super) fn check_word(option: &str, value: &Bound<'_, PyAny>, known: Vec<String>) -> PyResult<()> {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    Ok(params::check_word(option, &value_of(value)?, &known)?)
}

impl<'py> IntoPyObject<'py> for Value {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Null => Ok(py.None().into_bound(py)),
            Self::Bool(value) => value.into_bound_py_any(py),
            Self::Int(value) => value.into_bound_py_any(py),
            Self::Float(value) => value.into_bound_py_any(py),
            Self::Text(value) | Self::Large(value) | Self::Other(value) => value.into_bound_py_any(py),
            Self::List(values) => values.into_bound_py_any(py),
        }
    }
}

impl<'py> IntoPyObject<'py> for Outcome {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let to = PyDict::new(py);
        for (name, table) in self.tables {
            to.set_item(name, Table::from(table))?;
        }
        for (name, value) in self.values {
            to.set_item(name, value)?;
        }
        Ok(to)
    }
}
