//! The one place where the core's errors become Python's.

use pyo3::exceptions::{PyKeyboardInterrupt, PyMemoryError, PyOSError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::error::Error;

impl From<Error> for PyErr {
    /// The exception for an error. Our own classes live in Python, since two of them have two bases.
    fn from(error: Error) -> Self {
        let text = error.to_string();
        let class = match error {
            Error::Argument(_) => return PyValueError::new_err(text),
            Error::ArgumentType(_) => return PyTypeError::new_err(text),
            Error::Memory(_) => return PyMemoryError::new_err(text),
            Error::Write(_) => return PyOSError::new_err(text),
            Error::Interrupted => return PyKeyboardInterrupt::new_err(()),
            Error::Internal(_) | Error::Threads(_) => return PyRuntimeError::new_err(text),
            Error::MissingColumn { .. } => "ColumnError",
            Error::Disk(_) => "SpillError",
            _ => "DataError",
        };
        Python::attach(
            |py| match py.import("footfall._errors").and_then(|module| module.getattr(class)) {
                Ok(class) => match class.cast_into::<PyType>() {
                    Ok(class) => Self::from_type(class, text),
                    Err(other) => other.into(),
                },
                Err(error) => error,
            },
        )
    }
}
