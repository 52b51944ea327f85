//! Totals of the customers of a partition, found in the rows where they wait, one run after another: no row is moved.

use std::ops::Range;
use std::sync::Arc;

use super::assemble::{check_rows, customers};
use super::layout::Layout;
use super::order_totals::OpenOrders;
use super::packed_purchases::PackedPurchases;
use super::slices::{PartitionSlice, PartitionSlices};
use crate::columns::{KeyInterner, Keys};
use crate::error::Result;
use crate::log::{Partition, PartitionTotals, Purchases, Refunded};
use crate::money::{exact, exact_cents};
use crate::packed::{Column, Packed, PackedAmounts, Seconds, Width};
use crate::runtime::{self, Task};

/// Rows of a partition that one thread takes: one customer can have most of all rows.
const PART: usize = 1 << 19;

/// What a row takes while totals are found, where each is of a customer of its own, on a few threads at once: its code, the
/// slots and the key of the customer, and what is known of him.
const ROW_BYTES: usize = 1 << 10;

/// What is found of a partition where its rows wait.
pub(super) struct Found {
    /// Its customers, and where the rows of each will start.
    pub(super) head: Partition,
    /// What the orders of each add up to, where that tells all of them.
    pub(super) totals: Option<PartitionTotals>,
    /// The number of the customer of each row.
    pub(super) codes: Vec<u32>,
    /// Orders of several lines with one amount on all of them, and those without.
    pub(super) repeated: [u64; 2],
}

/// What is found of a partition.
pub(super) fn find(layout: &Layout, runs: PartitionSlices<'_>, task: &Task) -> Result<Found> {
    check_rows(runs.rows())?;
    runtime::reserve(runs.rows().min(PART) * ROW_BYTES)?;
    let parts = match layout.order_id() {
        None if layout.have_totals() => runs.rows().div_ceil(PART).max(1),
        // Lines of one order may stand in two parts.
        _ => 1,
    };
    let parts = runs.0.chunks(runs.0.len().div_ceil(parts).max(1));
    let parts: Vec<PartitionSlices<'_>> = parts.map(PartitionSlices).collect();
    let (customers, to) = match parts.as_slice() {
        [] | [_] => totals_of(layout, runs)?,
        _ => merged(
            layout,
            runtime::map(parts.len(), task, |part| totals_of(layout, parts[part]))?,
        ),
    };
    Ok(to.finish(layout, customers))
}

/// A partition of which no row is here.
fn without_rows(
    layout: &Layout,
    customers: Keys,
    rows: impl Iterator<Item = u32>,
    range: Option<(i64, i64)>,
) -> Partition {
    let starts = rows.scan(0, |before, rows| {
        *before += rows;
        Some(*before)
    });
    Partition {
        customers: Arc::new(customers),
        starts: Arc::new(std::iter::once(0).chain(starts).collect()),
        time: Vec::new(),
        amount: None,
        ids: Vec::new(),
        orders: None,
        labels: vec![Vec::new(); layout.labels.len()],
        numbers: vec![Vec::new(); layout.numbers.len()],
        range,
    }
}

/// Two ranges of time as one.
fn wider(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    let ranges = [one, other].into_iter().flatten();
    ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The customers of some runs in the order of first sight, and their totals.
fn totals_of(layout: &Layout, runs: PartitionSlices<'_>) -> Result<(Keys, Totals)> {
    let (customers, codes) = customers(layout, runs, runs.rows())?;
    let mut to = Totals {
        codes,
        purchases: vec![Purchases::default(); customers.len()],
        ..Totals::default()
    };
    if !layout.have_totals() {
        to.open = true;
        runs.each(
            |chunk| Ok(&chunk.time),
            |time, rows| to.range = wider(to.range, time.range(rows)),
        )?;
    } else if layout.order_id().is_some() {
        to.add_lines(layout, runs);
    } else {
        to.add(runs);
    }
    Ok((customers, to))
}

/// Parts of one partition together: the order of first sight stays what it is.
fn merged(layout: &Layout, parts: Vec<(Keys, Totals)>) -> (Keys, Totals) {
    let mut table = KeyInterner::new(&layout.customer.1);
    let mut all = Totals::default();
    for (keys, mut part) in parts {
        part.packed.add_to(&mut part.purchases);
        let codes: Vec<u32> = (0..keys.len()).map(|at| table.intern(&keys, at)).collect();
        all.purchases.resize(table.len(), Purchases::default());
        for (&code, of) in codes.iter().zip(&part.purchases) {
            all.purchases[code as usize].merge(of);
        }
        let refunds = part.refunds.iter().map(|(of, money)| (codes[*of as usize], *money));
        all.refunds.extend(refunds);
        part.codes.iter_mut().for_each(|code| *code = codes[*code as usize]);
        all.codes.extend(part.codes);
        all.range = wider(all.range, part.range);
    }
    (table.into_ids(), all)
}

/// What is known of the customers met.
#[derive(Default)]
struct Totals {
    /// By row: the customer.
    codes: Vec<u32>,
    purchases: Vec<Purchases>,
    /// What packed rows add up to.
    packed: PackedPurchases,
    /// By refund: the customer, and the money.
    refunds: Vec<Refunded>,
    range: Option<(i64, i64)>,
    repeated: [u64; 2],
    /// Whether there is more to the orders than their totals.
    open: bool,
}

impl Totals {
    /// Add the rows of some runs, whose customers are known.
    fn add(&mut self, runs: PartitionSlices<'_>) {
        let (mut times, mut money, mut start) = (Vec::new(), Vec::new(), 0);
        for (number, run) in runs.0.iter().enumerate() {
            if let Some(next) = runs.0.get(number + 1) {
                prefetch(next);
            }
            let codes = start..start + run.rows.len();
            start = codes.end;
            let packed = (&run.chunk.time, &run.chunk.amount);
            if let (Packed::Narrow(base, seconds), Some(PackedAmounts::Float(Packed::Narrow((), cents)))) = packed {
                let rows = run.rows.clone();
                self.fold_packed(codes, (*base, &seconds[rows.clone()]), &cents[rows]);
            } else {
                self.range = wider(self.range, run.chunk.time.range(run.rows.clone()));
                times.clear();
                run.chunk.time.append(run.rows.clone(), &mut times);
                read_money(run, &mut money);
                self.fold(codes, &times, &money);
            }
        }
        self.range = wider(self.range, self.packed.range());
    }

    /// Add the rows of some runs, which are lines of orders.
    fn add_lines(&mut self, layout: &Layout, runs: PartitionSlices<'_>) {
        let mut orders = OpenOrders::new(layout, runs.rows());
        let (mut times, mut money, mut start) = (Vec::new(), Vec::new(), 0);
        for run in runs.0 {
            times.clear();
            run.chunk.time.append(run.rows.clone(), &mut times);
            read_money(run, &mut money);
            self.range = wider(self.range, run.chunk.time.range(run.rows.clone()));
            let codes = start..start + run.rows.len();
            start = codes.end;
            for row in orders.add(run, &self.codes[codes.clone()], &times, &money) {
                self.fold(codes.start + row..codes.start + row + 1, &times[row..], &money[row..]);
            }
        }
        let closed = orders.close(&mut self.purchases, &mut self.refunds);
        (self.repeated, self.open) = (closed.repeated, !closed.whole);
    }

    /// Add rows of times and amounts that are packed.
    fn fold_packed(&mut self, codes: Range<usize>, (base, seconds): (i64, &[u32]), cents: &[i32]) {
        let codes = &self.codes[codes];
        let refunds = self.packed.add(codes, (base, seconds), cents, self.purchases.len());
        for row in refunds {
            let (customer, money) = (codes[row], exact_cents(i64::from(cents[row])));
            let at = Seconds::widen(seconds[row], base);
            self.range = wider(self.range, Some((at, at)));
            self.purchases[customer as usize].add(at, money);
            self.refunds.push((customer, money));
        }
    }

    /// Add rows of any times and amounts.
    fn fold(&mut self, codes: Range<usize>, times: &[i64], money: &[i128]) {
        for ((&customer, &time), &money) in self.codes[codes].iter().zip(times).zip(money) {
            if self.purchases[customer as usize].add(time, money) {
                self.refunds.push((customer, money));
            }
        }
    }

    fn finish(mut self, layout: &Layout, customers: Keys) -> Found {
        self.packed.add_to(&mut self.purchases);
        self.refunds.sort_by_key(|refund| refund.0);
        let refunds = self.refunds.chunk_by(|a, b| a.0 == b.0);
        let refunded = refunds.map(|of| (of[0].0, of.iter().map(|refund| refund.1).sum()));
        let rows = if layout.have_totals() && layout.order_id().is_none() {
            // A row is an order.
            self.purchases.iter().map(|of| of.rows + of.refunds).collect()
        } else {
            let mut rows = vec![0; customers.len()];
            self.codes.iter().for_each(|code| rows[*code as usize] += 1);
            rows
        };
        let totals = PartitionTotals {
            range: self.range,
            refunded: Arc::new(refunded.collect()),
            purchases: Arc::new(self.purchases),
        };
        Found {
            head: without_rows(layout, customers, rows.into_iter(), self.range),
            totals: (!self.open).then_some(totals),
            codes: self.codes,
            repeated: self.repeated,
        }
    }
}

/// The exact money of the rows of a run.
fn read_money(run: &PartitionSlice<'_>, to: &mut Vec<i128>) {
    let rows = run.rows.clone();
    to.clear();
    match &run.chunk.amount {
        Some(PackedAmounts::Float(Packed::Narrow((), cents))) => {
            to.extend(cents[rows].iter().map(|&cents| exact_cents(i64::from(cents))));
        }
        Some(PackedAmounts::Float(Packed::Wide(values))) => to.extend(values[rows].iter().map(|&value| exact(value))),
        Some(PackedAmounts::Exact(values)) => values.append(rows, to),
        None => to.resize(rows.len(), 0),
    }
}

/// Ask for the memory of what is read next.
fn prefetch(run: &PartitionSlice<'_>) {
    run.chunk.time.prefetch(run.rows.clone());
    match &run.chunk.amount {
        Some(PackedAmounts::Float(values)) => values.prefetch(run.rows.clone()),
        Some(PackedAmounts::Exact(values)) => values.prefetch(run.rows.clone()),
        None => {}
    }
}
