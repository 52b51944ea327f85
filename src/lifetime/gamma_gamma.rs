//! Gamma–Gamma spend model (Fader & Hardie 2013): amounts are gamma distributed, with a scale that is gamma distributed
//! over customers.
//!
//! R. Colombo & W. Jiang, Journal of Interactive Marketing 13 (1999); P. S. Fader & B. G. S. Hardie, "The Gamma-Gamma
//! model of monetary value" (2013).

use super::fit::{Fit, FitStatus, search};
use super::ridge::spread;
use crate::error::Result;
use crate::runtime::{self, Task};
use crate::stats::{Point, digamma, ln_gamma, trigamma};

/// A model of spending: p, q, γ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    /// p, q, γ.
    pub parameters: [f64; 3],
}

/// Customers evaluated by one task.
const CHUNK: usize = 4_096;
/// So many lead near to the maximum of all.
const FEW: usize = 4_096;

impl GammaGamma {
    /// The mean over all customers; infinite where q is at most one.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let [p, q, gamma] = self.parameters;
        if q > 1.0 { p * gamma / (q - 1.0) } else { f64::INFINITY }
    }

    /// The expected amount of a customer whose `repeats` purchases were worth `mean` each; infinite where so few purchases
    /// leave the tail too heavy for a mean.
    #[must_use]
    pub fn expected(&self, repeats: f64, mean: f64) -> f64 {
        let [p, q, gamma] = self.parameters;
        let tail = p * repeats + q - 1.0;
        if repeats > 0.0 && tail > 0.0 {
            p * (gamma + repeats * mean) / tail
        } else {
            self.mean()
        }
    }

    /// The log-likelihood of one customer's mean.
    #[must_use]
    pub fn log_likelihood(&self, repeats: f64, mean: f64) -> f64 {
        self.of_repeats(repeats).value + self.of_mean(repeats, mean).value
    }

    fn of_repeats(&self, repeats: f64) -> Point<3> {
        let [p, q, gamma] = self.parameters;
        let (n, all) = (p * repeats, p * repeats + q);
        let (first, second) = ((digamma(all), digamma(n)), (trigamma(all), trigamma(n)));
        Point {
            value: ln_gamma(all) - ln_gamma(n) - ln_gamma(q) + q * gamma.ln() + n * repeats.ln(),
            gradient: [
                repeats * (first.0 - first.1 + repeats.ln()),
                first.0 - digamma(q) + gamma.ln(),
                q / gamma,
            ],
            hessian: [
                [repeats * repeats * (second.0 - second.1), repeats * second.0, 0.0],
                [repeats * second.0, second.0 - trigamma(q), 1.0 / gamma],
                [0.0, 1.0 / gamma, -q / (gamma * gamma)],
            ],
        }
    }

    fn of_mean(&self, repeats: f64, mean: f64) -> Point<3> {
        let [p, q, gamma] = self.parameters;
        let (n, all) = (p * repeats, p * repeats + q);
        let (total, log) = (gamma + repeats * mean, (gamma + repeats * mean).ln());
        Point {
            value: (n - 1.0) * mean.ln() - all * log,
            gradient: [repeats * (mean.ln() - log), -log, -all / total],
            hessian: [
                [0.0, 0.0, -repeats / total],
                [0.0, 0.0, -1.0 / total],
                [-repeats / total, -1.0 / total, all / (total * total)],
            ],
        }
    }
}

/// Fit the model to customers with at least one repeat and a positive mean, each with a weight.
///
/// # Errors
/// If the caller asked to stop.
pub fn fit_gamma_gamma(customers: &[(f64, f64, f64)], task: &Task) -> Result<Fit<3>> {
    let weight: f64 = customers.iter().map(|(.., weight)| weight).sum();
    let mean = customers.iter().map(|(_, mean, weight)| mean * weight).sum::<f64>() / weight;
    let starts: Vec<[f64; 3]> = [(1.0, 2.0), (4.0, 4.0), (10.0, 3.0), (2.0, 15.0)]
        .into_iter()
        .map(|(p, q)| [p, q, mean * (q - 1.0) / p])
        .collect();
    let free = (1e-4, 1e6);
    let limits = [free, free, (1e-6 * mean, 1e6 * mean)];
    let step = customers.len() / FEW;
    let few: Vec<(f64, f64, f64)> = customers.iter().skip(step / 2).step_by(step.max(1)).copied().collect();
    let levels = if step < 2 {
        vec![customers]
    } else {
        vec![&few, customers]
    };
    let counts: Vec<Vec<(f64, f64)>> = levels.iter().map(|level| counted(level)).collect();
    let mut found = search(&starts, limits, levels.len(), |level, parameters| {
        point(*parameters, levels[level], &counts[level], task)
    })?;
    if matches!(found.status, FitStatus::NotIdentified(_)) {
        let all = counted(customers);
        found.spread = Some(spread(
            &found,
            &limits,
            |parameters| Ok(point(*parameters, customers, &all, task)?.value),
            |parameters| {
                let model = GammaGamma {
                    parameters: *parameters,
                };
                let expected = |(repeats, mean, weight): &(f64, f64, f64)| weight * model.expected(*repeats, *mean);
                Ok(customers.iter().map(expected).sum())
            },
        )?);
    }
    Ok(found)
}

/// Numbers of repeats, with the sums of weights.
fn counted(customers: &[(f64, f64, f64)]) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, f64)> = customers
        .iter()
        .map(|(repeats, _, weight)| (*repeats, *weight))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq())
        .map(|same| (same[0].0, same.iter().map(|(_, weight)| weight).sum()))
        .collect()
}

/// The log-likelihood of all customers.
fn point(
    parameters: [f64; 3],
    customers: &[(f64, f64, f64)],
    by_repeats: &[(f64, f64)],
    task: &Task,
) -> Result<Point<3>> {
    let model = GammaGamma { parameters };
    let parts = runtime::map(customers.len().div_ceil(CHUNK), task, |at| {
        let mut sum = Point::zero();
        for (repeats, mean, weight) in &customers[at * CHUNK..customers.len().min((at + 1) * CHUNK)] {
            sum.add(&model.of_mean(*repeats, *mean), *weight);
        }
        Ok(sum)
    })?;
    let mut all = Point::zero();
    for (repeats, weight) in by_repeats {
        all.add(&model.of_repeats(*repeats), *weight);
    }
    for part in &parts {
        all.add(part, 1.0);
    }
    Ok(all)
}
