//! One logistic regression of the levels of all features.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::{Feature, Unit};
use crate::stats::{Logit, LogitErrors, LogitMethod, Observation, logit};

/// The quantile of the normal distribution for intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// An odds ratio with the ends of its Wald interval, where it is known.
pub(super) type Odds = Option<(f64, f64, f64)>;

/// A regression of units on levels, each feature against its most frequent level.
#[derive(Debug)]
pub(super) struct Regression {
    /// By feature: the level that others are compared with.
    baselines: Vec<Option<usize>>,
    /// The feature and the level of each coefficient behind the first.
    places: Vec<(usize, usize)>,
    fit: Logit,
    pub(super) method: LogitMethod,
}

impl Regression {
    /// Of some units, those of which every feature is known. `None` where it cannot be fitted.
    pub(super) fn new(features: &[Feature], units: &[Unit], some: &[usize], errors: LogitErrors) -> Option<Self> {
        let known = |at: &&usize| features.iter().all(|feature| feature.codes[**at].is_some());
        let whole: Vec<usize> = some.iter().filter(known).copied().collect();
        let (mut places, mut baselines) = (Vec::new(), Vec::new());
        for (at, feature) in features.iter().enumerate() {
            let (most, occurs) = feature.frequent(&whole);
            baselines.push(most);
            let others = (0..occurs.len()).filter(|level| Some(*level) != most && occurs[*level]);
            places.extend(others.map(|level| (at, level)));
        }
        if places.is_empty() || whole.len() <= places.len() + 1 {
            return None;
        }
        let (mut rows, mut numbered) = (Vec::new(), HashMap::<Vec<Option<usize>>, usize, FixedState>::default());
        let mut levels: Vec<Option<usize>> = Vec::with_capacity(features.len());
        let observation = |&at: &usize| {
            levels.clear();
            levels.extend(features.iter().map(|feature| feature.codes[at]));
            // A key is made only where the levels are new together.
            let row = numbered.get(levels.as_slice()).copied().unwrap_or_else(|| {
                rows.push(design(&places, &levels));
                numbered.insert(levels.clone(), rows.len() - 1);
                rows.len() - 1
            });
            Observation {
                row,
                outcome: units[at].outcome,
                cluster: units[at].cluster,
            }
        };
        let observations: Vec<Observation> = whole.iter().map(observation).collect();
        let (fit, method) = logit(&rows, &observations, errors)?;
        Some(Self {
            baselines,
            places,
            fit,
            method,
        })
    }

    /// Odds ratios by feature and level.
    pub(super) fn odds(&self, features: &[Feature]) -> Vec<Vec<Odds>> {
        let mut found: Vec<Vec<Odds>> = features
            .iter()
            .map(|feature| vec![None; feature.levels.len()])
            .collect();
        for (of, baseline) in found.iter_mut().zip(&self.baselines) {
            if let Some(level) = baseline {
                of[*level] = Some((1.0, 1.0, 1.0));
            }
        }
        let coefficients = self.fit.coefficients.iter().zip(&self.fit.errors).skip(1);
        for ((feature, level), (beta, error)) in self.places.iter().zip(coefficients) {
            let ratio = |shift: f64| (beta + shift * error).exp();
            found[*feature][*level] = Some((ratio(0.0), ratio(-Z), ratio(Z)));
        }
        found
    }

    /// The chances of some units; `None` where a feature of one is unknown, or has a level that was not seen.
    pub(super) fn chances(&self, features: &[Feature], some: &[usize]) -> Vec<Option<f64>> {
        let mut effects: Vec<Vec<Option<f64>>> = features
            .iter()
            .map(|feature| vec![None; feature.levels.len()])
            .collect();
        for (of, baseline) in effects.iter_mut().zip(&self.baselines) {
            if let Some(level) = baseline {
                of[*level] = Some(0.0);
            }
        }
        for ((feature, level), beta) in self.places.iter().zip(&self.fit.coefficients[1..]) {
            effects[*feature][*level] = Some(*beta);
        }
        let chance = |at: &usize| {
            let own = features.iter().zip(&effects);
            let mut effect = own.map(|(feature, effects)| feature.codes[*at].and_then(|level| effects[level]));
            let linear = effect.try_fold(self.fit.coefficients[0], |sum, effect| Some(sum + effect?))?;
            Some(1.0 / (1.0 + (-linear).exp()))
        };
        some.iter().map(chance).collect()
    }
}

fn design(places: &[(usize, usize)], levels: &[Option<usize>]) -> Vec<f64> {
    let dummy = |(feature, level): &(usize, usize)| f64::from(u8::from(levels[*feature] == Some(*level)));
    std::iter::once(1.0).chain(places.iter().map(dummy)).collect()
}
