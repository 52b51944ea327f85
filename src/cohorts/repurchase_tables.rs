//! The tables of repurchase.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::analysis::Groups;
use crate::columns::Columns;
use crate::error::Result;
use crate::log::{Facts, GroupBy};
use crate::stats::{LogRank, Spells, SurvivalPoint, log_rank, typical_gap, wilson};

use super::repurchase::{DayCounts, DaysToNext, ORDER_NUMBERS, PeriodBuyers, Repurchase, Repurchases};

/// The days at which the share of customers who came back is told.
const DAYS: [usize; 5] = [30, 60, 90, 180, 365];
/// A cycle is one where chance would make such a rise in fewer shops than this.
const LEVEL: f64 = 0.05;

/// The values of a group as columns.
fn values<'a>(
    columns: &mut Columns,
    by: &[GroupBy],
    facts: &Facts,
    groups: &(impl Iterator<Item = &'a [i64]> + Clone),
) -> Result<()> {
    for (at, by) in by.iter().enumerate() {
        let name = by.category(facts).kind().name();
        columns.push(by.column(facts, name, groups.clone().map(|group| group[at]))?);
    }
    Ok(())
}

impl DaysToNext {
    fn spells(&self) -> Spells<'_> {
        Spells {
            ended: &self.ended.0,
            waiting: &self.waiting.0,
        }
    }
}

/// One row per group, order number and number of days: who bought again by then.
pub(super) fn spell_table(repurchase: &Repurchase, state: &Repurchases, facts: &Facts) -> Result<RecordBatch> {
    let estimated = state
        .spells
        .iter()
        .map(|(group, spells)| (group, spells, spells.spells().estimates(&DAYS)));
    let estimated: Vec<_> = estimated.collect();
    let mut rows: Vec<(&[i64], usize, &DaysToNext, Option<SurvivalPoint>)> = Vec::new();
    for (group, spells, points) in &estimated {
        rows.extend(
            DAYS.iter()
                .zip(points)
                .map(|(day, point)| (group.as_slice(), *day, *spells, *point)),
        );
    }
    let (each, width) = (|| rows.iter(), repurchase.by.len());
    let mut columns = Columns::default();
    values(&mut columns, &repurchase.by, facts, &each().map(|row| row.0))?;
    columns.ints("after", each().map(|row| row.0[width]));
    columns.ints("days", each().map(|row| i64::try_from(row.1).unwrap_or(i64::MAX)));
    columns.ints("customers", each().map(|row| row.2.spells().count().cast_signed()));
    let returned = |spells: &DaysToNext, days: usize| spells.ended.0.iter().take(days + 1).sum::<u64>();
    columns.ints("returned", each().map(|row| returned(row.2, row.1).cast_signed()));
    columns.maybe_ints("at_risk", each().map(|row| Some(row.3?.at_risk.cast_signed())));
    columns.maybe_floats("rate", each().map(|row| Some(1.0 - row.3?.survival)));
    columns.maybe_floats("low", each().map(|row| Some(1.0 - row.3?.interval?.1)));
    columns.maybe_floats("high", each().map(|row| Some(1.0 - row.3?.interval?.0)));
    columns.finish()
}

/// One row per group and period: buyers, those with several purchases, those who were there the period before.
pub(super) fn period_table(repurchase: &Repurchase, state: &Repurchases, facts: &Facts) -> Result<RecordBatch> {
    let (each, width) = (|| state.periods.iter(), repurchase.by.len());
    let observed = facts.observed(repurchase.window);
    let mut columns = Columns::default();
    values(&mut columns, &repurchase.by, facts, &each().map(|row| row.0.as_slice()))?;
    if let Some(period) = repurchase.period {
        let complete = |index: i64| observed.is_some_and(|days| days.cover(period, index));
        columns.dates("period", each().map(|row| period.first_day(row.0[width])));
        columns.bools("complete", each().map(|row| complete(row.0[width])));
    }
    columns.ints("buyers", each().map(|row| row.1.buyers.cast_signed()));
    columns.ints("repeat_buyers", each().map(|row| row.1.repeat_buyers.cast_signed()));
    rate(
        &mut columns,
        "repurchase_rate",
        each().map(|row| (row.1.repeat_buyers, row.1.buyers)),
    );
    columns.ints("orders", each().map(|row| row.1.orders.cast_signed()));
    columns.ints("repeat_orders", each().map(|row| row.1.repeat_orders.cast_signed()));
    columns.maybe_floats(
        "repeat_order_share",
        each().map(|row| share(row.1.repeat_orders, row.1.orders)),
    );
    if repurchase.period.is_some() {
        // The buyers of the period before, as far as they count.
        let before = |group: &[i64]| {
            let mut earlier = group.to_vec();
            earlier[width] -= 1;
            state
                .periods
                .get(earlier.as_slice())
                .map_or(0, |cell: &PeriodBuyers| cell.buyers)
        };
        let back = || each().map(|row| (row.1.came_back, before(row.0)));
        columns.ints("buyers_before", back().map(|(_, before)| before.cast_signed()));
        columns.ints("came_back", back().map(|(back, before)| back.min(before).cast_signed()));
        rate(
            &mut columns,
            "return_rate",
            back().map(|(back, before)| (back.min(before), before)),
        );
    }
    columns.finish()
}

/// A share with its Wilson interval.
fn rate(columns: &mut Columns, name: &str, parts: impl Iterator<Item = (u64, u64)> + Clone) {
    let prefix = name.trim_end_matches("_rate");
    columns.maybe_floats(name, parts.clone().map(|(part, whole)| share(part, whole)));
    let interval = |(part, whole): (u64, u64)| wilson(part, whole);
    columns.maybe_floats(&format!("{prefix}_low"), parts.clone().map(|of| Some(interval(of)?.0)));
    columns.maybe_floats(&format!("{prefix}_high"), parts.map(|of| Some(interval(of)?.1)));
}

/// One row per group: quantiles of the gaps between purchases, and the gap that is typical, if one is.
pub(super) fn cycle_table(repurchase: &Repurchase, state: &Repurchases, facts: &Facts) -> Result<RecordBatch> {
    let each = || state.gaps.iter();
    // One gap per customer, so that those who buy often do not speak for all.
    let first = |group: &[i64]| {
        let mut key = group.to_vec();
        key.push(1);
        let spells = state.spells.get(key.as_slice());
        spells.and_then(|spells| typical_gap(&spells.ended.0))
    };
    let tests: Vec<_> = each().map(|(group, _)| first(group)).collect();
    let mut columns = Columns::default();
    values(&mut columns, &repurchase.by, facts, &each().map(|row| row.0.as_slice()))?;
    columns.ints("gaps", each().map(|row| row.1.0.iter().sum::<u64>().cast_signed()));
    for (name, share) in [
        ("p10", 0.1),
        ("p25", 0.25),
        ("median", 0.5),
        ("p75", 0.75),
        ("p90", 0.9),
    ] {
        columns.maybe_ints(name, each().map(|row| quantile(row.1, share)));
    }
    let typical = |test: &Option<crate::stats::CycleTest>| test.filter(|test| test.p_value <= LEVEL);
    columns.maybe_ints(
        "typical_days",
        tests.iter().map(|test| i64::try_from(typical(test)?.days).ok()),
    );
    columns.maybe_floats("p_value", tests.iter().map(|test| Some((*test)?.p_value)));
    columns.finish()
}

/// The smallest number of days that so large a share of the gaps does not exceed.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)] // Shares of a count.
fn quantile(gaps: &DayCounts, share: f64) -> Option<i64> {
    let wanted = ((gaps.0.iter().sum::<u64>() as f64 * share).ceil() as u64).max(1);
    let mut sum = 0;
    let reached = gaps.0.iter().position(|count| {
        sum += count;
        sum >= wanted
    });
    reached.and_then(|days| i64::try_from(days).ok())
}

/// One row per group and number of purchases: customers with so many.
pub(super) fn count_table(repurchase: &Repurchase, state: &Repurchases, facts: &Facts) -> Result<RecordBatch> {
    let (each, width) = (|| state.counts.iter(), repurchase.by.len());
    let mut wholes: BTreeMap<&[i64], u64> = BTreeMap::new();
    for (group, customers) in each() {
        *wholes.entry(&group[..width]).or_default() += customers;
    }
    let mut columns = Columns::default();
    values(&mut columns, &repurchase.by, facts, &each().map(|row| row.0.as_slice()))?;
    columns.ints("orders", each().map(|row| row.0[width]));
    columns.ints("customers", each().map(|row| row.1.cast_signed()));
    columns.maybe_floats("share", each().map(|row| share(*row.1, wholes[&row.0[..width]])));
    columns.finish()
}

/// One row per order number: whether the groups come back alike, by the log-rank test.
pub(super) fn difference_table(state: &Repurchases) -> Result<RecordBatch> {
    let of = |number: usize| -> Option<LogRank> {
        let number = i64::try_from(number).ok()?;
        let groups = numbered(&state.spells, number);
        log_rank(&groups)
    };
    let rows: Vec<(usize, LogRank)> = (1..=ORDER_NUMBERS)
        .filter_map(|number| Some((number, of(number)?)))
        .collect();
    let mut columns = Columns::default();
    columns.ints("after", rows.iter().map(|row| i64::try_from(row.0).unwrap_or(i64::MAX)));
    columns.floats("statistic", rows.iter().map(|row| row.1.statistic));
    columns.ints(
        "degrees",
        rows.iter().map(|row| i64::try_from(row.1.degrees).unwrap_or(i64::MAX)),
    );
    columns.floats("p_value", rows.iter().map(|row| row.1.p_value));
    columns.finish()
}

fn numbered(spells: &Groups<DaysToNext>, number: i64) -> Vec<Spells<'_>> {
    let of_number = spells.iter().filter(|(group, _)| group.last() == Some(&number));
    of_number.map(|(_, spells)| spells.spells()).collect()
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
