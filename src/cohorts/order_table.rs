//! The table of the retention of buyers.

use arrow::array::RecordBatch;

use crate::analysis::Groups;
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::{Facts, ObservedDays};
use crate::stats::wilson;

use super::order_retention::{BuyerCohorts, CohortCell, OrderRetention};

/// More cells than this are a mistake in the times.
const MOST_CELLS: usize = 1 << 22;

/// A cell: the values and the cohort, the age, the size of the cohort, and what is known.
struct Row<'a> {
    group: &'a [i64],
    age: i64,
    size: u64,
    cell: Option<CohortCell>,
    /// The money of this and all earlier ages.
    money: Option<i128>,
}

/// One row per group, cohort and age, in that order.
pub(super) fn table(
    retention: &OrderRetention,
    state: &BuyerCohorts,
    sizes: &Groups<u64>,
    facts: &Facts,
) -> Result<RecordBatch> {
    let rows = rows(retention, state, sizes, facts)?;
    let money = facts.roles.has_money();
    let (each, width) = (|| rows.iter(), retention.by.len());
    let per_member = |money: i128, size: u64| facts.unit.to_f64(money) / count(size);
    let mut columns = Columns::default();
    for (at, by) in retention.by.iter().enumerate() {
        let name = by.category(facts).kind().name();
        columns.push(by.column(facts, name, each().map(|row| row.group[at]))?);
    }
    columns.dates("cohort", each().map(|row| retention.period.first_day(row.group[width])));
    if retention.intervals.is_empty() {
        columns.ints("period", each().map(|row| row.age));
    } else {
        let interval = |row: &Row<'_>| retention.intervals[usize::try_from(row.age).unwrap_or_default()];
        columns.ints("from_day", each().map(|row| interval(row).0));
        columns.ints("to_day", each().map(|row| interval(row).1));
    }
    columns.ints("size", each().map(|row| row.size.cast_signed()));
    columns.maybe_ints("customers", each().map(|row| Some(row.cell?.customers.cast_signed())));
    columns.maybe_floats(
        "rate",
        each().map(|row| Some(count(row.cell?.customers) / count(row.size))),
    );
    let interval = |row: &Row<'_>| wilson(row.cell?.customers, row.size);
    columns.maybe_floats("low", each().map(|row| Some(interval(row)?.0)));
    columns.maybe_floats("high", each().map(|row| Some(interval(row)?.1)));
    columns.maybe_ints("orders", each().map(|row| Some(row.cell?.orders.cast_signed())));
    let known = |row: &Row<'_>| row.cell.filter(|_| money);
    columns.maybe_floats("sales", each().map(|row| Some(facts.unit.to_f64(known(row)?.money))));
    columns.maybe_floats(
        "sales_per_member",
        each().map(|row| Some(per_member(known(row)?.money, row.size))),
    );
    if retention.intervals.is_empty() {
        columns.maybe_floats(
            "value",
            each().map(|row| Some(per_member(row.money.filter(|_| money)?, row.size))),
        );
    }
    columns.finish()
}

fn rows<'a>(
    retention: &OrderRetention,
    state: &BuyerCohorts,
    sizes: &'a Groups<u64>,
    facts: &Facts,
) -> Result<Vec<Row<'a>>> {
    let observed = facts.observed(retention.window);
    let mut rows = Vec::new();
    for (group, &size) in sizes.iter() {
        let cohort = group[group.len() - 1];
        let mut key = group.clone();
        key.push(0);
        let mut sum = Some(0);
        for age in 0..ages(retention, cohort, observed) {
            key[group.len()] = age;
            let found = || state.cells.get(&key).copied().unwrap_or_default();
            let cell = known(retention, cohort, age, observed).then(found);
            sum = sum.zip(cell).map(|(sum, cell)| sum + cell.money);
            rows.push(Row {
                group,
                age,
                size,
                cell,
                money: sum,
            });
        }
        if rows.len() > MOST_CELLS {
            return Err(Error::Data(format!(
                "the retention would have more than {MOST_CELLS} cells: look for times that are far off (see \
                 .quality.first and .last), or give a longer period"
            )));
        }
    }
    Ok(rows)
}

/// How many ages a cohort can have.
fn ages(retention: &OrderRetention, cohort: i64, observed: Option<ObservedDays>) -> i64 {
    let last = observed.map_or(cohort, |days| retention.period.index(days.last));
    match retention.intervals.len() {
        0 => last - cohort + 1,
        count => i64::try_from(count).unwrap_or_default(),
    }
}

/// Whether all days of an age were observed for every member: the period is over, or the last who could have joined was
/// followed to the end of the interval.
fn known(retention: &OrderRetention, cohort: i64, age: i64, observed: Option<ObservedDays>) -> bool {
    let Some(days) = observed else { return false };
    // Who registered before the orders begin may have bought before they do.
    if retention.registrations.is_some() && retention.period.first_day(cohort) < days.first {
        return false;
    }
    match retention.intervals.get(usize::try_from(age).unwrap_or_default()) {
        Some((_, to)) => retention.period.first_day(cohort + 1) - 1 + to <= days.last,
        None => retention.period.first_day(cohort + age + 1) - 1 <= days.last,
    }
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn count(of: u64) -> f64 {
    of as f64
}
