//! Parameters from Python's dicts, and outcomes as such.

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use super::table::Table;
use crate::analysis::Outcome;
use crate::params::{Params, Value};

impl<'py> FromPyObject<'_, 'py> for Params {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let mut params = Self::default();
        for (name, value) in given.cast::<PyDict>()?.iter() {
            let name: String = name.extract()?;
            let value = value_of(&name, &value)?;
            params = params.with(&name, value);
        }
        Ok(params)
    }
}

fn value_of(name: &str, given: &Bound<'_, PyAny>) -> PyResult<Value> {
    if given.is_none() {
        return Ok(Value::Null);
    }
    // A truth is a whole number to Python, so it is asked for first.
    if given.is_instance_of::<PyBool>() {
        return Ok(Value::Bool(given.extract()?));
    }
    if given.is_instance_of::<PyInt>() {
        return Ok(Value::Int(given.extract()?));
    }
    if given.is_instance_of::<PyFloat>() {
        return Ok(Value::Float(given.extract()?));
    }
    if given.is_instance_of::<PyString>() {
        return Ok(Value::Text(given.extract()?));
    }
    if given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>() {
        let values = given.try_iter()?.map(|item| value_of(name, &item?));
        return Ok(Value::List(values.collect::<PyResult<_>>()?));
    }
    Err(PyTypeError::new_err(format!(
        "{name}={}: give text, numbers or lists of them, not {}",
        given.repr()?,
        given.get_type().name()?
    )))
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
            Self::Text(value) => value.into_bound_py_any(py),
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
