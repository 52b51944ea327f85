//! Points in time as Python hands them over: a kind and a number.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::log::Moment as Core;

/// `("day" | "wall" | "instant", number)`.
pub(super) struct Moment(pub(super) Core);

impl<'py> FromPyObject<'_, 'py> for Moment {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let (kind, number): (String, i64) = value.extract()?;
        Ok(Self(match kind.as_str() {
            "day" => Core::Day(number),
            "wall" => Core::Wall(number),
            "instant" => Core::Instant(number),
            other => return Err(PyTypeError::new_err(format!("{other:?} is no kind of moment"))),
        }))
    }
}
