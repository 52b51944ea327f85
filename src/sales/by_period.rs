//! Sales by calendar period: buyers, orders, amounts per buyer, order and item, and what drove the change.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::columns::{Columns, NONE};
use crate::error::{Error, Result};
use crate::log::{GroupBy, Log, Partition, Scope};
use crate::money::Unit;
use crate::orders::{Kind, Order, OrderBuilder, Refunds};
use crate::runtime::{self, Task};
use crate::stats::shapley_decomposition;
use crate::time::{Calendar, Period};

/// What a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// The period before.
    Previous,
    /// The same period a year before.
    YearBefore,
    /// Nothing.
    Nothing,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SalesPlan {
    /// Which orders.
    pub scope: Scope,
    /// What to do with refunds.
    pub refunds: Refunds,
    /// The length of a period.
    pub period: Period,
    /// What a customer's group is: an attribute, or the label of the first order.
    pub by: Option<GroupBy>,
    /// What a period is compared with.
    pub compare: Compare,
}

/// The sales of one group in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cell {
    money: i128,
    buyers: u64,
    orders: u64,
    items: i128,
}

type Cells = BTreeMap<(u32, i64), Cell>;

/// One row per group and period, without a gap between a group's first and last period.
///
/// # Errors
/// If the caller asked to stop, or Arrow cannot build the table.
pub fn sales(log: &Log, plan: &SalesPlan, task: &Task) -> Result<RecordBatch> {
    let parts = runtime::map(log.partitions(), task, |at| {
        Ok(partition(log, plan, at, &*log.partition(at)?))
    })?;
    let mut cells = Cells::new();
    for (key, cell) in parts.into_iter().flatten() {
        let to = cells.entry(key).or_default();
        to.money += cell.money;
        to.buyers += cell.buyers;
        to.orders += cell.orders;
        to.items += cell.items;
    }
    fill(&mut cells)?;
    table(log, plan, &cells)
}

fn partition(log: &Log, plan: &SalesPlan, at: usize, partition: &Partition) -> Cells {
    let label = match plan.by {
        Some(GroupBy::Category(label)) => Some(label),
        _ => None,
    };
    let mut former = OrderBuilder::new(log, partition, plan.refunds, plan.scope.until, label);
    let mut calendar = Calendar::new(&log.zone);
    let mut cells = Cells::new();
    let mut mine: Vec<(i64, Order)> = Vec::new();
    for customer in 0..partition.len() {
        let orders = former.orders(customer);
        let group = match &plan.by {
            None => NONE,
            Some(GroupBy::Attribute(attribute)) => attribute.codes[at][customer],
            Some(GroupBy::Category(_)) => first_label(orders),
        };
        mine.clear();
        let counted = orders.iter().filter(|order| order.time >= plan.scope.since);
        mine.extend(counted.map(|order| (plan.period.index(calendar.day(order.time)), *order)));
        mine.sort_unstable_by_key(|(period, _)| *period);
        for orders in mine.chunk_by(|a, b| a.0 == b.0) {
            add(cells.entry((group, orders[0].0)).or_default(), orders);
        }
    }
    cells
}

/// The label of the first purchase; of the first order of a customer who bought nothing.
fn first_label(orders: &[Order]) -> u32 {
    let key = |order: &&Order| (order.kind != Kind::Purchase, order.time, order.label);
    orders.iter().min_by_key(key).map_or(NONE, |order| order.label)
}

/// Add one customer's orders of one period.
fn add(cell: &mut Cell, orders: &[(i64, Order)]) {
    let bought = || orders.iter().filter(|(_, order)| order.kind == Kind::Purchase);
    cell.money += orders.iter().map(|(_, order)| order.money).sum::<i128>();
    cell.orders += bought().count() as u64;
    cell.items += bought().map(|(_, order)| order.items).sum::<i128>();
    cell.buyers += u64::from(bought().next().is_some());
}

/// Periods without a sale between a group's first and last are rows too.
fn fill(cells: &mut Cells) -> Result<()> {
    const MOST: i64 = 1 << 20;
    let mut ranges: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
    for &(group, period) in cells.keys() {
        let range = ranges.entry(group).or_insert((period, period));
        *range = (range.0.min(period), range.1.max(period));
    }
    let rows: i64 = ranges.values().map(|(first, last)| last - first + 1).sum();
    if rows > MOST {
        return Err(Error::Data(format!(
            "the sales would have {rows} rows: look for times that are far off (see .quality.first and .last), or give a \
             longer period"
        )));
    }
    for (group, (first, last)) in ranges {
        for period in first..=last {
            cells.entry((group, period)).or_default();
        }
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn table(log: &Log, plan: &SalesPlan, cells: &Cells) -> Result<RecordBatch> {
    let rows: Vec<(&(u32, i64), &Cell)> = cells.iter().collect();
    let money = |cell: &Cell| log.unit.to_f64(cell.money);
    let items = |cell: &Cell| Unit::Binary.to_f64(cell.items);
    let ratio = |above: f64, below: f64| (below != 0.0).then(|| above / below);
    let mut columns = Columns::default();
    if let Some(by) = &plan.by {
        columns.push(by.label(log).restore(rows.iter().map(|((group, _), _)| *group))?);
    }
    columns.dates(
        "period",
        rows.iter().map(|((_, period), _)| plan.period.first_day(*period)),
    );
    let whole = |index: i64| plan.scope.covers(log, plan.period, index);
    columns.bools("complete", rows.iter().map(|((_, period), _)| whole(*period)));
    columns.floats("sales", rows.iter().map(|(_, cell)| money(cell)));
    columns.ints("buyers", rows.iter().map(|(_, cell)| cell.buyers.cast_signed()));
    columns.ints("orders", rows.iter().map(|(_, cell)| cell.orders.cast_signed()));
    columns.maybe_floats(
        "sales_per_buyer",
        rows.iter().map(|(_, cell)| ratio(money(cell), cell.buyers as f64)),
    );
    columns.maybe_floats(
        "sales_per_order",
        rows.iter().map(|(_, cell)| ratio(money(cell), cell.orders as f64)),
    );
    if log.roles.numbers.iter().any(|(role, _)| role == "quantity") {
        columns.floats("items", rows.iter().map(|(_, cell)| items(cell)));
        columns.maybe_floats(
            "sales_per_item",
            rows.iter().map(|(_, cell)| ratio(money(cell), items(cell))),
        );
        columns.maybe_floats(
            "items_per_order",
            rows.iter().map(|(_, cell)| ratio(items(cell), cell.orders as f64)),
        );
    }
    changes(&mut columns, log.unit, plan, cells);
    columns.finish()
}

/// sales = buyers × orders per buyer × amount per order, and what each adds to the change.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn changes(columns: &mut Columns, unit: Unit, plan: &SalesPlan, cells: &Cells) {
    if plan.compare == Compare::Nothing {
        return;
    }
    let factors = |cell: &Cell| {
        let (buyers, orders) = (cell.buyers as f64, cell.orders as f64);
        (cell.orders > 0).then(|| [buyers, orders / buyers, unit.to_f64(cell.money) / orders])
    };
    let change = |(&(group, period), cell): (&(u32, i64), &Cell)| {
        let before = match plan.compare {
            Compare::YearBefore => plan.period.year_before(period),
            _ => period - 1,
        };
        let before = cells.get(&(group, before))?;
        let shares = factors(before)
            .zip(factors(cell))
            .map(|(before, after)| shapley_decomposition(before, after));
        Some((unit.to_f64(cell.money - before.money), shares))
    };
    let changes: Vec<_> = cells.iter().map(change).collect();
    columns.maybe_floats("change", changes.iter().map(|change| change.map(|(change, _)| change)));
    for (factor, name) in ["change_buyers", "change_orders_per_buyer", "change_amount_per_order"]
        .iter()
        .enumerate()
    {
        columns.maybe_floats(
            name,
            changes.iter().map(|c| c.and_then(|(_, shares)| Some(shares?[factor]))),
        );
    }
}
