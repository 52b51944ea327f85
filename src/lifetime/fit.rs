//! Maximum likelihood fit of the models of purchases.

use super::histories::Histories;
use super::model::{Model, ModelKind};
use super::ridge::spread;
use crate::error::{Error, Result};
use crate::runtime::Task;
use crate::stats::{Ended, Maximum, Point, inverse, maximise};

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FitStatus {
    /// At a maximum.
    Converged,
    /// At a limit of these parameters, or where the likelihood hardly depends on them: the data do not identify them.
    NotIdentified(u8),
    /// Before it came to a maximum.
    Stopped,
}

/// The parameters of a model, and how sure they are.
#[derive(Debug, Clone, Copy)]
pub struct Fit<const N: usize> {
    /// The parameters.
    pub parameters: [f64; N],
    /// Their covariance: the inverse of the observed information.
    pub covariance: Option<[[f64; N]; N]>,
    /// The log-likelihood.
    pub log_likelihood: f64,
    /// Half of it is what the log-likelihood may lie below its maximum.
    pub decrement: f64,
    /// Evaluations of the likelihood of all starts.
    pub evaluations: u32,
    /// How the search ended.
    pub status: FitStatus,
    /// The observed information about the logarithms of the parameters.
    pub information: [[f64; N]; N],
    /// Where parameters are not identified: by what share predictions change over those that the data hardly tell apart.
    pub spread: Option<f64>,
}

/// A parameter whose logarithm has a larger standard error is not identified.
const VAGUE: f64 = 4.0;
/// Parameters without a unit lie between its inverse and this; those with the unit of time, that times the mean age.
const LIMIT: f64 = 1e6;
/// So many histories lead near to the maximum of all.
const FEW: [usize; 2] = [1_024, 16_384];
/// Newton decrements at which a search ends: of a few histories, and of all.
const COARSE: f64 = 1e-3;
const FINE: f64 = 1e-9;

/// Fit a model: Newton's method on the logarithms of the parameters, from the best of several starts.
///
/// # Errors
/// If the caller asked to stop.
pub fn fit(kind: ModelKind, histories: &Histories, task: &Task) -> Result<Fit<4>> {
    task.in_steps(None);
    let age = histories.mean(|history| history.age).max(f64::MIN_POSITIVE);
    let rate = (histories.mean(|history| history.repeats) / age).max(1e-3 / age);
    let starts: Vec<[f64; 4]> = [0.3, 1.0, 3.0]
        .into_iter()
        .flat_map(|r| {
            let scale = r / (1.5 * rate);
            match kind {
                ModelKind::Bg | ModelKind::Mbg => [[r, scale, 0.3, 3.0], [r, scale, 1.0, 1.0], [r, scale, 2.0, 20.0]],
                ModelKind::Pareto => [
                    [r, scale, 0.5, age],
                    [r, scale, 1.0, 0.2 * age],
                    [r, scale, 0.5, 5.0 * age],
                ],
            }
        })
        .collect();
    let time = (1.0 / LIMIT * age, LIMIT * age);
    let free = (1.0 / LIMIT, LIMIT);
    let last = if kind == ModelKind::Pareto { time } else { free };
    let few: Vec<Histories> = FEW.iter().filter_map(|count| histories.thinned(*count)).collect();
    let levels: Vec<&Histories> = few.iter().chain([histories]).collect();
    let limits = [free, time, free, last];
    let mut found = search(&starts, limits, levels.len(), |level, parameters| {
        let parameters = *parameters;
        Model { kind, parameters }.point(levels[level], task)
    })?;
    if matches!(found.status, FitStatus::NotIdentified(_)) {
        // How far predictions move is seen in a few; where nothing is identified each of them takes long.
        let sample = levels[0];
        found.spread = Some(spread(
            &found,
            &limits,
            |parameters| {
                let parameters = *parameters;
                let model = Model { kind, parameters };
                Ok(model.point(histories, task)?.value)
            },
            |parameters| {
                let parameters = *parameters;
                let model = Model { kind, parameters };
                sample.mean_of(|history| model.expected(history, age), task)
            },
        )?);
    }
    Ok(found)
}

/// The maximum of all data, the last of some levels: that of the first is cheap to find from several starts, and each is
/// near to the next. Where they lead nowhere, from the starts themselves.
pub(super) fn search<const N: usize>(
    starts: &[[f64; N]],
    limits: [(f64, f64); N],
    levels: usize,
    mut f: impl FnMut(usize, &[f64; N]) -> Result<Point<N>>,
) -> Result<Fit<N>> {
    let bounds = limits.map(|(low, high)| (low.ln(), high.ln()));
    let mut found = best_of(starts, &bounds, if levels > 1 { COARSE } else { FINE }, &mut |at| {
        f(0, at)
    })?;
    let mut evaluations = found.evaluations;
    for level in 1..levels {
        let tolerance = if level + 1 < levels { COARSE } else { FINE };
        found = maximise(found.at, &bounds, tolerance, by_logarithms(&mut |at| f(level, at)))?;
        evaluations += found.evaluations;
    }
    // From a ridge every start leads to a ridge.
    if found.ended != Ended::OnRidge && !settled(&found) && levels > 1 {
        let other = best_of(starts, &bounds, FINE, &mut |at| f(levels - 1, at))?;
        evaluations += other.evaluations;
        found = if other.point.value > found.point.value {
            other
        } else {
            found
        };
    }
    Ok(judged(&found, evaluations))
}

/// The best maximum from several starts: those of the best two, and of the others if these disagree.
fn best_of<const N: usize>(
    starts: &[[f64; N]],
    bounds: &[(f64, f64); N],
    tolerance: f64,
    f: &mut impl FnMut(&[f64; N]) -> Result<Point<N>>,
) -> Result<Maximum<N>> {
    let mut ranked = Vec::with_capacity(starts.len());
    for start in starts {
        let value = f(start)?.value;
        ranked.push((if value.is_nan() { f64::NEG_INFINITY } else { value }, *start));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut evaluations = u32::try_from(starts.len()).unwrap_or(u32::MAX);
    let mut best: Option<Maximum<N>> = None;
    for (_, start) in ranked {
        let found = maximise(start.map(f64::ln), bounds, tolerance, by_logarithms(f))?;
        evaluations += found.evaluations;
        let known = best.map(|best| best.point.value);
        if known.is_none_or(|known| found.point.value > known) {
            best = Some(found);
        }
        if known.is_some_and(|known| (found.point.value - known).abs() <= 10.0 * tolerance + 1e-12 * known.abs()) {
            break;
        }
    }
    let mut best = best.ok_or_else(|| Error::Data("a fit needs a start".into()))?;
    best.evaluations = evaluations;
    Ok(best)
}

fn by_logarithms<const N: usize>(
    f: &mut impl FnMut(&[f64; N]) -> Result<Point<N>>,
) -> impl FnMut(&[f64; N]) -> Result<Point<N>> {
    |at| {
        let parameters = at.map(f64::exp);
        Ok(f(&parameters)?.by_logarithms(&parameters))
    }
}

fn settled<const N: usize>(found: &Maximum<N>) -> bool {
    found.decrement < 1e-6 + 1e-12 * found.point.value.abs()
}

fn judged<const N: usize>(best: &Maximum<N>, evaluations: u32) -> Fit<N> {
    let parameters = best.at.map(f64::exp);
    let information = best.point.hessian.map(|row| row.map(|value| -value));
    // Of the logarithms; to first order a parameter's error is that times the parameter.
    let logs = inverse(&information);
    let vague = |at: usize| best.bound[at] || logs.is_none_or(|logs| logs[at][at].sqrt() > VAGUE);
    let mask = (0..N).filter(|at| vague(*at)).fold(0, |mask, at| mask | (1 << at));
    Fit {
        parameters,
        covariance: logs.map(|logs| {
            std::array::from_fn(|row| {
                std::array::from_fn(|column| logs[row][column] * parameters[row] * parameters[column])
            })
        }),
        log_likelihood: best.point.value,
        decrement: best.decrement,
        evaluations,
        information,
        spread: None,
        status: match (mask, settled(best)) {
            (0, true) => FitStatus::Converged,
            (0, false) => FitStatus::Stopped,
            (mask, _) => FitStatus::NotIdentified(mask),
        },
    }
}
