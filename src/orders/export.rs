//! Purchases as a table of events.

use arrow::array::RecordBatch;

use crate::analysis::{PartitionView, scan};
use crate::columns::Columns;
use crate::error::Result;
use crate::log::{CustomerIndex, View};
use crate::money::{MoneyUnit, exact};
use crate::runtime::Task;

use super::builder::{Order, OrderBuilder, OrderKind, Refunds};

/// A purchase with what its lines say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Purchase {
    time: i64,
    money: i128,
    /// By category: the code of its largest line, of lines of one size the one with the smallest codes.
    codes: Vec<u32>,
    /// By number: the sum over the lines that have one, in counts of 2⁻⁶⁴.
    sums: Vec<Option<i128>>,
}

/// The purchases of a log up to the end of its window: key, `time`, `event` (always the same), `value`, `order_number` (1 for
/// a customer's first), and the categories and numbers of the log under the names of their roles.
///
/// # Errors
/// If the caller asked to stop.
pub fn purchases(view: &View, refunds: Refunds, event: &str, task: &Task) -> Result<RecordBatch> {
    let (log, facts, until) = (&view.log, view.facts(), view.window.bounds().1);
    let parts = scan(log, task, |part| {
        let mut builder = OrderBuilder::new(facts, part.partition, refunds, until);
        let mut bought = |customer| {
            builder.orders(customer);
            let orders = builder
                .formed()
                .iter()
                .filter(|order| order.kind == OrderKind::Purchase);
            let mut orders: Vec<Purchase> = orders.map(|order| Purchase::new(order, &builder, part)).collect();
            orders.sort_unstable();
            orders
        };
        Ok((0..part.partition.len()).map(&mut bought).collect::<Vec<_>>())
    })?;
    let mut rows: Vec<(CustomerIndex, i64, &Purchase)> = Vec::new();
    for &place in log.population.sorted_by_key(task)? {
        let orders = &parts[place.0 as usize][place.1 as usize];
        rows.extend((1..).zip(orders).map(|(number, order)| (place, number, order)));
    }
    let each = || rows.iter().map(|row| row.2);
    let mut columns = Columns::default();
    task.check()?;
    columns.push(log.population.keys(&rows.iter().map(|row| row.0).collect::<Vec<_>>())?);
    task.check()?;
    columns.times("time", each().map(|order| order.time), &facts.zone);
    task.check()?;
    columns.texts("event", each().map(|_| Some(event)));
    let money = |order: &Purchase| facts.roles.has_money().then(|| facts.unit.to_f64(order.money));
    task.check()?;
    columns.maybe_floats("value", each().map(money));
    task.check()?;
    columns.ints("order_number", rows.iter().map(|row| row.1));
    for (at, (role, _)) in facts.roles.labels.iter().enumerate() {
        columns.category(role, &facts.categories[at], each().map(|order| order.codes[at]))?;
    }
    for (at, (role, _)) in facts.roles.numbers.iter().enumerate() {
        let number = |order: &Purchase| Some(MoneyUnit::Float.to_f64(order.sums[at]?));
        columns.maybe_floats(role, each().map(number));
    }
    columns.finish()
}

impl Purchase {
    fn new(order: &Order, builder: &OrderBuilder<'_>, part: &PartitionView<'_>) -> Self {
        let partition = part.partition;
        let codes = |row: usize| partition.labels.iter().map(move |codes| codes[row]);
        let largest = builder.largest_line(builder.rows_of(order), codes);
        let sum = |numbers: &Vec<f64>| {
            let known = builder
                .rows_of(order)
                .map(|row| numbers[row])
                .filter(|number| !number.is_nan());
            known.map(exact).reduce(|sum, number| sum + number)
        };
        Self {
            time: order.time,
            money: order.money,
            codes: largest.into_iter().flat_map(codes).collect(),
            sums: partition.numbers.iter().map(sum).collect(),
        }
    }
}
