//! How well a regression of features tells the outcome of later units: discrimination and calibration.

use arrow::array::RecordBatch;

use super::regression::Regression;
use super::{Feature, Unit};
use crate::columns::Columns;
use crate::error::Result;
use crate::stats::{LogitErrors, area_under_curve, wilson};

/// The share of units, the earliest, that the regression is fitted on.
const EARLY: f64 = 0.7;
/// With fewer later units nothing is said.
const FEWEST: usize = 30;
const BANDS: usize = 10;

/// What a regression of the earlier units says of the later.
#[derive(Debug)]
pub struct Validation {
    /// One row per band of predicted chances.
    pub table: RecordBatch,
    /// The area under the ROC curve.
    pub area: Option<f64>,
    /// The mean squared difference of chances and outcomes (Brier score).
    pub brier: Option<f64>,
}

/// Fit on the earlier units and look at the later; `order` has units in the order of time.
///
/// # Errors
/// If Arrow cannot build the table.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)] // Shares of counts.
pub fn validate(features: &[Feature], units: &[Unit], order: &[usize]) -> Result<Validation> {
    let (early, late) = order.split_at((order.len() as f64 * EARLY) as usize);
    let regression = Regression::new(features, units, early, LogitErrors::Model).filter(|_| late.len() >= FEWEST);
    let chances = regression.map_or_else(Vec::new, |regression| regression.chances(features, late));
    let known = chances.into_iter().zip(late);
    let mut told: Vec<(f64, bool)> = known
        .filter_map(|(chance, at)| Some((chance?, units[*at].outcome)))
        .collect();
    told.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let brier = told
        .iter()
        .map(|(chance, outcome)| (chance - f64::from(u8::from(*outcome))).powi(2))
        .sum::<f64>();
    let bands = bands(&told);
    let mut columns = Columns::default();
    columns.ints("band", (1..).take(bands.len()));
    columns.ints(
        "customers",
        bands.iter().map(|band| i64::try_from(band.len()).unwrap_or(i64::MAX)),
    );
    let mean = |band: &&[(f64, bool)]| band.iter().map(|told| told.0).sum::<f64>() / band.len() as f64;
    columns.floats("predicted", bands.iter().map(mean));
    let count = |band: &[(f64, bool)]| band.iter().filter(|told| told.1).count() as u64;
    columns.floats(
        "observed",
        bands.iter().map(|band| count(band) as f64 / band.len() as f64),
    );
    let interval = |band: &[(f64, bool)]| wilson(count(band), band.len() as u64);
    columns.maybe_floats("low", bands.iter().map(|band| Some(interval(band)?.0)));
    columns.maybe_floats("high", bands.iter().map(|band| Some(interval(band)?.1)));
    Ok(Validation {
        table: columns.finish()?,
        area: area_under_curve(&told),
        brier: (!told.is_empty()).then(|| brier / told.len() as f64),
    })
}

/// Units in the order of their chances, cut into as many parts at most; those of one chance stay together.
fn bands(told: &[(f64, bool)]) -> Vec<&[(f64, bool)]> {
    let (mut bands, mut from) = (Vec::new(), 0);
    for band in 1..=BANDS {
        let mut to = told.len() * band / BANDS;
        while to > from && to < told.len() && told[to].0.total_cmp(&told[to - 1].0).is_eq() {
            to += 1;
        }
        if to > from {
            bands.push(&told[from..to]);
            from = to;
        }
    }
    bands
}
