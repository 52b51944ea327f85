//! Purchases as a table of events.

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::{CustomerIndex, Log, Scope};
use crate::runtime::Task;

use super::builder::{OrderBuilder, OrderKind, Refunds};

/// The purchases of a log in a scope: key, `time`, `event` (always the same) and `value`.
///
/// # Errors
/// If the caller asked to stop.
pub fn purchases(log: &Log, scope: Scope, refunds: Refunds, event: &str, task: &Task) -> Result<RecordBatch> {
    let parts = log.scan(task, |_, partition| {
        let mut builder = OrderBuilder::new(&log.facts, partition, refunds, scope.until);
        let mut bought = |customer| {
            let orders = builder.orders(customer).iter();
            let orders = orders.filter(|order| order.kind == OrderKind::Purchase && order.time >= scope.since);
            let mut orders: Vec<(i64, i128)> = orders.map(|order| (order.time, order.money)).collect();
            orders.sort_unstable();
            orders
        };
        Ok((0..partition.len()).map(&mut bought).collect::<Vec<_>>())
    })?;
    let mut rows: Vec<(CustomerIndex, i64, i128)> = Vec::new();
    for &place in log.population.sorted_by_key(task)? {
        let orders = &parts[place.0 as usize][place.1 as usize];
        rows.extend(orders.iter().map(|(time, money)| (place, *time, *money)));
    }
    let mut columns = Columns::default();
    columns.push(log.population.keys(&rows.iter().map(|row| row.0).collect::<Vec<_>>())?);
    columns.times("time", rows.iter().map(|row| row.1), &log.facts.zone);
    columns.texts("event", rows.iter().map(|_| Some(event)));
    columns.floats("value", rows.iter().map(|row| log.facts.unit.to_f64(row.2)));
    columns.finish()
}
