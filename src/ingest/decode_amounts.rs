//! Decoded amounts: what stands in several columns is one amount, and what cannot be one is rejected.

use crate::columns::{Amounts, Part};
use crate::error::Result;
use crate::money::{product, sum};

use super::decode::DecodedMorsel;
use super::layout::Layout;
use super::options::AmountPer;
use crate::log::{NumberIx, RejectReason};
use crate::packed::{Cents, Packed, Width};

impl DecodedMorsel {
    /// Append the amounts of a part: in hundredths as long as all of them are, and nothing is done with them.
    pub(super) fn append_amounts(&mut self, layout: &Layout, part: &Part) -> Result<()> {
        let (Some((index, amount)), Some(to)) = (&layout.amount, &mut self.amount) else {
            return Ok(());
        };
        let (column, rejects) = (part.batch.column(*index), &mut self.rejects);
        let start = rejects.rows() - column.len();
        if to.is_empty() && layout.add_to_amount.is_empty() && layout.pieces.is_none() {
            if let Some(cents) = amount.doubles(column).and_then(hundredths) {
                match &mut self.cents {
                    Some(known) => known.extend(cents),
                    None => self.cents = Some(cents),
                }
                return Ok(());
            }
            if let (Some(cents), Amounts::Float(to)) = (self.cents.take(), &mut *to) {
                to.extend(cents.into_iter().map(|cents| Cents::widen(cents, ())));
            }
        }
        amount.append(column, part.first_row, to, &mut self.errors.amount, |row| {
            // Of an order's amount, one line of several is enough.
            if layout.amount_per == AmountPer::Line {
                rejects.reject(start + row, RejectReason::NullAmount);
            }
        })
    }

    /// Add to the amount what stands in further columns; nothing where that is null.
    pub(super) fn add(&mut self, layout: &Layout, piece: &[Part]) -> Result<()> {
        for (index, more) in &layout.add_to_amount {
            let mut values = more.none();
            for part in piece {
                let column = part.batch.column(*index);
                more.append(column, part.first_row, &mut values, &mut self.errors.amount, |_| ())?;
            }
            if let (Some(Amounts::Float(amounts)), Amounts::Float(values)) = (&mut self.amount, &values) {
                let known = amounts.iter_mut().zip(values).filter(|(_, value)| !value.is_nan());
                known.for_each(|(amount, value)| *amount = sum(*amount, *value));
            }
        }
        Ok(())
    }

    /// The amount is the price times the pieces.
    pub(super) fn multiply(&mut self, layout: &Layout) {
        let (Some(NumberIx(at)), Some(Amounts::Float(prices))) = (layout.pieces, &mut self.amount) else {
            return;
        };
        for (row, (price, pieces)) in prices.iter_mut().zip(&self.numbers[at]).enumerate() {
            if pieces.is_nan() && !price.is_nan() {
                self.rejects.reject(row, RejectReason::NullAmount);
            }
            *price = product(*price, *pieces);
        }
    }

    /// What is no number, or too large for an exact sum.
    pub(super) fn reject_amounts(&mut self, layout: &Layout) {
        const FITS: f64 = 9_007_199_254_740_992.0;
        let Some(Amounts::Float(values)) = &mut self.amount else {
            return;
        };
        // Hundredths of 32 bits are numbers, and small, all of them.
        self.cents = self.cents.take().or_else(|| hundredths(values));
        if self.cents.is_some() {
            return;
        }
        for (row, value) in values
            .iter_mut()
            .enumerate()
            .filter(|(_, value)| value.is_nan() || value.abs() >= FITS)
        {
            if value.is_nan() {
                if layout.amount_per == AmountPer::Line {
                    self.rejects.reject(row, RejectReason::NullAmount);
                }
            } else if value.is_infinite() {
                self.rejects.reject(row, RejectReason::InfiniteAmount);
            } else {
                self.stats.overflow();
                *value = 0.0;
            }
        }
    }
}

/// Amounts as hundredths, where all of them are.
fn hundredths(values: &[f64]) -> Option<Vec<i32>> {
    match Packed::<Cents>::narrow_all(values) {
        Some(Packed::Narrow((), cents)) => Some(cents),
        _ => None,
    }
}
