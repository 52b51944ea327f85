//! Totals of the customers of a partition, found in the rows where they wait, one run after another: no row is moved.

use std::ops::Range;
use std::sync::Arc;

use super::assemble::{check_rows, customers};
use super::layout::Layout;
use super::morsel_keys::MorselAmounts;
use super::packed::{MorselColumn, Packed, Width};
use super::packed_purchases::PackedPurchases;
use super::slices::{PartitionSlice, PartitionSlices};
use super::widths::{CustomerCodes, Seconds};
use crate::columns::{KeyInterner, Keys};
use crate::error::Result;
use crate::log::{Partition, PartitionTotals, Purchases, Refunded};
use crate::money::{exact, exact_cents};
use crate::runtime::{self, Task};

/// Rows of a partition that one thread takes: one customer can have most of all rows.
const PART: usize = 1 << 19;

/// The customers of a partition, where the rows of each will start, their totals, and the number of the customer of each
/// row.
pub(super) fn totals(
    layout: &Layout,
    runs: PartitionSlices<'_>,
    task: &Task,
) -> Result<(Partition, PartitionTotals, Packed<CustomerCodes>)> {
    check_rows(runs.rows())?;
    let parts = runs
        .0
        .chunks(runs.0.len().div_ceil(runs.rows().div_ceil(PART).max(1)).max(1));
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

/// The customers of some runs in the order of first sight, and their totals.
fn totals_of(layout: &Layout, runs: PartitionSlices<'_>) -> Result<(Keys, Totals)> {
    let (customers, codes) = customers(layout, runs, runs.rows())?;
    let mut to = Totals {
        codes,
        purchases: vec![Purchases::default(); customers.len()],
        ..Totals::default()
    };
    to.add(runs);
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
        all.widen(part.range);
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
            if let (Packed::Narrow(base, seconds), Some(MorselAmounts::Float(Packed::Narrow((), cents)))) = packed {
                let rows = run.rows.clone();
                self.fold_packed(codes, (*base, &seconds[rows.clone()]), &cents[rows]);
            } else {
                times.clear();
                run.chunk.time.append(run.rows.clone(), &mut times);
                read_money(run, &mut money);
                self.fold(codes, &times, &money);
            }
        }
    }

    /// Add rows of times and amounts that are packed.
    fn fold_packed(&mut self, codes: Range<usize>, (base, seconds): (i64, &[u32]), cents: &[i32]) {
        let codes = &self.codes[codes];
        let refunds = self.packed.add(codes, (base, seconds), cents, self.purchases.len());
        for row in refunds {
            let (customer, money) = (codes[row], exact_cents(i64::from(cents[row])));
            self.purchases[customer as usize].add(Seconds::widen(seconds[row], base), money);
            self.refunds.push((customer, money));
        }
        let (first, last) = (seconds.iter().min(), seconds.iter().max());
        let range = first.zip(last);
        self.widen(range.map(|(first, last)| (Seconds::widen(*first, base), Seconds::widen(*last, base))));
    }

    /// Add rows of any times and amounts.
    fn fold(&mut self, codes: Range<usize>, times: &[i64], money: &[i128]) {
        for ((&customer, &time), &money) in self.codes[codes].iter().zip(times).zip(money) {
            if self.purchases[customer as usize].add(time, money) {
                self.refunds.push((customer, money));
            }
        }
        let (first, last) = (times.iter().min().copied(), times.iter().max().copied());
        self.widen(first.zip(last));
    }

    /// Count the times of a range in.
    fn widen(&mut self, range: Option<(i64, i64)>) {
        let ranges = [self.range, range].into_iter().flatten();
        self.range = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    }

    fn finish(mut self, layout: &Layout, customers: Keys) -> (Partition, PartitionTotals, Packed<CustomerCodes>) {
        self.packed.add_to(&mut self.purchases);
        self.refunds.sort_by_key(|refund| refund.0);
        let refunds = self.refunds.chunk_by(|a, b| a.0 == b.0);
        let refunded = refunds.map(|of| (of[0].0, of.iter().map(|refund| refund.1).sum()));
        let rows = self.purchases.iter().scan(0, |rows, of| {
            *rows += of.orders + of.refunds;
            Some(*rows)
        });
        let head = Partition {
            customers: Arc::new(customers),
            starts: Arc::new(std::iter::once(0).chain(rows).collect()),
            time: Vec::new(),
            amount: None,
            ids: Vec::new(),
            orders: None,
            labels: vec![Vec::new(); layout.labels.len()],
            numbers: vec![Vec::new(); layout.numbers.len()],
            range: self.range,
        };
        let totals = PartitionTotals {
            range: self.range,
            refunded: Arc::new(refunded.collect()),
            purchases: Arc::new(self.purchases),
        };
        (head, totals, Packed::new(&self.codes))
    }
}

/// The exact money of the rows of a run.
fn read_money(run: &PartitionSlice<'_>, to: &mut Vec<i128>) {
    let rows = run.rows.clone();
    to.clear();
    match &run.chunk.amount {
        Some(MorselAmounts::Float(Packed::Narrow((), cents))) => {
            to.extend(cents[rows].iter().map(|&cents| exact_cents(i64::from(cents))));
        }
        Some(MorselAmounts::Float(Packed::Wide(values))) => to.extend(values[rows].iter().map(|&value| exact(value))),
        Some(MorselAmounts::Exact(values)) => values.append(rows, to),
        None => to.resize(rows.len(), 0),
    }
}

/// Ask for the memory of what is read next.
fn prefetch(run: &PartitionSlice<'_>) {
    run.chunk.time.prefetch(run.rows.clone());
    match &run.chunk.amount {
        Some(MorselAmounts::Float(values)) => values.prefetch(run.rows.clone()),
        Some(MorselAmounts::Exact(values)) => values.prefetch(run.rows.clone()),
        None => {}
    }
}
