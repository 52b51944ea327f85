//! Purchases as a table of events.

use std::cmp::Ordering;

use arrow::array::RecordBatch;

use crate::analysis::scan;
use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{CustomerIndex, Partition, View};
use crate::money::{MoneyUnit, exact};
use crate::runtime::{self, Task};

use super::builder::{Order, OrderBuilder, OrderKind, Refunds};

/// Orders of one customer between two looks for a stop.
const MANY: usize = 1 << 14;

/// A purchase.
#[derive(Debug, Clone, Copy)]
struct Purchase {
    time: i64,
    money: i128,
    /// Its place among those of its partition as they were formed.
    at: usize,
}

/// The purchases of a partition, customer by customer in the order of time, with what their lines say.
#[derive(Debug, Default)]
struct Purchases {
    all: Vec<Purchase>,
    /// Where those of each customer end.
    ends: Vec<usize>,
    /// By category, as they were formed: the code of the largest line, of lines of one size the one with the smallest codes.
    codes: Vec<Vec<u32>>,
    /// By number, as they were formed: the sum over the lines that have one, in counts of 2⁻⁶⁴.
    sums: Vec<Vec<Option<i128>>>,
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
        let mut bought = Purchases::new(part.partition);
        for customer in part.customers() {
            builder.orders(customer.at())?;
            bought.add(&builder, part.partition)?;
        }
        Ok(bought)
    })?;
    let mut rows: Vec<(CustomerIndex, i64, Purchase)> = Vec::new();
    for &place in log.population.sorted_by_key(task)? {
        let orders = parts[place.0 as usize].of(place.1 as usize);
        rows.extend((1..).zip(orders).map(|(number, order)| (place, number, *order)));
    }
    let each = || rows.iter().map(|row| row.2);
    let part = |row: &(CustomerIndex, i64, Purchase)| &parts[row.0.0 as usize];
    let mut columns = Columns::default();
    columns.push(log.population.keys(&rows.iter().map(|row| row.0).collect::<Vec<_>>())?);
    columns.times("time", each().map(|order| order.time), &facts.zone);
    columns.texts("event", each().map(|_| Some(event)));
    let money = |order: Purchase| facts.roles.has_money().then(|| facts.unit.to_f64(order.money));
    columns.maybe_floats("value", each().map(money));
    columns.ints("order_number", rows.iter().map(|row| row.1));
    for (at, (role, _)) in facts.roles.labels.iter().enumerate() {
        runtime::check()?;
        let code = |row: &_| part(row).codes[at][row.2.at];
        columns.category(role, &facts.categories[at], rows.iter().map(code))?;
    }
    for (at, (role, _)) in facts.roles.numbers.iter().enumerate() {
        let number = |row: &_| Some(MoneyUnit::Float.to_f64(part(row).sums[at][row.2.at]?));
        columns.maybe_floats(role, rows.iter().map(number));
    }
    columns.finish()
}

impl Purchases {
    fn new(partition: &Partition) -> Self {
        Self {
            codes: vec![Vec::new(); partition.labels.len()],
            sums: vec![Vec::new(); partition.numbers.len()],
            ..Self::default()
        }
    }

    fn of(&self, customer: usize) -> &[Purchase] {
        let from = customer.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[from..self.ends[customer]]
    }

    /// Add the purchases of the next customer.
    fn add(&mut self, builder: &OrderBuilder<'_>, partition: &Partition) -> Result<()> {
        let from = self.all.len();
        let bought = |order: &&Order| order.kind == OrderKind::Purchase;
        for (number, order) in builder.formed().iter().filter(bought).enumerate() {
            if number % MANY == 0 {
                runtime::check()?;
            }
            self.push(order, builder, partition);
        }
        let (codes, sums) = (&self.codes, &self.sums);
        runtime::sort_by(&mut self.all[from..], |a, b| {
            let order = a.time.cmp(&b.time).then(a.money.cmp(&b.money));
            let by_code = |order: Ordering, codes: &Vec<u32>| order.then_with(|| codes[a.at].cmp(&codes[b.at]));
            let by_sum = |order: Ordering, sums: &Vec<Option<i128>>| order.then_with(|| sums[a.at].cmp(&sums[b.at]));
            sums.iter().fold(codes.iter().fold(order, by_code), by_sum)
        })?;
        self.ends.push(self.all.len());
        Ok(())
    }

    fn push(&mut self, order: &Order, builder: &OrderBuilder<'_>, partition: &Partition) {
        self.all.push(Purchase {
            time: order.time,
            money: order.money,
            at: self.all.len(),
        });
        let largest = builder.largest_line(builder.rows_of(order), |row| {
            partition.labels.iter().map(move |codes| codes[row])
        });
        for (to, codes) in self.codes.iter_mut().zip(&partition.labels) {
            to.push(largest.map_or(NONE, |row| codes[row]));
        }
        for (to, numbers) in self.sums.iter_mut().zip(&partition.numbers) {
            let known = builder
                .rows_of(order)
                .map(|row| numbers[row])
                .filter(|number| !number.is_nan());
            to.push(known.map(exact).reduce(|sum, number| sum + number));
        }
    }
}
