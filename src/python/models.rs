//! The models of purchases and of spending, over arrays.

use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use super::runtime::detach;
use crate::error::Error;
use crate::lifetime::{
    self, Fit, FitStatus, GammaGamma, Histories, History, Model, ModelKind, Question, fit_gamma_gamma,
};
use crate::params::{FromParams, FromValue, Params};

type Array<'py> = PyReadonlyArray1<'py, f64>;
/// Parameters, covariance, log-likelihood, decrement, evaluations, how it ended, parameters that are not identified,
/// and by what share predictions change over those that the data hardly tell apart.
pub(super) type Fitted = (
    Vec<f64>,
    Option<Vec<Vec<f64>>>,
    f64,
    f64,
    u32,
    &'static str,
    Vec<usize>,
    Option<f64>,
);

pub(super) fn fitted<const N: usize>(fit: &Fit<N>) -> Fitted {
    let (status, vague) = match fit.status {
        FitStatus::Converged => ("converged", 0),
        FitStatus::NotIdentified(vague) => ("not identified", vague),
        FitStatus::Stopped => ("not converged", 0),
    };
    (
        fit.parameters.to_vec(),
        fit.covariance.map(|rows| rows.iter().map(|row| row.to_vec()).collect()),
        fit.log_likelihood,
        fit.decrement,
        fit.evaluations,
        status,
        (0..N).filter(|at| vague & (1 << at) != 0).collect(),
        fit.spread,
    )
}

/// Arrays of one length, as histories.
fn histories(repeats: &Array<'_>, last: &Array<'_>, age: &Array<'_>) -> Vec<History> {
    let (repeats, last, age) = (repeats.as_array(), last.as_array(), age.as_array());
    let all = repeats.iter().zip(last).zip(age);
    all.map(|((repeats, last), age)| History {
        repeats: *repeats,
        last: *last,
        age: *age,
    })
    .collect()
}

/// Fit a model of purchases.
#[pyfunction]
pub(super) fn fit_purchases(
    py: Python<'_>,
    model: &str,
    repeats: Array<'_>,
    last: Array<'_>,
    age: Array<'_>,
    weights: Option<Array<'_>>,
) -> PyResult<Fitted> {
    let kind: ModelKind = FromValue::from_value("model", &model.into())?;
    let all = histories(&repeats, &last, &age);
    let weights: Option<Vec<f64>> = weights.map(|weights| weights.as_array().to_vec());
    let fit = detach(py, |task| {
        lifetime::fit(kind, &Histories::new(all.into_iter(), weights.as_deref()), task)
    })?;
    Ok(fitted(&fit))
}

/// A number for each history.
#[pyfunction]
pub(super) fn of_histories<'py>(
    py: Python<'py>,
    params: Params,
    repeats: Array<'py>,
    last: Array<'py>,
    age: Array<'py>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let asked = Question::from_params(&params)?;
    let all = histories(&repeats, &last, &age);
    let values = detach(py, |task| {
        Histories::new(all.into_iter(), None).each(|history| asked.answer(history), task)
    })?;
    Ok(PyArray1::from_vec(py, values))
}

/// Expected repeats of a new customer in times since the first purchase.
#[pyfunction]
pub(super) fn expected_new<'py>(
    py: Python<'py>,
    model: &str,
    parameters: [f64; 4],
    times: Array<'py>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let kind: ModelKind = FromValue::from_value("model", &model.into())?;
    let model = Model { kind, parameters };
    let times = times.as_array().to_vec();
    let values = detach(py, |_| Ok(times.iter().map(|time| model.expected_new(*time)).collect()))?;
    Ok(PyArray1::from_vec(py, values))
}

/// The chance of each number of repeats in a time since the first purchase.
#[pyfunction]
pub(super) fn probability<'py>(
    py: Python<'py>,
    model: &str,
    parameters: [f64; 4],
    numbers: Array<'py>,
    time: f64,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let kind: ModelKind = FromValue::from_value("model", &model.into())?;
    let model = Model { kind, parameters };
    let numbers = numbers.as_array().to_vec();
    let values = detach(py, |_| {
        Ok(numbers.iter().map(|n| model.probability(*n, time)).collect())
    })?;
    Ok(PyArray1::from_vec(py, values))
}

/// Fit the model of spending.
#[pyfunction]
pub(super) fn fit_spending(
    py: Python<'_>,
    repeats: Array<'_>,
    mean: Array<'_>,
    weights: Option<Array<'_>>,
) -> PyResult<Fitted> {
    let mut customers: Vec<(f64, f64, f64)> = repeats
        .as_array()
        .iter()
        .zip(mean.as_array())
        .map(|(repeats, mean)| (*repeats, *mean, 1.0))
        .collect();
    if let Some(weights) = weights {
        for (customer, weight) in customers.iter_mut().zip(weights.as_array()) {
            customer.2 = *weight;
        }
    }
    let fit = detach(py, |task| fit_gamma_gamma(&customers, task))?;
    Ok(fitted(&fit))
}

/// For each customer the expected amount, or the log-likelihood of the mean.
#[pyfunction]
pub(super) fn of_spending<'py>(
    py: Python<'py>,
    parameters: [f64; 3],
    what: &str,
    repeats: Array<'py>,
    mean: Array<'py>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let model = GammaGamma { parameters };
    let each = repeats.as_array();
    let each = each.iter().zip(mean.as_array());
    let values = match what {
        "expected" => each.map(|(repeats, mean)| model.expected(*repeats, *mean)).collect(),
        "log_likelihood" => each
            .map(|(repeats, mean)| model.log_likelihood(*repeats, *mean))
            .collect(),
        other => {
            let text = format!("{other:?} is no question: give \"expected\" or \"log_likelihood\"");
            return Err(Error::Argument(text).into());
        }
    };
    Ok(PyArray1::from_vec(py, values))
}
