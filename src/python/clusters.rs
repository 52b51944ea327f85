//! k-means over arrays.

use numpy::{PyArray1, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use super::runtime::detach;
use crate::error::{Error, Result};
use crate::kmeans::{self as core, KMeans, KMeansOptions, KMeansPlan, PointLayout, Points};
use crate::params::{FromParams, Params};

type Columns<'py> = Vec<PyReadonlyArray1<'py, f64>>;
type Weights<'py> = Option<PyReadonlyArray1<'py, f64>>;
/// Labels, centres, sizes, inertia, steps, whether it ended by itself.
type Clustered<'py> = (Bound<'py, PyArray1<u32>>, Vec<f64>, Vec<f64>, f64, u32, bool);

/// Points as they lie in an array of two dimensions or in columns.
#[derive(FromPyObject)]
pub(super) enum Given<'py> {
    Rows(PyReadonlyArray2<'py, f64>),
    Columns(Columns<'py>),
}

impl Given<'_> {
    pub(super) fn points<'a>(&'a self, weights: Option<&'a [f64]>) -> Result<Points<'a>> {
        let contiguous = || Error::Argument("arrays must be contiguous".into());
        match self {
            Self::Rows(rows) => {
                let width = rows.as_array().ncols();
                let values = rows.as_slice().map_err(|_| contiguous())?;
                Ok(Points::new(PointLayout::Rows(values), width, weights))
            }
            Self::Columns(columns) => {
                let slices: Option<Vec<&[f64]>> = columns.iter().map(|column| column.as_slice().ok()).collect();
                let slices = slices.ok_or_else(contiguous)?;
                let width = slices.len();
                Ok(Points::new(PointLayout::Columns(slices), width, weights))
            }
        }
    }
}

/// Find clusters, from centres or from a seed.
#[pyfunction]
pub(super) fn kmeans<'py>(
    py: Python<'py>,
    given: Given<'py>,
    weights: Weights<'py>,
    seed: u64,
    params: Params,
) -> PyResult<Clustered<'py>> {
    let options = KMeansOptions::from_params(&params)?;
    let weights = weights.as_ref().map(|weights| weights.as_slice()).transpose()?;
    let points = given.points(weights)?;
    let found = detach(py, |task| core::from_options(&points, options, seed, task))?;
    Ok(clustered(py, found))
}

/// The nearest centre of each point.
#[pyfunction]
pub(super) fn nearest<'py>(
    py: Python<'py>,
    given: Given<'py>,
    centres: Vec<f64>,
) -> PyResult<Bound<'py, PyArray1<u32>>> {
    let points = given.points(None)?;
    let found = detach(py, |task| {
        let found = core::assign(&points, &centres, task)?;
        let all = found.distances.iter().all(|distance| distance.is_finite());
        if all { Ok(found) } else { Err(core::not_finite(&points)) }
    })?;
    Ok(PyArray1::from_vec(py, found.labels))
}

/// What speaks for a number of clusters: how many, inertia, Caliński–Harabasz, silhouette, stability.
type Tried = (usize, f64, f64, f64, f64);

/// The clusters taken, what speaks for each number, the place of the one taken, and whether it is stable.
type Chosen<'py> = (Clustered<'py>, Vec<Tried>, usize, bool);

/// Clusters of the numbers asked for, the best of several starts each, ordered by a coordinate, the largest first; what
/// speaks for each number, and the place of the one taken.
#[pyfunction]
#[pyo3(signature = (given, *, counts, seed, order))]
pub(super) fn choose_clusters<'py>(
    py: Python<'py>,
    given: Given<'py>,
    counts: Vec<usize>,
    seed: u64,
    order: usize,
) -> PyResult<Chosen<'py>> {
    let plan = KMeansPlan {
        steps: 300,
        tolerance: 1e-4,
    };
    let points = given.points(None)?;
    let mut choice = detach(py, |task| core::choose(&points, counts.into_iter(), seed, plan, task))?;
    choice.clusters.order_by(|centre| -centre[order]);
    let found = choice.clusters;
    let tried = choice.tried.iter();
    let tried = tried.map(|of| (of.count, of.inertia, of.calinski_harabasz, of.silhouette, of.stability));
    Ok((clustered(py, found), tried.collect(), choice.taken, choice.stable))
}

fn clustered(py: Python<'_>, found: KMeans) -> Clustered<'_> {
    let labels = PyArray1::from_vec(py, found.labels);
    (
        labels,
        found.centres,
        found.weights,
        found.inertia,
        found.steps,
        found.converged,
    )
}
