//! One piece of rows, read: every column typed, every row that cannot be used marked.

use crate::columns::{Amounts, IdTable, Ids, NONE, PIECE, Part, Refusals, Unit};
use crate::error::Result;

use super::intake::{Intake, Reason};
use super::layout::Layout;

/// The columns of a piece, in the order of its rows.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) reasons: Vec<Option<Reason>>,
    pub(super) keys: Ids,
    pub(super) time: Vec<i64>,
    pub(super) amount: Option<Amounts>,
    pub(super) ids: Vec<(Ids, Vec<bool>)>,
    pub(super) labels: Vec<(IdTable, Vec<u32>)>,
    pub(super) numbers: Vec<Vec<f64>>,
    pub(super) refusals: Vec<Refusals>,
    pub(super) intake: Intake,
}

impl Decoded {
    pub(super) fn read(layout: &Layout, piece: &[Part]) -> Result<Self> {
        let mut to = Self::empty(layout);
        for part in piece {
            to.append(layout, part)?;
        }
        to.mark_events(layout);
        to.mark_amounts();
        to.mark_cancelled(layout);
        to.count(piece.first().map_or(0, |part| part.first_row));
        Ok(to)
    }

    fn empty(layout: &Layout) -> Self {
        Self {
            reasons: Vec::with_capacity(PIECE),
            keys: layout.customer.1.none(),
            time: Vec::with_capacity(PIECE),
            amount: layout.amount.as_ref().map(|(_, amount)| amount.none()),
            ids: layout.ids.iter().map(|(_, id)| (id.none(), Vec::new())).collect(),
            labels: layout
                .labels
                .iter()
                .map(|(_, label)| (IdTable::new(label), Vec::new()))
                .collect(),
            numbers: vec![Vec::new(); layout.numbers.len()],
            refusals: vec![Refusals::default(); 2 + layout.ids.len() + layout.labels.len()],
            intake: Intake::new(layout.numbers.len()),
        }
    }

    fn append(&mut self, layout: &Layout, part: &Part) -> Result<()> {
        let start = self.reasons.len();
        let reasons = &mut self.reasons;
        reasons.resize(start + part.batch.num_rows(), None);
        let mark = |reason: Reason| {
            move |reasons: &mut Vec<Option<Reason>>, row: usize| {
                reasons[start + row].get_or_insert(reason);
            }
        };
        let (no_customer, no_time, no_amount) = (
            mark(Reason::NullCustomer),
            mark(Reason::NullTime),
            mark(Reason::NullAmount),
        );
        let (index, key) = &layout.customer;
        let column = part.batch.column(*index);
        let refusals = &mut self.refusals;
        key.append(column, part.first_row, &mut self.keys, &mut refusals[0], |row| {
            no_customer(reasons, row);
        })?;
        let (index, time) = &layout.time;
        let column = part.batch.column(*index);
        time.append(column, part.first_row, &mut self.time, &mut refusals[1], |row| {
            no_time(reasons, row);
        })?;
        if let (Some((index, amount)), Some(to)) = (&layout.amount, &mut self.amount) {
            amount.append(part.batch.column(*index), to, |row| no_amount(reasons, row))?;
        }
        self.append_others(layout, part)
    }

    fn append_others(&mut self, layout: &Layout, part: &Part) -> Result<()> {
        let rows = part.batch.num_rows();
        let mut refusals = self.refusals[2..].iter_mut();
        for ((index, id), (to, valid)) in layout.ids.iter().zip(&mut self.ids) {
            let (Some(refusals), start) = (refusals.next(), valid.len()) else {
                continue;
            };
            valid.resize(start + rows, true);
            let column = part.batch.column(*index);
            id.append(column, part.first_row, to, refusals, |row| valid[start + row] = false)?;
        }
        for ((index, label), (table, codes)) in layout.labels.iter().zip(&mut self.labels) {
            let Some(refusals) = refusals.next() else { continue };
            let (mut values, mut valid) = (label.none(), vec![true; rows]);
            let column = part.batch.column(*index);
            label.append(column, part.first_row, &mut values, refusals, |row| valid[row] = false)?;
            codes.extend((0..rows).map(|row| if valid[row] { table.intern(&values, row) } else { NONE }));
        }
        for ((index, number), to) in layout.numbers.iter().zip(&mut self.numbers) {
            let (mut values, mut valid) = (number.none(), vec![true; rows]);
            number.append(part.batch.column(*index), &mut values, |row| valid[row] = false)?;
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
    fn mark_events(&mut self, layout: &Layout) {
        let Some(at) = layout.event else { return };
        for (reason, code) in self.reasons.iter_mut().zip(&self.labels[at].1) {
            if *code == NONE {
                reason.get_or_insert(Reason::NullEvent);
            }
        }
    }

    fn mark_cancelled(&mut self, layout: &Layout) {
        let Some((at, values)) = &layout.cancelled else { return };
        let (table, codes) = &self.labels[*at];
        let cancelled: Vec<u32> = values.iter().filter_map(|value| table.find(value, 0)).collect();
        for (reason, code) in self.reasons.iter_mut().zip(codes) {
            if cancelled.contains(code) {
                reason.get_or_insert(Reason::Cancelled);
            }
        }
    }

    /// What is no number, or too large for an exact sum.
    fn mark_amounts(&mut self) {
        const FITS: f64 = 4_611_686_018_427_387_904.0;
        if let Some(Amounts::Float(values)) = &mut self.amount {
            for (reason, value) in self.reasons.iter_mut().zip(values) {
                if value.is_nan() {
                    reason.get_or_insert(Reason::NullAmount);
                } else if value.is_infinite() {
                    reason.get_or_insert(Reason::InfiniteAmount);
                } else if value.abs() >= FITS {
                    self.intake.overflow();
                    *value = 0.0;
                }
            }
        }
    }

    fn count(&mut self, first_row: u64) {
        for (row, (reason, at)) in self.reasons.iter().zip(first_row..).enumerate() {
            let money = match &self.amount {
                Some(Amounts::Float(values)) if !values[row].is_finite() => None,
                Some(amounts) if *reason != Some(Reason::NullAmount) => Some(amounts.exact(row)),
                _ => None,
            };
            self.intake.add(at, money, *reason);
        }
        for (missing, values) in self.intake.missing.iter_mut().zip(&self.numbers) {
            let unknown = values
                .iter()
                .zip(&self.reasons)
                .filter(|(v, reason)| v.is_nan() && reason.is_none());
            *missing = unknown.count() as u64;
        }
    }
}

/// What is not finite, or so large that sums could overflow, is unknown.
fn number_of(values: &Amounts, unit: Unit, row: usize) -> f64 {
    let value = match values {
        Amounts::Float(values) => values[row],
        Amounts::Exact(values) => unit.to_f64(values[row]),
    };
    if value.abs() < 1e12 { value } else { f64::NAN }
}
