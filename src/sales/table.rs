//! The table of sales: rates per buyer, order and item, and what drove the change.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::analysis::GroupKey;
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::{Facts, GroupBy};
use crate::money::MoneyUnit;
use crate::runtime::Task;
use crate::stats::shapley_decomposition;

use super::by_period::Sales;
use super::options::Compare;
use super::period_sales::{FURTHER, Part, PeriodSales};

/// More rows than this are a mistake in the times.
const MOST_ROWS: i64 = 1 << 20;

/// What some of the buyers of a cell bought.
type PartOf = fn(&PeriodSales) -> Part;

/// By values, then by period.
pub(super) type Cells = BTreeMap<(Vec<i64>, i64), PeriodSales>;

/// The cells by their values; periods without a sale between a group's first and last are cells too.
pub(super) fn filled(cells: Vec<(GroupKey, PeriodSales)>) -> Result<Cells> {
    let mut ranges: BTreeMap<Vec<i64>, (i64, i64)> = BTreeMap::new();
    for (key, _) in &cells {
        let range = ranges.entry(key[1..].to_vec()).or_insert((key[0], key[0]));
        *range = (range.0.min(key[0]), range.1.max(key[0]));
    }
    let rows: i64 = ranges.values().map(|(first, last)| last - first + 1).sum();
    if rows > MOST_ROWS {
        return Err(Error::Data(format!(
            "the sales would have {rows} rows: look for times that are far off (see .quality.first and .last), or give a \
             longer period"
        )));
    }
    let mut all: Cells = ranges
        .into_iter()
        .flat_map(|(values, (first, last))| {
            (first..=last).map(move |period| ((values.clone(), period), PeriodSales::default()))
        })
        .collect();
    all.extend(cells.into_iter().map(|(key, cell)| ((key[1..].to_vec(), key[0]), cell)));
    Ok(all)
}

/// One row per group and period, without a gap between a group's first and last period.
pub(super) fn table(sales: &Sales, by: &[GroupBy], cells: &Cells, facts: &Facts, task: &Task) -> Result<RecordBatch> {
    let money = |cell: &PeriodSales| facts.unit.to_f64(cell.money);
    let has_money = facts.roles.has_money();
    let known = |cell: &PeriodSales| (has_money && cell.unshared == 0).then(|| money(cell));
    let items = |cell: &PeriodSales| MoneyUnit::Float.to_f64(cell.items);
    let (keys, each) = (|| cells.keys(), || cells.values());
    let observed = facts.observed(sales.window);
    let complete = |period: i64| observed.is_some_and(|days| days.cover(sales.period, period));
    let mut columns = Columns::default();
    for (at, by) in by.iter().enumerate() {
        let name = by.category(facts).kind().name();
        columns.push(by.column(facts, name, keys().map(|(values, _)| values[at]))?);
    }
    columns.dates("period", keys().map(|(_, period)| sales.period.first_day(*period)));
    columns.bools("complete", keys().map(|(_, period)| complete(*period)));
    columns.maybe_floats("sales", each().map(known));
    columns.ints("buyers", each().map(|cell| cell.buyers.cast_signed()));
    columns.ints("orders", each().map(|cell| cell.orders.cast_signed()));
    columns.maybe_floats(
        "orders_per_buyer",
        each().map(|cell| ratio(count(cell.orders - cell.guest_orders), count(cell.buyers))),
    );
    let of_buyers = |cell: &PeriodSales| facts.unit.to_f64(cell.money - cell.guest_money);
    columns.maybe_floats(
        "sales_per_buyer",
        each().map(|cell| known(cell).and(ratio(of_buyers(cell), count(cell.buyers)))),
    );
    columns.maybe_floats(
        "sales_per_order",
        each().map(|cell| ratio(known(cell)?, count(cell.orders))),
    );
    if facts.index.quantity.is_some() {
        columns.floats("items", each().map(items));
        columns.maybe_floats("sales_per_item", each().map(|cell| ratio(known(cell)?, items(cell))));
        columns.maybe_floats(
            "items_per_order",
            each().map(|cell| ratio(items(cell), count(cell.orders))),
        );
    }
    if facts.guests.rows > 0 {
        let guests = |cell: &PeriodSales| known(cell).map(|_| facts.unit.to_f64(cell.guest_money));
        columns.maybe_floats("guest_sales", each().map(guests));
        columns.ints("guest_orders", each().map(|cell| cell.guest_orders.cast_signed()));
    }
    if facts.roles.customer.is_some() {
        let parts: [(&str, PartOf); 3] = [
            ("new", |cell| cell.new),
            ("returning", PeriodSales::returning),
            ("won_back", |cell| cell.won_back),
        ];
        for (name, part) in parts {
            let money = |cell: &PeriodSales| known(cell).map(|_| facts.unit.to_f64(part(cell).money));
            columns.maybe_floats(&format!("{name}_sales"), each().map(money));
            columns.ints(
                &format!("{name}_buyers"),
                each().map(|cell| part(cell).buyers.cast_signed()),
            );
            columns.ints(
                &format!("{name}_orders"),
                each().map(|cell| part(cell).orders.cast_signed()),
            );
        }
    }
    let further = |cell: &PeriodSales| [cell.discount, cell.shipping, cell.margin];
    for (at, name) in FURTHER.into_iter().enumerate() {
        if facts.roles.numbers.iter().any(|(role, _)| role == name) {
            columns.floats(name, each().map(|cell| MoneyUnit::Float.to_f64(further(cell)[at])));
        }
    }
    task.check()?;
    changes(sales, &mut columns, facts, cells, complete);
    columns.finish()
}

/// The change against the period compared with, and what each factor of sales = buyers × orders per buyer × amount per
/// order of identified buyers adds to it, and what guests do; null unless both periods are complete.
fn changes(sales: &Sales, columns: &mut Columns, facts: &Facts, cells: &Cells, complete: impl Fn(i64) -> bool) {
    let Some(compare) = sales.compare else { return };
    let money = |cell: &PeriodSales| facts.unit.to_f64(cell.money);
    let factors = |cell: &PeriodSales| {
        let (buyers, orders) = (count(cell.buyers), count(cell.orders - cell.guest_orders));
        let sales = facts.unit.to_f64(cell.money - cell.guest_money);
        (cell.buyers > 0).then(|| [buyers, orders / buyers, sales / orders])
    };
    let change = |((values, period), cell): (&(Vec<i64>, i64), &PeriodSales)| {
        let earlier = match compare {
            Compare::YearBefore => sales.period.year_before(*period),
            Compare::Previous => period - 1,
        };
        let whole = complete(earlier) && complete(*period);
        let before = cells.get(&(values.clone(), earlier)).filter(|_| whole)?;
        if before.unshared + cell.unshared > 0 || !facts.roles.has_money() {
            return None;
        }
        let shares = factors(before)
            .zip(factors(cell))
            .map(|(before, after)| shapley_decomposition(before, after));
        let change = facts.unit.to_f64(cell.money - before.money);
        let growth = (before.money > 0).then(|| change / money(before));
        let guests = facts.unit.to_f64(cell.guest_money - before.guest_money);
        Some((change, growth, shares, guests))
    };
    let changes: Vec<_> = cells.iter().map(change).collect();
    columns.maybe_floats("change", changes.iter().map(|change| Some((*change)?.0)));
    columns.maybe_floats("growth", changes.iter().map(|change| (*change)?.1));
    let names = ["change_buyers", "change_orders_per_buyer", "change_amount_per_order"];
    for (factor, name) in names.iter().enumerate() {
        columns.maybe_floats(name, changes.iter().map(|change| Some((*change)?.2?[factor])));
    }
    if facts.guests.rows > 0 {
        columns.maybe_floats("change_guests", changes.iter().map(|change| Some((*change)?.3)));
    }
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn count(of: u64) -> f64 {
    of as f64
}

fn ratio(above: f64, below: f64) -> Option<f64> {
    (below != 0.0).then(|| above / below)
}
