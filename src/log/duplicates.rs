//! Exact duplicates: rows of a customer that agree in every column of a role.

use std::cmp::Ordering;

use arrow::array::RecordBatch;

use crate::columns::{Amounts, Columns, NONE};
use crate::error::Result;
use crate::runtime::{self, Task};

use super::grouped::Log;
use super::partition::Partition;
use super::population::CustomerIndex;

/// One of several equal rows, and how many there are.
struct Repeated {
    customer: CustomerIndex,
    row: usize,
    copies: i64,
}

/// Rows that occur more than once: each once, with `copies`. In the order of key and time.
///
/// # Errors
/// If the caller asked to stop.
pub fn duplicates(log: &Log, task: &Task) -> Result<RecordBatch> {
    let found = log.scan(task, |_, partition| {
        let customers = (0u32..).take(partition.len());
        let mut found = customers
            .map(|customer| repeated(partition, customer as usize))
            .collect::<Result<Vec<Vec<(usize, i64)>>>>()?;
        // What is shown is kept; the partition may be in a file.
        let shown: Vec<usize> = found.iter().flatten().map(|(row, _)| *row).collect();
        for (at, (row, _)) in found.iter_mut().flatten().enumerate() {
            *row = at;
        }
        Ok((found, partition.only(&shown)))
    })?;
    let (found, kept): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut rows = Vec::new();
    for &(partition, customer) in log.population.sorted_by_key(task)? {
        for &(row, copies) in &found[partition as usize][customer as usize] {
            rows.push(Repeated {
                customer: (partition, customer),
                row,
                copies,
            });
        }
    }
    // Codes of order numbers depend on the order of the rows; their values do not.
    for rows in rows.chunk_by_mut(|a, b| a.customer == b.customer) {
        rows.sort_by(|a, b| compared(log, &kept, a, b));
    }
    table(log, &kept, &rows)
}

/// By time, then by order numbers.
fn compared(log: &Log, kept: &[Partition], a: &Repeated, b: &Repeated) -> Ordering {
    let partition = &kept[a.customer.0 as usize];
    let mut order = partition.time[a.row].cmp(&partition.time[b.row]);
    for (kind, codes) in log.facts.ids.iter().zip(&partition.ids) {
        let (a, b) = (codes[a.row], codes[b.row]);
        order = order.then_with(|| match (&partition.orders, a == NONE || b == NONE) {
            (Some(orders), false) => kind.compare(orders, a as usize, b as usize),
            _ => a.cmp(&b),
        });
    }
    order
}

/// Rows equal to another, as the first of them and their number.
fn repeated(partition: &Partition, customer: usize) -> Result<Vec<(usize, i64)>> {
    // The time beside the row: most rows differ in it, and need no other look.
    let mut rows: Vec<(i64, usize)> = partition.rows(customer).map(|row| (partition.time[row], row)).collect();
    let order = |a: &(i64, usize), b: &(i64, usize)| a.0.cmp(&b.0).then_with(|| by_facts(partition, a.1, b.1));
    runtime::sort_by(&mut rows, |a, b| order(a, b).then(a.1.cmp(&b.1)))?;
    let equal = rows
        .chunk_by(|a, b| order(a, b).is_eq())
        .filter(|equal| equal.len() > 1);
    Ok(equal.map(|equal| (equal[0].1, count(equal.len()))).collect())
}

/// A number of rows.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Two rows of one time by everything else that is known of them; 0 and -0 are one number.
fn by_facts(partition: &Partition, a: usize, b: usize) -> Ordering {
    let bits = |value: f64| (value + 0.0).to_bits();
    let mut order = Ordering::Equal;
    for codes in partition.ids.iter().chain(&partition.labels) {
        order = order.then(codes[a].cmp(&codes[b]));
    }
    for values in &partition.numbers {
        order = order.then(bits(values[a]).cmp(&bits(values[b])));
    }
    order.then_with(|| match &partition.amount {
        Some(Amounts::Float(values)) => bits(values[a]).cmp(&bits(values[b])),
        Some(Amounts::Exact(values)) => values[a].cmp(&values[b]),
        None => Ordering::Equal,
    })
}

fn table(log: &Log, kept: &[Partition], rows: &[Repeated]) -> Result<RecordBatch> {
    let at = |repeated: &Repeated| &kept[repeated.customer.0 as usize];
    let mut columns = Columns::default();
    columns.push(
        log.population
            .keys(&rows.iter().map(|repeated| repeated.customer).collect::<Vec<_>>())?,
    );
    columns.times(
        &log.facts.roles.time,
        rows.iter().map(|repeated| at(repeated).time[repeated.row]),
        &log.facts.zone,
    );
    if let Some(name) = &log.facts.roles.amount {
        let money = |repeated: &Repeated| {
            at(repeated)
                .amount
                .as_ref()
                .map_or(0, |amount| amount.exact(repeated.row))
        };
        columns.floats(name, rows.iter().map(|repeated| log.facts.unit.to_f64(money(repeated))));
    }
    for (role, kind) in log.facts.ids.iter().enumerate() {
        let mut ids = kind.none();
        let mut codes = Vec::new();
        for repeated in rows {
            let partition = at(repeated);
            let code = partition.ids[role][repeated.row];
            codes.push((code != NONE).then(|| ids.len()));
            if let (true, Some(orders)) = (code != NONE, &partition.orders) {
                ids.push_from(orders, code as usize)?;
            }
        }
        columns.push(kind.restore(&ids, codes.into_iter())?);
    }
    for (role, label) in log.facts.categories.iter().enumerate() {
        columns.push(label.restore(rows.iter().map(|repeated| at(repeated).labels[role][repeated.row]))?);
    }
    for (role, (_, name)) in log.facts.roles.numbers.iter().enumerate() {
        let number = |repeated: &Repeated| Some(at(repeated).numbers[role][repeated.row]).filter(|v| !v.is_nan());
        columns.maybe_floats(name, rows.iter().map(number));
    }
    columns.ints("copies", rows.iter().map(|repeated| repeated.copies));
    columns.finish()
}
