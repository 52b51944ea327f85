//! Features of carts: how the rate of those left differs by level, alone and in a logistic regression of all together.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};

use crate::analysis::Context;
use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{Category, Facts};
use crate::stats::{LogitMethod, Observation, holm, logit, quantile, two_proportion_z_test};

use super::abandonment::Abandonment;
use super::cart_episodes::Row;
use super::cart_groups::{Share, left, share};

/// Bands of a number of many values.
const BANDS: usize = 4;
/// A number of so few values has each as a level.
const FEW: usize = 8;
/// The quantile of the normal distribution for intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A feature: its levels, and the level of each episode, if it is known.
struct Feature {
    name: String,
    levels: Vec<String>,
    codes: Vec<Option<usize>>,
}

/// One level of a feature.
struct Level {
    episodes: usize,
    share: Option<Share>,
    p_value: Option<f64>,
}

type Odds = Option<(f64, f64, f64)>;

/// One row per feature and level.
pub(super) fn features(analysis: &Abandonment, rows: &[Row<'_>], context: &Context<'_>) -> Result<RecordBatch> {
    let (facts, task) = (context.facts, context.task);
    let known: Vec<(Row<'_>, bool)> = rows.iter().filter_map(|row| Some((*row, left(row.1)?))).collect();
    let mut all = Vec::new();
    for name in &analysis.features {
        task.check()?;
        all.push(analysis.feature(name, rows, facts)?);
    }
    let kept: Vec<bool> = rows.iter().map(|row| left(row.1).is_some()).collect();
    for feature in &mut all {
        let mut keep = kept.iter();
        feature.codes.retain(|_| keep.next().copied().unwrap_or(false));
    }
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    let whole = known.iter().filter(|(_, left)| *left).count() as f64 / known.len() as f64;
    task.check()?;
    let (odds, method) = odds(&all, &known);
    let each = || {
        all.iter()
            .flat_map(|feature| (0..feature.levels.len()).map(move |level| (feature, level)))
    };
    let levels: Vec<Level> = each().map(|(feature, level)| feature.level(level, &known)).collect();
    let mut columns = Columns::default();
    columns.texts("feature", each().map(|(feature, _)| Some(&feature.name)));
    columns.texts("level", each().map(|(feature, level)| Some(&feature.levels[level])));
    columns.ints(
        "episodes",
        levels
            .iter()
            .map(|level| i64::try_from(level.episodes).unwrap_or(i64::MAX)),
    );
    columns.maybe_floats("rate", levels.iter().map(|level| Some(level.share?.rate)));
    columns.maybe_floats("low", levels.iter().map(|level| Some(level.share?.low)));
    columns.maybe_floats("high", levels.iter().map(|level| Some(level.share?.high)));
    let lift = |level: &Level| level.share.filter(|_| whole > 0.0).map(|share| share.rate / whole);
    columns.maybe_floats("lift", levels.iter().map(lift));
    let tests: Vec<Option<f64>> = levels.iter().map(|level| level.p_value).collect();
    columns.maybe_floats("p_value", tests.iter().copied());
    columns.maybe_floats("p_adjusted", holm(&tests));
    let flat = || odds.iter().flatten();
    columns.maybe_floats("odds_ratio", flat().map(|odds| Some((*odds)?.0)));
    columns.maybe_floats("odds_low", flat().map(|odds| Some((*odds)?.1)));
    columns.maybe_floats("odds_high", flat().map(|odds| Some((*odds)?.2)));
    let word = match method {
        Some(LogitMethod::Likelihood) => Some("maximum likelihood"),
        Some(LogitMethod::Firth) => Some("Firth's penalty"),
        None => None,
    };
    columns.texts("method", flat().map(|odds| word.filter(|_| odds.is_some())));
    columns.finish()
}

impl Abandonment {
    fn feature(&self, name: &str, rows: &[Row<'_>], facts: &Facts) -> Result<Feature> {
        let of_counts = |counts: Vec<f64>| Feature::of_numbers(name, &counts, |count| count.to_string());
        let of_numbers = |numbers: Vec<f64>| Feature::of_numbers(name, &numbers, |number| format!("{number:?}"));
        let each = || rows.iter().map(|row| row.1);
        match name {
            "checkout_pages" => return Ok(of_counts(each().map(|episode| f64::from(episode.pages)).collect())),
            "carts" => return Ok(of_counts(each().map(|episode| f64::from(episode.carts)).collect())),
            "first_time_buyer" => {
                let mut feature = of_counts(
                    each()
                        .map(|episode| f64::from(u8::from(!episode.bought_before)))
                        .collect(),
                );
                for level in &mut feature.levels {
                    *level = if level == "0" { "False" } else { "True" }.into();
                }
                return Ok(feature);
            }
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

/// The values of a category, where they are numbers.
fn numbers(category: &Category) -> Result<Option<Vec<f64>>> {
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

impl Feature {
    /// Levels are the values that occur.
    fn of_category(name: &str, levels: Vec<String>, codes: impl Iterator<Item = u32>) -> Self {
        let codes: Vec<Option<usize>> = codes.map(|code| (code != NONE).then_some(code as usize)).collect();
        Self {
            name: name.into(),
            levels,
            codes,
        }
    }

    /// Few values are levels; many are cut into bands at their quantiles.
    fn of_numbers(name: &str, numbers: &[f64], text: impl Fn(f64) -> String) -> Self {
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

    fn level(&self, level: usize, known: &[(Row<'_>, bool)]) -> Level {
        let units = |inside: bool| {
            let own = self
                .codes
                .iter()
                .zip(known)
                .filter(move |(code, _)| (**code == Some(level)) == inside);
            own.map(|(_, (row, left))| (row.0, *left))
        };
        let (ours, others) = (share(units(true)), share(units(false)));
        let test = |ours: Share, others: Share| two_proportion_z_test((ours.rate, ours.n), (others.rate, others.n));
        Level {
            episodes: units(true).count(),
            share: ours,
            p_value: ours.zip(others).and_then(|(ours, others)| test(ours, others)),
        }
    }

    /// The most frequent level among some episodes, and which levels occur.
    fn frequent(&self, whole: &[usize]) -> (Option<usize>, Vec<bool>) {
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

/// A number with six digits, without zeros at its end.
fn short(number: f64) -> String {
    let text = format!("{number:.5e}");
    let rounded: f64 = text.parse().unwrap_or(number);
    rounded.to_string()
}

/// Odds ratios with intervals by feature and level, of one regression of all features, against the most frequent level; and
/// how it was fitted, if it could be.
fn odds(features: &[Feature], known: &[(Row<'_>, bool)]) -> (Vec<Vec<Odds>>, Option<LogitMethod>) {
    let mut found: Vec<Vec<Odds>> = features
        .iter()
        .map(|feature| vec![None; feature.levels.len()])
        .collect();
    let all = |at: &usize| features.iter().all(|feature| feature.codes[*at].is_some());
    let whole: Vec<usize> = (0..known.len()).filter(all).collect();
    let mut places = Vec::new();
    for (at, feature) in features.iter().enumerate() {
        let (most, occurs) = feature.frequent(&whole);
        let Some(most) = most else { continue };
        found[at][most] = Some((1.0, 1.0, 1.0));
        places.extend(
            (0..occurs.len())
                .filter(|level| *level != most && occurs[*level])
                .map(|level| (at, level)),
        );
    }
    if places.is_empty() || whole.len() <= places.len() + 1 {
        return (found, None);
    }
    let (mut rows, mut numbered) = (Vec::new(), HashMap::new());
    let units: Vec<Observation> = whole
        .iter()
        .map(|&at| {
            let (row, outcome) = &known[at];
            let levels: Vec<Option<usize>> = features.iter().map(|feature| feature.codes[at]).collect();
            let number = *numbered.entry(levels.clone()).or_insert_with(|| {
                let dummy = |(feature, level): &(usize, usize)| f64::from(u8::from(levels[*feature] == Some(*level)));
                rows.push(std::iter::once(1.0).chain(places.iter().map(dummy)).collect());
                rows.len() - 1
            });
            Observation {
                row: number,
                outcome: *outcome,
                cluster: row.0,
            }
        })
        .collect();
    let Some((fit, method)) = logit(&rows, &units) else {
        return (found, None);
    };
    for ((feature, level), (beta, error)) in places.iter().zip(fit.coefficients.iter().zip(&fit.errors).skip(1)) {
        let ratio = |shift: f64| (beta + shift * error).exp();
        found[*feature][*level] = Some((ratio(0.0), ratio(-Z), ratio(Z)));
    }
    (found, Some(method))
}
