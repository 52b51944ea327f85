//! A feature of units: its levels, and the level of each unit.

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};

use crate::columns::NONE;
use crate::error::Result;
use crate::log::Category;
use crate::stats::quantile;

/// Bands of a number of many values.
const BANDS: usize = 4;
/// A number of so few values has each as a level.
const FEW: usize = 8;

/// A feature: its levels, and the level of each unit, if it is known.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// The words of its levels.
    pub levels: Vec<String>,
    /// By unit, the level.
    pub codes: Vec<Option<usize>>,
}

impl Feature {
    /// Levels are the values that occur.
    #[must_use]
    pub fn of_category(name: &str, levels: Vec<String>, codes: impl Iterator<Item = u32>) -> Self {
        let codes: Vec<Option<usize>> = codes.map(|code| (code != NONE).then_some(code as usize)).collect();
        Self {
            name: name.into(),
            levels,
            codes,
        }
    }

    /// Few values are levels; many are cut into bands at their quantiles.
    #[must_use]
    pub fn of_numbers(name: &str, numbers: &[f64], text: impl Fn(f64) -> String) -> Self {
        let mut distinct: Vec<f64> = numbers
            .iter()
            .copied()
            .filter(|number| !number.is_nan())
            .map(|number| number + 0.0)
            .collect();
        let mut all = distinct.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        if distinct.len() <= FEW {
            let code = |number: &f64| {
                distinct
                    .iter()
                    .position(|value| value.total_cmp(&(number + 0.0)).is_eq())
            };
            return Self {
                name: name.into(),
                levels: distinct.iter().map(|value| text(*value)).collect(),
                codes: numbers.iter().map(code).collect(),
            };
        }
        #[allow(clippy::cast_precision_loss)] // Few bands.
        let cut = |band: usize| quantile(&mut all, band as f64 / BANDS as f64);
        let mut edges: Vec<f64> = (0..=BANDS).filter_map(cut).collect();
        edges.dedup();
        let bands = edges.len() - 1;
        let code = |number: &f64| {
            let above = edges.partition_point(|edge| edge <= number);
            (!number.is_nan()).then(|| above.saturating_sub(1).min(bands.saturating_sub(1)))
        };
        Self {
            name: name.into(),
            levels: edges
                .windows(2)
                .map(|band| format!("{} to {}", short(band[0]), short(band[1])))
                .collect(),
            codes: numbers.iter().map(code).collect(),
        }
    }

    /// The most frequent level among some units, and which levels occur.
    pub(super) fn frequent(&self, whole: &[usize]) -> (Option<usize>, Vec<bool>) {
        let mut counts = vec![0; self.levels.len()];
        whole
            .iter()
            .filter_map(|&at| self.codes[at])
            .for_each(|code| counts[code] += 1);
        let most = counts.iter().max().copied().filter(|most| *most > 0);
        let first = most.and_then(|most| counts.iter().position(|count| *count == most));
        (first, counts.iter().map(|count| *count > 0).collect())
    }
}

/// The values of a category, where they are numbers.
///
/// # Errors
/// If Arrow cannot read them.
pub fn numbers(category: &Category) -> Result<Option<Vec<f64>>> {
    let (_, values) = category.restore((0..).take(category.len()))?;
    let plain = match values.data_type() {
        DataType::Dictionary(_, plain) => plain.as_ref().clone(),
        other => other.clone(),
    };
    if !plain.is_numeric() {
        return Ok(None);
    }
    let floats = cast(&values, &DataType::Float64)?;
    Ok(Some(floats.as_primitive::<Float64Type>().values().to_vec()))
}

/// A number with six digits, without zeros at its end.
fn short(number: f64) -> String {
    let text = format!("{number:.5e}");
    let rounded: f64 = text.parse().unwrap_or(number);
    rounded.to_string()
}
