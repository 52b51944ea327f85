//! Features of carts: how the rate of those left differs by level.

use arrow::array::RecordBatch;

use crate::analysis::Context;
use crate::columns::NONE;
use crate::error::Result;
use crate::features::{Feature, FeatureTable, Unit, numbers};
use crate::log::Facts;
use crate::stats::{LogitErrors, holm};

use super::abandonment::Abandonment;
use super::cart_episodes::{Episode, Row};
use super::cart_groups::left;

/// One row per feature and level.
pub(super) fn features(analysis: &Abandonment, rows: &[Row<'_>], context: &Context<'_>) -> Result<RecordBatch> {
    let mut all = Vec::new();
    for name in &analysis.features {
        context.task.check()?;
        all.push(analysis.feature(name, rows, context.facts)?);
    }
    let kept: Vec<bool> = rows.iter().map(|row| left(row.1).is_some()).collect();
    for feature in &mut all {
        let mut keep = kept.iter();
        feature.codes.retain(|_| keep.next().copied().unwrap_or(false));
    }
    let unit = |row: &Row<'_>| {
        left(row.1).map(|outcome| Unit {
            cluster: row.0,
            outcome,
        })
    };
    let table = FeatureTable {
        units: "episodes",
        adjust: holm,
        errors: LogitErrors::Clustered,
    };
    table.of(&all, &rows.iter().filter_map(unit).collect::<Vec<_>>())
}

/// One row per signal, and whether it came by the landmark: of the episodes that were not bought by then (Anderson, Cain
/// and Gelber 1983), as one that is bought at once leaves no time for a signal.
pub(super) fn signals(analysis: &Abandonment, rows: &[Row<'_>]) -> Result<RecordBatch> {
    let waiting = |episode: &Episode| {
        let bought = episode.bought.map_or(i64::MAX, |bought| bought - episode.start);
        left(episode).filter(|_| bought > analysis.landmark)
    };
    let kept: Vec<(&Row<'_>, bool)> = rows.iter().filter_map(|row| Some((row, waiting(row.1)?))).collect();
    let flag =
        |(number, name): (usize, &String)| flags(name, kept.iter().map(|(row, _)| row.1.signals >> number & 1 == 1));
    let all: Vec<Feature> = analysis.signals.iter().enumerate().map(flag).collect();
    let unit = |(row, outcome): &(&Row<'_>, bool)| Unit {
        cluster: row.0,
        outcome: *outcome,
    };
    let table = FeatureTable {
        units: "episodes",
        adjust: holm,
        errors: LogitErrors::Clustered,
    };
    table.of(&all, &kept.iter().map(unit).collect::<Vec<_>>())
}

/// A feature that holds or does not.
fn flags(name: &str, values: impl Iterator<Item = bool>) -> Feature {
    let levels = vec!["False".to_string(), "True".to_string()];
    Feature::of_category(name, levels, values.map(u32::from))
}

impl Abandonment {
    fn feature(&self, name: &str, rows: &[Row<'_>], facts: &Facts) -> Result<Feature> {
        let of_counts = |counts: Vec<f64>| Feature::of_numbers(name, &counts, |count| count.to_string());
        let of_numbers = |numbers: Vec<f64>| Feature::of_numbers(name, &numbers, |number| format!("{number:?}"));
        let each = || rows.iter().map(|row| row.1);
        match name {
            "checkout_pages" => return Ok(of_counts(each().map(|episode| f64::from(episode.pages)).collect())),
            "carts" => return Ok(of_counts(each().map(|episode| f64::from(episode.carts)).collect())),
            "first_time_buyer" => return Ok(flags(name, each().map(|episode| !episode.bought_before))),
            _ => {}
        }
        if let Some(at) = self.numbers.iter().position(|(number, _)| number == name) {
            return Ok(of_numbers(each().map(|episode| episode.numbers[at]).collect()));
        }
        let Some(at) = self.shown.iter().position(|(shown, _)| shown == name) else {
            return Ok(of_numbers(vec![f64::NAN; rows.len()]));
        };
        let category = self.shown[at].1.category(facts);
        let codes = || each().map(|episode| episode.labels[at]);
        if let Some(values) = numbers(category)? {
            let number = |code: u32| if code == NONE { f64::NAN } else { values[code as usize] };
            return Ok(of_counts(codes().map(number).collect()));
        }
        Ok(Feature::of_category(name, category.texts()?, codes()))
    }
}
