//! Plain statistics.

use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::runtime::detach;
use crate::stats::{self, Interval, LogitErrors, Observation};

/// The difference of two shares with its interval.
#[pyfunction]
pub(super) fn difference(ours: Interval, theirs: Interval) -> Interval {
    stats::difference(ours, theirs)
}

/// The p-value of the hypothesis that two shares, each with its number of units, are the same.
#[pyfunction]
pub(super) fn same_share(ours: (f64, f64), theirs: (f64, f64)) -> Option<f64> {
    stats::two_proportion_z_test(ours, theirs)
}

/// The Wilson interval of a share.
#[pyfunction]
pub(super) fn wilson(count: u64, of: u64) -> Option<(f64, f64)> {
    stats::wilson(count, of)
}

/// A logistic regression of outcomes on a design, whose first column is 1: coefficients and standard errors of the model.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // As the door of arrays has it.
pub(super) fn logit(
    py: Python<'_>,
    design: PyReadonlyArray2<'_, f64>,
    outcome: PyReadonlyArray1<'_, bool>,
) -> PyResult<Option<(Vec<f64>, Vec<f64>)>> {
    if design.as_array().nrows() != outcome.as_array().len() {
        return Err(PyValueError::new_err("design and outcome differ in length"));
    }
    let rows: Vec<Vec<f64>> = design.as_array().rows().into_iter().map(|row| row.to_vec()).collect();
    let unit = |(row, outcome): (usize, &bool)| Observation {
        row,
        outcome: *outcome,
        cluster: (0, 0),
    };
    let units: Vec<Observation> = outcome.as_array().iter().enumerate().map(unit).collect();
    let fit = detach(py, |_| Ok(stats::logit(&rows, &units, LogitErrors::Model)))?;
    Ok(fit.map(|(fit, _)| (fit.coefficients, fit.errors)))
}

/// p-values adjusted for their number.
#[pyfunction]
pub(super) fn holm(values: Vec<Option<f64>>) -> Vec<Option<f64>> {
    stats::holm(&values)
}

/// p-values adjusted by their ranks.
#[pyfunction]
pub(super) fn benjamini_hochberg(values: Vec<Option<f64>>) -> Vec<Option<f64>> {
    stats::benjamini_hochberg(&values)
}

/// The trend of a series with seasons: its slope, the interval of that, the p-value.
#[pyfunction]
pub(super) fn seasonal_trend(values: Vec<Option<f64>>, seasons: usize) -> Option<(f64, f64, f64, f64)> {
    let trend = stats::seasonal_trend(&values, seasons.max(1))?;
    Some((trend.slope, trend.low, trend.high, trend.p_value))
}

/// The population stability index of two columns of classes, numbered from 0.
#[pyfunction]
pub(super) fn population_stability(before: PyReadonlyArray1<'_, i64>, after: PyReadonlyArray1<'_, i64>) -> f64 {
    let highest = before
        .as_array()
        .iter()
        .chain(after.as_array())
        .max()
        .copied()
        .unwrap_or(0);
    let counted = |classes: &PyReadonlyArray1<'_, i64>| {
        let mut counts = vec![0; usize::try_from(highest).unwrap_or(0) + 1];
        for class in classes.as_array() {
            counts[usize::try_from(*class).unwrap_or(0)] += 1;
        }
        counts
    };
    stats::population_stability(&counted(&before), &counted(&after))
}
