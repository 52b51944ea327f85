//! Cart abandonment by group: what became of episodes, the rate of those left, and the stages at which they were.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::analysis::Context;
use crate::columns::{Columns, NONE, float_key, float_of_key};
use crate::error::Result;
use crate::features::{Share, share};
use crate::log::group_key;
use crate::money::MoneyUnit;

use super::abandonment::Abandonment;
use super::cart_episodes::{Episode, EpisodeStatus, Row};

/// Rows between which a stop is heard.
const SOME: usize = 1 << 16;

/// Whether an episode was left, where that is known.
pub(super) fn left(episode: &Episode) -> Option<bool> {
    match episode.status {
        EpisodeStatus::Open | EpisodeStatus::Emptied => None,
        status => Some(status != EpisodeStatus::Converted),
    }
}

/// One row per value of what episodes are broken down by; one row where they are by nothing.
#[allow(clippy::cast_precision_loss)]
pub(super) fn groups(analysis: &Abandonment, rows: &[Row<'_>], context: &Context<'_>) -> Result<RecordBatch> {
    let (facts, task) = (context.facts, context.task);
    let mut groups: BTreeMap<Vec<i64>, Vec<Row<'_>>> = BTreeMap::new();
    if analysis.by.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    for some in rows.chunks(SOME) {
        task.check()?;
        for row in some {
            groups.entry(analysis.group(row.1)).or_default().push(*row);
        }
    }
    let each = || groups.values();
    let mut columns = Columns::default();
    for (at, name) in analysis.by.iter().enumerate() {
        let parts = groups.keys().map(|group| group[at]);
        match analysis.shown.iter().find(|(shown, _)| shown == name) {
            Some((_, by)) => columns.push(by.column(facts, name, parts)?),
            None => columns.maybe_floats(name, parts.map(float_of_key)),
        }
    }
    let count =
        |rows: &[Row<'_>], status: EpisodeStatus| rows.iter().filter(|row| row.1.status == status).count() as u64;
    columns.ints("episodes", each().map(|rows| (rows.len() as u64).cast_signed()));
    let asked = |(status, _): &(EpisodeStatus, &str)| *status != EpisodeStatus::Emptied || analysis.removes;
    for (status, name) in EpisodeStatus::ALL.into_iter().filter(asked) {
        columns.ints(name, each().map(|rows| count(rows, status).cast_signed()));
    }
    let known = |rows: &Vec<Row<'_>>| share(rows.iter().filter_map(|row| Some((row.0, left(row.1)?))));
    task.check()?;
    let shares: Vec<Option<Share>> = each().map(known).collect();
    columns.maybe_floats("rate", shares.iter().map(|share| Some((*share)?.rate)));
    columns.maybe_floats("rate_low", shares.iter().map(|share| Some((*share)?.low)));
    columns.maybe_floats("rate_high", shares.iter().map(|share| Some((*share)?.high)));
    let recovery = |rows: &Vec<Row<'_>>| {
        let lost = |row: &&Row<'_>| {
            matches!(row.1.status, EpisodeStatus::Recovered | EpisodeStatus::Abandoned) && row.1.settled
        };
        let lost: Vec<&Row<'_>> = rows.iter().filter(lost).collect();
        let recovered = lost.iter().filter(|row| row.1.status == EpisodeStatus::Recovered);
        (!lost.is_empty()).then(|| recovered.count() as f64 / lost.len() as f64)
    };
    columns.maybe_floats("recovery_rate", each().map(recovery));
    if analysis.value.is_some() {
        let money = |rows: &Vec<Row<'_>>| {
            let abandoned = rows.iter().filter(|row| row.1.status == EpisodeStatus::Abandoned);
            let known = rows.iter().any(|row| row.1.money.is_some());
            known.then(|| MoneyUnit::Float.to_f64(abandoned.filter_map(|row| row.1.money).sum()))
        };
        columns.maybe_floats("money_left", each().map(money));
    }
    columns.finish()
}

/// Abandoned episodes by the furthest stage that they came to, and their share.
#[allow(clippy::cast_precision_loss)]
pub(super) fn stages(analysis: &Abandonment, rows: &[Row<'_>]) -> Result<RecordBatch> {
    let mut counts = vec![0i64; analysis.names.len()];
    for (_, episode) in rows.iter().filter(|row| row.1.status == EpisodeStatus::Abandoned) {
        counts[episode.stage as usize] += 1;
    }
    let total: i64 = counts.iter().sum();
    let mut columns = Columns::default();
    columns.texts("stage", analysis.names.iter().map(Some));
    columns.ints("abandoned", counts.iter().copied());
    columns.maybe_floats(
        "share",
        counts
            .iter()
            .map(|count| (total > 0).then(|| *count as f64 / total as f64)),
    );
    columns.finish()
}

impl Abandonment {
    /// The parts of an episode's group.
    fn group(&self, episode: &Episode) -> Vec<i64> {
        let part = |name: &String| {
            if let Some(at) = self.shown.iter().position(|(shown, _)| shown == name) {
                return group_key(episode.labels[at]);
            }
            let at = self.numbers.iter().position(|(number, _)| number == name);
            at.map_or(group_key(NONE), |at| float_key(episode.numbers[at]))
        };
        self.by.iter().map(part).collect()
    }
}
