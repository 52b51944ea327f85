//! The table of features: how the rate of an outcome differs by level, alone and in a regression of all together.

use arrow::array::RecordBatch;

use super::regression::{Odds, Regression};
use super::share::{LevelShares, shares_by_level};
use super::{Feature, Unit};
use crate::columns::Columns;
use crate::error::Result;
use crate::runtime;
use crate::stats::{LogitErrors, LogitMethod, two_proportion_z_test};

/// p-values adjusted for their number.
pub type Adjust = fn(&[Option<f64>]) -> Vec<Option<f64>>;

/// How a table of features is made.
#[derive(Debug, Clone, Copy)]
pub struct FeatureTable {
    /// What units are called.
    pub units: &'static str,
    /// How p-values are adjusted.
    pub adjust: Adjust,
    /// Whose errors the odds ratios have.
    pub errors: LogitErrors,
}

impl FeatureTable {
    /// One row per feature and level.
    ///
    /// # Errors
    /// If the caller asked to stop, or Arrow cannot build the table.
    pub fn of(&self, features: &[Feature], units: &[Unit]) -> Result<RecordBatch> {
        #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
        let whole = units.iter().filter(|unit| unit.outcome).count() as f64 / units.len() as f64;
        runtime::check()?;
        let all: Vec<usize> = (0..units.len()).collect();
        let regression = Regression::new(features, units, &all, self.errors);
        let nothing = || {
            features
                .iter()
                .map(|feature| vec![None; feature.levels.len()])
                .collect()
        };
        let odds: Vec<Vec<Odds>> = regression
            .as_ref()
            .map_or_else(nothing, |regression| regression.odds(features));
        let each = || {
            features
                .iter()
                .flat_map(|feature| (0..feature.levels.len()).map(move |level| (feature, level)))
        };
        let mut levels = Vec::new();
        for feature in features {
            runtime::check()?;
            levels.extend(shares_by_level(feature, units));
        }
        let mut columns = Columns::default();
        columns.texts("feature", each().map(|(feature, _)| Some(&feature.name)));
        columns.texts("level", each().map(|(feature, level)| Some(&feature.levels[level])));
        columns.ints(
            self.units,
            levels
                .iter()
                .map(|level| i64::try_from(level.units).unwrap_or(i64::MAX)),
        );
        columns.maybe_floats("rate", levels.iter().map(|level| Some(level.share?.rate)));
        columns.maybe_floats("low", levels.iter().map(|level| Some(level.share?.low)));
        columns.maybe_floats("high", levels.iter().map(|level| Some(level.share?.high)));
        let lift = |level: &LevelShares| level.share.filter(|_| whole > 0.0).map(|share| share.rate / whole);
        columns.maybe_floats("lift", levels.iter().map(lift));
        let test = |level: &LevelShares| {
            let (ours, others) = level.share.zip(level.others)?;
            two_proportion_z_test((ours.rate, ours.n), (others.rate, others.n))
        };
        let tests: Vec<Option<f64>> = levels.iter().map(test).collect();
        columns.maybe_floats("p_value", tests.iter().copied());
        columns.maybe_floats("p_adjusted", (self.adjust)(&tests));
        let flat = || odds.iter().flatten();
        columns.maybe_floats("odds_ratio", flat().map(|odds| Some((*odds)?.0)));
        columns.maybe_floats("odds_low", flat().map(|odds| Some((*odds)?.1)));
        columns.maybe_floats("odds_high", flat().map(|odds| Some((*odds)?.2)));
        let word = regression.map(|regression| match regression.method {
            LogitMethod::Likelihood => "maximum likelihood",
            LogitMethod::Firth => "Firth's penalty",
        });
        columns.texts("method", flat().map(|odds| word.filter(|_| odds.is_some())));
        columns.finish()
    }
}
