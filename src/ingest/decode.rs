//! Decoded morsel: every column of one morsel typed, every row that cannot be used rejected with its reason.

use arrow::array::{Array, AsArray};

use crate::columns::{Amounts, KeyInterner, KeyType, Keys, NONE, ParseErrors, Part, dictionary_codes};
use crate::error::Result;
use crate::money::MoneyUnit;

use super::layout::Layout;
use super::parse_errors::LogParseErrors;
use super::reject_mask::RejectMask;
use crate::log::{CategoryIx, ReadStats, RejectReason};

/// The columns of a piece, in the order of its rows.
#[derive(Debug)]
pub(crate) struct DecodedMorsel {
    pub(crate) rejects: RejectMask,
    pub(crate) keys: Keys,
    pub(crate) time: Vec<i64>,
    pub(crate) amount: Option<Amounts>,
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
        to.reject_amounts();
        to.reject_cancelled(layout);
        to.count(piece.first().map_or(0, |part| part.first_row));
        Ok(to)
    }

    fn empty(layout: &Layout) -> Self {
        Self {
            rejects: RejectMask::default(),
            keys: layout.customer.1.none(),
            time: Vec::new(),
            amount: layout.amount.as_ref().map(|(_, amount)| amount.none()),
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
        let (rejects, errors) = (&mut self.rejects, &mut self.errors);
        let (index, key) = &layout.customer;
        let column = part.batch.column(*index);
        key.append(column, part.first_row, &mut self.keys, &mut errors.customer, |row| {
            rejects.reject(start + row, RejectReason::NullCustomer);
        })?;
        let (index, time) = &layout.time;
        let column = part.batch.column(*index);
        time.append(column, part.first_row, &mut self.time, &mut errors.time, |row| {
            rejects.reject(start + row, RejectReason::NullTime);
        })?;
        if let (Some((index, amount)), Some(to)) = (&layout.amount, &mut self.amount) {
            let column = part.batch.column(*index);
            amount.append(column, part.first_row, to, &mut errors.amount, |row| {
                rejects.reject(start + row, RejectReason::NullAmount);
            })?;
        }
        self.append_others(layout, part)
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
        for (((index, number), to), errors) in layout.numbers.iter().zip(&mut self.numbers).zip(numbers) {
            let (mut values, mut valid) = (number.none(), vec![true; rows]);
            let column = part.batch.column(*index);
            number.append(column, part.first_row, &mut values, errors, |row| valid[row] = false)?;
            to.extend((0..rows).map(|row| {
                if valid[row] {
                    number_of(&values, number.unit, row)
                } else {
                    f64::NAN
                }
            }));
        }
        Ok(())
    }

    /// A log of events has no use for a row without one.
    fn reject_events(&mut self, layout: &Layout) {
        let Some(CategoryIx(at)) = layout.event else { return };
        let codes = self.labels[at].1.iter().enumerate();
        for (row, _) in codes.filter(|(_, code)| **code == NONE) {
            self.rejects.reject(row, RejectReason::NullEvent);
        }
    }

    /// Events that no one asks for are dropped while reading; what they tell is how long the shop was watched.
    fn reject_others(&mut self, layout: &Layout) {
        let (Some(CategoryIx(at)), Some(kept)) = (layout.event, &layout.only) else {
            return;
        };
        let (table, codes) = &self.labels[at];
        let kept: Vec<u32> = kept.iter().filter_map(|value| table.find(value, 0)).collect();
        let other = |(_, code): &(usize, &u32)| **code != NONE && !kept.contains(code);
        for (row, _) in codes.iter().enumerate().filter(other) {
            if self.rejects.reason(row).is_none() {
                let (time, others) = (self.time[row], &mut self.stats.others);
                let (first, last) = others.unwrap_or((time, time));
                *others = Some((first.min(time), last.max(time)));
                self.rejects.reject(row, RejectReason::OtherEvent);
            }
        }
    }

    fn reject_cancelled(&mut self, layout: &Layout) {
        let Some((at, values)) = &layout.cancelled else { return };
        let (table, codes) = &self.labels[*at];
        let cancelled: Vec<u32> = values.iter().filter_map(|value| table.find(value, 0)).collect();
        for (row, _) in codes.iter().enumerate().filter(|(_, code)| cancelled.contains(code)) {
            self.rejects.reject(row, RejectReason::Cancelled);
        }
    }

    /// What is no number, or too large for an exact sum.
    fn reject_amounts(&mut self) {
        const FITS: f64 = 4_611_686_018_427_387_904.0;
        let Some(Amounts::Float(values)) = &mut self.amount else {
            return;
        };
        for (row, value) in values
            .iter_mut()
            .enumerate()
            .filter(|(_, value)| value.is_nan() || value.abs() >= FITS)
        {
            if value.is_nan() {
                self.rejects.reject(row, RejectReason::NullAmount);
            } else if value.is_infinite() {
                self.rejects.reject(row, RejectReason::InfiniteAmount);
            } else {
                self.stats.overflow();
                *value = 0.0;
            }
        }
    }

    fn count(&mut self, first_row: u64) {
        if let Some(amounts) = &self.amount {
            self.stats.add_magnitudes(amounts);
        }
        if self.rejects.clean() {
            self.stats.add_all(self.rejects.rows());
        } else {
            self.count_each(first_row);
        }
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
            let money = match &self.amount {
                Some(Amounts::Float(values)) if !values[row].is_finite() => None,
                Some(amounts) if reason != Some(RejectReason::NullAmount) => Some(amounts.exact(row)),
                _ => None,
            };
            self.stats.add(at, money, reason);
        }
    }
}

/// Append the codes of a label: each value of a dictionary is looked up once, each row of a plain column.
fn append_label(
    label: &KeyType,
    part: &Part,
    index: usize,
    (table, codes): (&mut KeyInterner, &mut Vec<u32>),
    errors: &mut ParseErrors,
) -> Result<()> {
    let column = part.batch.column(index);
    let dictionary = column.as_any_dictionary_opt();
    // A dictionary that is longer than its rows would take longer to read than they do.
    let dictionary = dictionary.filter(|dictionary| dictionary.values().len() <= column.len());
    let values = dictionary.map_or(column, |dictionary| dictionary.values());
    let mut ids = label.none();
    let mut known: Vec<Option<u32>> = vec![None; values.len()];
    label.append(values, part.first_row, &mut ids, errors, |row| {
        known[row] = Some(NONE);
    })?;
    if dictionary.is_some() {
        // Values that no row has are no values of the label.
        let mut code = |at: u32| *known[at as usize].get_or_insert_with(|| table.intern(&ids, at as usize));
        codes.extend(
            dictionary_codes(column)?
                .into_iter()
                .map(|at| if at == NONE { NONE } else { code(at) }),
        );
    } else {
        let mut met = RecentValueCache::default();
        let code = |(row, null): (usize, &Option<u32>)| null.unwrap_or_else(|| met.code(table, &ids, row));
        codes.extend(known.iter().enumerate().map(code));
    }
    Ok(())
}

/// Where values were met last: labels repeat, and a comparison costs half of what a hash and a lookup do.
struct RecentValueCache([Option<(usize, u32)>; 64]);

impl Default for RecentValueCache {
    fn default() -> Self {
        Self([None; 64])
    }
}

impl RecentValueCache {
    fn code(&mut self, table: &mut KeyInterner, ids: &Keys, row: usize) -> u32 {
        let Keys::Bytes(bytes) = ids else {
            return table.intern(ids, row);
        };
        let value = bytes.get(row);
        let (first, last) = (value.first().copied().unwrap_or(0), value.last().copied().unwrap_or(0));
        let slot = (value.len() + usize::from(first) * 5 + usize::from(last) * 11) % self.0.len();
        match self.0[slot] {
            Some((other, code)) if bytes.get(other) == value => code,
            _ => {
                let code = table.intern(ids, row);
                self.0[slot] = Some((row, code));
                code
            }
        }
    }
}

/// What is not finite, or so large that sums could overflow, is unknown.
fn number_of(values: &Amounts, unit: MoneyUnit, row: usize) -> f64 {
    let value = match values {
        Amounts::Float(values) => values[row],
        Amounts::Exact(values) => unit.to_f64(values[row]),
    };
    if value.abs() < 1e12 { value } else { f64::NAN }
}
