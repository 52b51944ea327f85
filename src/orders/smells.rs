//! Smells: signs that a log was read otherwise than its owner means.

use std::ops::Range;

use crate::analysis::Outcome;
use crate::columns::Keys;
use crate::error::Result;
use crate::log::{Log, OrderIx};
use crate::runtime::{self, Task};

/// With fewer orders than this, shares say nothing.
const ENOUGH: u64 = 100;
/// Rows that are looked at for equal instants.
const SAMPLE: usize = 1 << 18;

/// What one partition shows.
#[derive(Debug, Default)]
struct Seen {
    orders: u64,
    /// The most orders of one customer, and who it is.
    most: (u64, u32),
    /// Orders of customers whose key is a mask.
    masked: u64,
}

/// The share of all orders of the customer with the most and his key, the share of masked customers, and the share of rows
/// that have customer and instant in common with another; null where it cannot be told.
///
/// # Errors
/// If the caller asked to stop.
pub fn smells(log: &Log, task: &Task) -> Result<Outcome> {
    let ids = log.facts.index.order_id;
    let seen = match ids {
        Some(OrderIx(at)) => log.each(task, |number| orders_seen(log, number as usize, at))?,
        None => log.each(task, |at| {
            let (customers, starts) = (log.customers_in(at as usize), log.starts_in(at as usize));
            let rows = starts.last().map_or(0, |rows| *rows as usize);
            seen(customers, starts, rows, |_, rows| Ok(rows.len()))
        })?,
    };
    let orders: u64 = seen.iter().map(|seen| seen.orders).sum();
    let masked: u64 = seen.iter().map(|seen| seen.masked).sum();
    let most = (0..).zip(&seen).max_by_key(|(_, seen)| seen.most.0);
    let key = match most {
        Some((partition, seen)) if seen.most.0 > 0 => {
            let (_, key) = log.population.keys(&[(partition, seen.most.1)])?;
            Some(arrow::util::display::array_value_to_string(&key, 0)?)
        }
        _ => None,
    };
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    let share = |part: u64| (orders >= ENOUGH).then(|| part as f64 / orders as f64);
    let tied = if ids.is_none() { tied(log, task)? } else { None };
    Ok(Outcome::default()
        .with("rows", log.facts.read_stats.read)
        .with("largest_key", key)
        .with("largest_share", share(most.map_or(0, |(_, seen)| seen.most.0)))
        .with("masked_share", share(masked))
        .with("same_instant_share", tied)
        .with("repeated_amounts", log.facts.repeated[0])
        .with("distinct_amounts", log.facts.repeated[1]))
}

/// What the customers of a partition show whose orders have numbers. The numbers of a partition are its orders, but for
/// those that two customers share; totals tell of the orders without a look at the rows.
fn orders_seen(log: &Log, number: usize, role: usize) -> Result<Seen> {
    let (customers, starts) = (log.customers_in(number), log.starts_in(number));
    if let Some(totals) = log.totals(number)? {
        let orders = |customer: usize| {
            let of = &totals.purchases[customer];
            (of.orders + of.refunds) as usize
        };
        let all = (0..customers.len()).map(orders).sum();
        return seen(customers, starts, all, |customer, _| Ok(orders(customer)));
    }
    let partition = log.partition(number)?;
    let all = partition.orders.as_deref().map_or(0, Keys::len);
    seen(customers, starts, all, |_, rows| distinct(&partition.ids[role][rows]))
}

/// What the customers of a partition show, by where the rows of each start.
fn seen(
    customers: &Keys,
    starts: &[u32],
    all: usize,
    orders: impl Fn(usize, Range<usize>) -> Result<usize>,
) -> Result<Seen> {
    let mut seen = Seen {
        orders: all as u64,
        ..Seen::default()
    };
    for (rows, (customer, number)) in starts.windows(2).zip((0..).zip(0..)) {
        let rows = rows[0] as usize..rows[1] as usize;
        // Only of those who could have the most is it worth while to count orders.
        if rows.len() as u64 > seen.most.0 {
            seen.most = seen.most.max((orders(customer, rows.clone())? as u64, number));
        }
        if is_mask(customers, customer) {
            seen.masked += orders(customer, rows)? as u64;
        }
    }
    Ok(seen)
}

/// How many orders some lines are of.
fn distinct(numbers: &[u32]) -> Result<usize> {
    let mut numbers = numbers.to_vec();
    runtime::sort_by(&mut numbers, Ord::cmp)?;
    numbers.dedup();
    Ok(numbers.len())
}

/// Whether a key is what platforms write in place of one: "##密文", "张***".
fn is_mask(customers: &Keys, customer: usize) -> bool {
    match customers {
        Keys::Bits(_) => false,
        Keys::Bytes(bytes) => {
            let key = bytes.get(customer);
            key.starts_with(b"##") || key.starts_with(b"$$") || key.windows(2).any(|pair| pair == b"**")
        }
    }
}

/// The share of rows that have customer and instant in common with another.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn tied(log: &Log, task: &Task) -> Result<Option<f64>> {
    let rows_in = |at: &usize| log.starts_in(*at).last().map_or(0, |rows| *rows as usize);
    let all: usize = (0..log.partitions()).map(|at| rows_in(&at)).sum();
    // One that most rows fall to holds no customer but a stand-in for many, and would take long.
    let most = SAMPLE.max(all / log.partitions().max(1) * 2);
    let mut rows = 0;
    let sampled: Vec<usize> = (0..log.partitions())
        .filter(|at| rows_in(at) <= most)
        .take_while(|at| {
            let more = rows <= SAMPLE;
            rows += if more { rows_in(at) } else { 0 };
            more
        })
        .collect();
    let tied: usize = runtime::map(sampled.len(), task, |at| tied_in(log, sampled[at]))?
        .into_iter()
        .sum();
    Ok((rows as u64 >= ENOUGH).then(|| tied as f64 / rows as f64))
}

/// The rows of a partition that have customer and instant in common with another.
fn tied_in(log: &Log, at: usize) -> Result<usize> {
    let partition = log.partition_once(at)?;
    let mut tied = 0;
    for customer in 0..partition.len() {
        let mut times = partition.time[partition.rows(customer)].to_vec();
        runtime::sort_by(&mut times, Ord::cmp)?;
        let alike = times.chunk_by(|a, b| a == b).map(<[i64]>::len);
        tied += alike.filter(|len| *len > 1).sum::<usize>();
    }
    Ok(tied)
}
