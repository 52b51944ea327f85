//! Decoded morsel: every column of one morsel typed, every row that cannot be used rejected with its reason.

use arrow::array::Array;

use crate::columns::{Amounts, KeyInterner, Keys, NONE, Names, Part};
use crate::error::Result;
use crate::money::exact_cents;
use crate::packed::{Packed, Seconds};

use super::decode_column::{MOST, append_label, append_number};
use super::layout::{Layout, StatusRule};
use super::options::Status;
use super::parse_errors::LogParseErrors;
use super::reject_mask::RejectMask;
use crate::log::{CategoryIx, NumberIx, ReadStats, RejectReason};

/// The columns of a piece, in the order of its rows.
#[derive(Debug)]
pub(crate) struct DecodedMorsel {
    pub(crate) rejects: RejectMask,
    /// The rows without a customer that are kept.
    pub(crate) guests: Vec<usize>,
    pub(crate) keys: Keys,
    pub(crate) time: Packed<Seconds>,
    pub(crate) amount: Option<Amounts>,
    /// In the place of amounts: hundredths, where all of them are.
    pub(crate) cents: Option<Vec<i32>>,
    pub(crate) ids: Vec<(Keys, Vec<bool>)>,
    pub(crate) labels: Vec<(KeyInterner, Vec<u32>)>,
    pub(crate) numbers: Vec<Vec<f64>>,
    pub(crate) errors: LogParseErrors,
    pub(crate) stats: ReadStats,
}

impl DecodedMorsel {
    pub(crate) fn read(layout: &Layout, piece: &[Part]) -> Result<Self> {
        let mut to = Self::empty(layout);
        for part in piece {
            to.append(layout, part)?;
        }
        to.reject_events(layout);
        to.reject_others(layout);
        to.add(layout, piece)?;
        to.multiply(layout);
        to.reject_amounts(layout);
        to.reject_statuses(layout);
        let first_row = piece.first().map_or(0, |part| part.first_row);
        to.note_refunds(layout, first_row);
        to.count(first_row);
        to.note_names(layout, first_row);
        Ok(to)
    }

    fn empty(layout: &Layout) -> Self {
        Self {
            rejects: RejectMask::default(),
            guests: Vec::new(),
            keys: layout.customer.1.none(),
            time: Packed::default(),
            amount: layout.amount.as_ref().map(|(_, amount)| amount.none()),
            cents: None,
            ids: layout.ids.iter().map(|(_, id)| (id.none(), Vec::new())).collect(),
            labels: layout
                .labels
                .iter()
                .map(|(_, label)| (KeyInterner::new(label), Vec::new()))
                .collect(),
            numbers: vec![Vec::new(); layout.numbers.len()],
            errors: LogParseErrors::new(layout),
            stats: ReadStats::new(layout.numbers.len()),
        }
    }

    fn append(&mut self, layout: &Layout, part: &Part) -> Result<()> {
        let start = self.rejects.rows();
        self.rejects.grow(part.batch.num_rows());
        let (rejects, errors, guests) = (&mut self.rejects, &mut self.errors, &mut self.guests);
        let (index, key) = &layout.customer;
        let nobody = || std::sync::Arc::new(arrow::array::NullArray::new(part.batch.num_rows())) as _;
        let column = index.map_or_else(nobody, |index| part.batch.column(index).clone());
        key.append(&column, part.first_row, &mut self.keys, &mut errors.customer, |row| {
            if layout.keeps_guests() {
                guests.push(start + row);
            } else {
                rejects.reject(start + row, RejectReason::NullCustomer);
            }
        })?;
        if let Some(index) = layout.paid_at {
            let nulls = part.batch.column(index).logical_nulls();
            let unpaid = |row: &usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(*row));
            for row in (0..part.batch.num_rows()).filter(unpaid) {
                rejects.reject(start + row, RejectReason::NotPaid);
            }
        }
        self.append_times(layout, part)?;
        self.append_amounts(layout, part)?;
        self.append_others(layout, part)
    }

    /// Append the times of a part: where they stand in an array of their own, as seconds, if all of them are.
    fn append_times(&mut self, layout: &Layout, part: &Part) -> Result<()> {
        let (index, time) = &layout.time;
        let column = part.batch.column(*index);
        let start = self.rejects.rows() - column.len();
        if start == 0
            && let Some(plain) = time.plain(column)?
        {
            let seconds = Packed::narrow(plain.first(), plain.iter());
            self.time = seconds.unwrap_or_else(|| Packed::Wide(plain.iter().collect()));
            return Ok(());
        }
        let (rejects, errors) = (&mut self.rejects, &mut self.errors.time);
        let mut times = std::mem::take(&mut self.time).into_wide();
        time.append(column, part.first_row, &mut times, errors, |row| {
            rejects.reject(start + row, RejectReason::NullTime);
        })?;
        self.time = Packed::Wide(times);
        Ok(())
    }

    fn append_others(&mut self, layout: &Layout, part: &Part) -> Result<()> {
        let rows = part.batch.num_rows();
        let LogParseErrors {
            ids, labels, numbers, ..
        } = &mut self.errors;
        for (((index, id), (to, valid)), errors) in layout.ids.iter().zip(&mut self.ids).zip(ids) {
            let start = valid.len();
            valid.resize(start + rows, true);
            let column = part.batch.column(*index);
            id.append(column, part.first_row, to, errors, |row| valid[start + row] = false)?;
        }
        for (((index, label), (table, codes)), errors) in layout.labels.iter().zip(&mut self.labels).zip(labels) {
            append_label(label, part, *index, (table, codes), errors)?;
        }
        for ((number, to), errors) in layout.numbers.iter().zip(&mut self.numbers).zip(numbers) {
            append_number(number, part, to, errors)?;
        }
        Ok(())
    }

    /// Money given back has one sign, and is kept without it.
    fn note_refunds(&mut self, layout: &Layout, first_row: u64) {
        let Some(NumberIx(at)) = layout.index.refunded else {
            return;
        };
        for (value, row) in self.numbers[at].iter_mut().zip(first_row..) {
            self.stats.sign(row, *value);
            *value = value.abs();
        }
    }

    /// Whether all names of keys and orders are whole numbers written as text.
    fn note_names(&mut self, layout: &Layout, first_row: u64) {
        if layout.names == Names::Typed {
            return;
        }
        self.keys.note_shortened(first_row, &mut self.errors.customer);
        for ((ids, _), errors) in self.ids.iter().zip(&mut self.errors.ids) {
            ids.note_shortened(first_row, errors);
        }
        let nobody = &self.guests;
        let keys = self.keys.whole_numbers(|row| nobody.binary_search(&row).is_ok());
        let orders = self.ids.iter().map(|(ids, valid)| ids.whole_numbers(|row| !valid[row]));
        let orders: Option<Vec<Vec<u64>>> = orders.collect();
        (self.stats.whole_keys, self.stats.whole_orders) = (keys.is_some(), orders.is_some());
        if layout.numbers_early {
            if let Some(keys) = keys {
                self.keys = Keys::Bits(keys);
            }
            for ((ids, _), numbers) in self.ids.iter_mut().zip(orders.into_iter().flatten()) {
                *ids = Keys::Bits(numbers);
            }
        }
    }

    /// A log of events has no use for a row without one.
    fn reject_events(&mut self, layout: &Layout) {
        let Some(CategoryIx(at)) = layout.index.event else {
            return;
        };
        let codes = self.labels[at].1.iter().enumerate();
        for (row, _) in codes.filter(|(_, code)| **code == NONE) {
            self.rejects.reject(row, RejectReason::NullEvent);
        }
    }

    /// Events that no one asks for are dropped while reading; what they tell is how long the shop was watched.
    fn reject_others(&mut self, layout: &Layout) {
        let (Some(CategoryIx(at)), Some(kept)) = (layout.index.event, &layout.only) else {
            return;
        };
        let (table, codes) = &self.labels[at];
        let mut other = vec![true; table.len()];
        for code in kept.iter().filter_map(|value| table.find(value, 0)) {
            other[code as usize] = false;
        }
        // Beyond the table is what stands for null.
        let mut out: Vec<bool> = codes
            .iter()
            .map(|&code| other.get(code as usize).copied().unwrap_or(false))
            .collect();
        for (out, reason) in out.iter_mut().zip(self.rejects.reasons()) {
            *out &= reason.is_none();
        }
        if !out.contains(&true) {
            return;
        }
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for (time, &out) in self.time.to_wide().into_iter().zip(&out) {
            first = first.min(if out { time } else { i64::MAX });
            last = last.max(if out { time } else { i64::MIN });
        }
        self.stats.others = Some((first, last));
        self.rejects.reject_where(&out, RejectReason::OtherEvent);
    }

    /// What a status says is no order.
    fn reject_statuses(&mut self, layout: &Layout) {
        for StatusRule { says, label, values } in &layout.statuses {
            let (table, codes) = &self.labels[*label];
            let named: Vec<u32> = values.iter().filter_map(|value| table.find(value, 0)).collect();
            let (reason, out) = match says {
                Status::Cancelled => (RejectReason::Cancelled, true),
                Status::Paid => (RejectReason::NotPaid, false),
                Status::Refunded => continue,
            };
            let is_out = |(_, code): &(usize, &u32)| named.contains(code) == out;
            for (row, _) in codes.iter().enumerate().filter(is_out) {
                self.rejects.reject(row, reason);
            }
        }
    }

    fn count(&mut self, first_row: u64) {
        match (&self.cents, &self.amount) {
            (Some(cents), _) => self.stats.add_cents(cents),
            (None, Some(amounts)) => self.stats.add_magnitudes(amounts),
            (None, None) => {}
        }
        if self.rejects.clean() {
            self.stats.add_all(self.rejects.rows());
        } else if self.cents.is_none() && self.amount.is_none() {
            self.stats.add_reasons(first_row, self.rejects.reasons());
        } else {
            self.count_each(first_row);
        }
        for &row in &self.guests {
            if self.rejects.reason(row).is_none() {
                self.stats.guest(first_row + row as u64);
            }
        }
        let known = self.numbers.iter().flatten().filter(|value| value.abs() < MOST);
        known.for_each(|value| self.stats.weigh(*value));
        let fine = |row: usize| self.rejects.reason(row).is_none();
        for (missing, values) in self.stats.missing.iter_mut().zip(&self.numbers) {
            let unknown = values
                .iter()
                .enumerate()
                .filter(|(row, value)| value.is_nan() && fine(*row));
            *missing = unknown.count() as u64;
        }
    }

    fn count_each(&mut self, first_row: u64) {
        for (row, at) in (0..self.rejects.rows()).zip(first_row..) {
            let reason = self.rejects.reason(row);
            let money = match (&self.cents, &self.amount) {
                (Some(cents), _) => Some(exact_cents(i64::from(cents[row]))),
                (None, Some(Amounts::Float(values))) if !values[row].is_finite() => None,
                (None, Some(amounts)) if reason != Some(RejectReason::NullAmount) => Some(amounts.exact(row)),
                _ => None,
            };
            self.stats.add(at, money, reason);
        }
    }
}
