//! The one place where the core's errors become Python's.

use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::error::Error;

/// The exception for an error. Our own classes live in Python, since two of them have two bases.
pub(super) fn to_python(py: Python<'_>, error: &Error) -> PyErr {
    let text = error.to_string();
    let class = match error {
        Error::Argument(_) => return PyValueError::new_err(text),
        Error::Interrupted => return PyKeyboardInterrupt::new_err(()),
        Error::MissingColumn { .. } => "ColumnError",
        Error::Disk(_) => "SpillError",
        _ => "DataError",
    };
    match py.import("footfall._errors").and_then(|module| module.getattr(class)) {
        Ok(class) => match class.cast_into::<PyType>() {
            Ok(class) => PyErr::from_type(class, text),
            Err(other) => other.into(),
        },
        Err(error) => error,
    }
}
