//! The analyses of the registry, by name.

use pyo3::prelude::*;

use super::log::Log;
use super::runtime::detach;
use crate::analysis::Outcome;
use crate::params::Params;
use crate::registry;

/// What an analysis finds in a log: tables and values by name.
#[pyfunction]
pub(super) fn run(py: Python<'_>, log: &Log, name: &str, params: Params) -> PyResult<Outcome> {
    detach(py, |task| registry::run(name, &params, &log.view, task))
}

/// The same, and the rows that it lists, as "rows".
#[pyfunction]
pub(super) fn run_rows(py: Python<'_>, log: &Log, name: &str, params: Params) -> PyResult<Outcome> {
    detach(py, |task| registry::run_rows(name, &params, &log.view, task))
}

/// The state of an analysis of a log, as bytes.
#[pyfunction]
pub(super) fn partial(py: Python<'_>, log: &Log, name: &str, params: Params) -> PyResult<Vec<u8>> {
    detach(py, |task| registry::partial(name, &params, &log.view, task))
}

/// What several states of an analysis say together.
#[pyfunction]
pub(super) fn finish(py: Python<'_>, log: &Log, name: &str, params: Params, states: Vec<Vec<u8>>) -> PyResult<Outcome> {
    detach(py, |task| {
        let state = registry::merge(name, &params, &log.view, &states)?;
        registry::finish(name, &params, &log.view, &state, task)
    })
}

/// The names of all analyses.
#[pyfunction]
pub(super) fn analyses() -> Vec<&'static str> {
    registry::NAMES.to_vec()
}
