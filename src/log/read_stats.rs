//! Row accounting: every row is used, or counted with its reason.

use crate::columns::Amounts;
use crate::error::{Error, Result};
use crate::money::{LIMIT, MoneyUnit, decimal_count};
use crate::params::words;

words! {
    /// What to do with a row whose key, time or amount is missing.
    pub enum Nulls {
        /// Leave it out and count it.
        Drop = "drop",
        /// Refuse the data.
        Raise = "raise",
    }
}

/// Why a row was left out when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectReason {
    /// The key is null.
    NullCustomer,
    /// The time is null.
    NullTime,
    /// The event is null.
    NullEvent,
    /// The amount is null (or not a number, as a column of floats writes null).
    NullAmount,
    /// The amount is infinite.
    InfiniteAmount,
    /// The status says that it is no order.
    Cancelled,
    /// Nothing says that it was paid.
    NotPaid,
    /// The event is none of those that are kept.
    OtherEvent,
}

/// How many reasons there are.
const REASONS: usize = 8;

impl RejectReason {
    /// All reasons, in the order in which they are looked for.
    pub const ALL: [Self; REASONS] = [
        Self::NullCustomer,
        Self::NullTime,
        Self::NullEvent,
        Self::NullAmount,
        Self::InfiniteAmount,
        Self::Cancelled,
        Self::NotPaid,
        Self::OtherEvent,
    ];

    /// Its stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NullCustomer => "null_customer",
            Self::NullTime => "null_time",
            Self::NullEvent => "null_event",
            Self::NullAmount => "null_amount",
            Self::InfiniteAmount => "infinite_amount",
            Self::Cancelled => "cancelled",
            Self::NotPaid => "not_paid",
            Self::OtherEvent => "other_event",
        }
    }
}

/// Some rows and their money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many rows.
    pub rows: u64,
    /// Their exact sum.
    pub money: i128,
}

impl Count {
    /// Add a row.
    pub fn add(&mut self, rows: u64, money: i128) {
        self.rows += rows;
        self.money += money;
    }

    /// Add other rows.
    pub fn merge(&mut self, other: Self) {
        self.add(other.rows, other.money);
    }
}

/// What was read and what of it was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadStats {
    /// How many rows there were.
    pub read: u64,
    /// The rows left out, in the order of [`RejectReason::ALL`].
    pub left_out: [Count; REASONS],
    /// Nulls in the columns of numbers, which leave no row out.
    pub missing: Vec<u64>,
    first: [Option<u64>; REASONS],
    /// Rows without a customer, in a log that keeps them, and the first of them.
    guests: (u64, Option<u64>),
    /// Amounts that came as floats and are decimals of at most four places, and those that are not.
    pub floats: [u64; 2],
    /// Of refunds in a column: the first below zero, and the first above.
    signs: [Option<u64>; 2],
    /// Whether all keys, and all order numbers, are whole numbers written as text.
    pub(crate) whole_keys: bool,
    pub(crate) whole_orders: bool,
    size: u128,
    number_size: u128,
    /// The first and the last time among events that are not kept: they belong to what was observed.
    pub(crate) others: Option<(i64, i64)>,
}

impl ReadStats {
    pub(crate) fn new(numbers: usize) -> Self {
        Self {
            missing: vec![0; numbers],
            whole_keys: true,
            whole_orders: true,
            ..Self::default()
        }
    }

    /// Count a row; `money` is `None` where the amount is not finite.
    pub(crate) fn add(&mut self, row: u64, money: Option<i128>, reason: Option<RejectReason>) {
        let money = money.unwrap_or_default();
        self.read += 1;
        if let Some(reason) = reason {
            let count = &mut self.left_out[reason as usize];
            count.rows += 1;
            count.money = count.money.wrapping_add(money);
            self.first[reason as usize].get_or_insert(row);
        }
    }

    /// Count rows without money.
    pub(crate) fn add_reasons(&mut self, first_row: u64, reasons: &[Option<RejectReason>]) {
        self.read += reasons.len() as u64;
        for reason in RejectReason::ALL {
            let is = |of: &Option<RejectReason>| *of == Some(reason);
            if let Some(first) = reasons.iter().position(is) {
                self.left_out[reason as usize].rows += reasons.iter().filter(|of| is(of)).count() as u64;
                self.first[reason as usize].get_or_insert(first_row + first as u64);
            }
        }
    }

    /// Count rows of which none is left out.
    pub(crate) fn add_all(&mut self, rows: usize) {
        self.read += rows as u64;
    }

    /// Count a row without a customer that is kept.
    pub(crate) fn guest(&mut self, row: u64) {
        self.guests.0 += 1;
        self.guests.1.get_or_insert(row);
    }

    /// Note the sign of money given back.
    pub(crate) fn sign(&mut self, row: u64, refunded: f64) {
        if refunded.abs() > 0.0 {
            self.signs[usize::from(refunded > 0.0)].get_or_insert(row);
        }
    }

    /// Move rows that were used to those that are left out, once their orders are known.
    pub(crate) fn leave_out(&mut self, reason: RejectReason, count: Count) {
        self.left_out[reason as usize].merge(count);
    }

    /// Weigh numbers, of which sums are exact too.
    pub(crate) fn weigh(&mut self, value: f64) {
        self.number_size = self.number_size.saturating_add(ceil_abs(value));
    }

    /// Weigh amounts, those of rows that are left out too: whether their sum is exact depends on no order.
    pub(crate) fn add_magnitudes(&mut self, amounts: &Amounts) {
        let size = match amounts {
            Amounts::Float(values) => {
                for value in values.iter().filter(|value| value.is_finite()) {
                    self.floats[usize::from(decimal_count(*value).is_none())] += 1;
                }
                values.iter().map(|value| ceil_abs(*value)).sum()
            }
            Amounts::Exact(values) => values
                .iter()
                .fold(0u128, |size, value| size.saturating_add(value.unsigned_abs())),
        };
        self.size = self.size.saturating_add(size);
    }

    /// The same of amounts that all are hundredths.
    pub(crate) fn add_cents(&mut self, cents: &[i32]) {
        self.floats[0] += cents.len() as u64;
        let size: u64 = cents
            .iter()
            .map(|cents| u64::from(cents.unsigned_abs() / 100 + 1))
            .sum();
        self.size = self.size.saturating_add(u128::from(size));
    }

    /// An amount that no exact sum can hold.
    pub(crate) fn overflow(&mut self) {
        self.size = u128::MAX;
    }

    pub(crate) fn merge(&mut self, later: &Self) {
        self.read += later.read;
        for (ours, theirs) in self.left_out.iter_mut().zip(&later.left_out) {
            ours.rows += theirs.rows;
            ours.money = ours.money.wrapping_add(theirs.money);
        }
        for (ours, theirs) in self.first.iter_mut().zip(&later.first) {
            *ours = ours.or(*theirs);
        }
        for (ours, theirs) in self.missing.iter_mut().zip(&later.missing) {
            *ours += theirs;
        }
        self.whole_keys &= later.whole_keys;
        self.whole_orders &= later.whole_orders;
        self.guests = (self.guests.0 + later.guests.0, self.guests.1.or(later.guests.1));
        for (ours, theirs) in self.signs.iter_mut().zip(&later.signs) {
            *ours = ours.or(*theirs);
        }
        for (ours, theirs) in self.floats.iter_mut().zip(&later.floats) {
            *ours += theirs;
        }
        self.size = self.size.saturating_add(later.size);
        self.number_size = self.number_size.saturating_add(later.number_size);
        self.others = [self.others, later.others]
            .into_iter()
            .flatten()
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    }

    /// Refuse what the policies do not allow.
    pub(crate) fn check(&self, nulls: Nulls, unit: Option<MoneyUnit>) -> Result<()> {
        let limit = match unit {
            Some(MoneyUnit::Float) => LIMIT,
            _ => i128::MAX.unsigned_abs() / 2,
        };
        if self.size > limit {
            let most = if limit == LIMIT { "2^53" } else { "38 digits" };
            return Err(Error::Data(format!(
                "the amounts add up to more than {most} in size, beyond which money cannot be added exactly; look for a \
                 wrong amount, or give the amounts in a larger unit"
            )));
        }
        if self.number_size > LIMIT {
            return Err(Error::Data(
                "the numbers beside the amount add up to more than 2^53 in size, beyond which they cannot be added \
                 exactly; look for a wrong number"
                    .into(),
            ));
        }
        if let [Some(below), Some(above)] = self.signs {
            return Err(Error::Data(format!(
                "refunded=: the money given back is below zero in some rows (the first is row {below}) and above it in \
                 others (row {above}); write all of it with one sign"
            )));
        }
        if nulls == Nulls::Raise
            && let (guests, Some(row)) = self.guests
        {
            return Err(Error::Data(format!(
                "nulls=\"raise\": {guests} of {} rows have no customer, the first is row {row}; fix them, or type \
                 nulls=\"drop\" to keep them as guests",
                self.read
            )));
        }
        if nulls == Nulls::Raise {
            for reason in RejectReason::ALL
                .into_iter()
                .filter(|reason| *reason as usize <= RejectReason::InfiniteAmount as usize)
            {
                let Some(row) = self.first[reason as usize] else {
                    continue;
                };
                return Err(Error::Data(format!(
                    "nulls=\"raise\": {} of {} rows have {}, the first is row {row}; fix them, or type \
                     nulls=\"drop\" to leave them out and have them counted",
                    self.left_out[reason as usize].rows,
                    self.read,
                    match reason {
                        RejectReason::NullCustomer => "no customer",
                        RejectReason::NullTime => "no time",
                        RejectReason::NullEvent => "no event",
                        RejectReason::NullAmount => "no amount",
                        _ => "an infinite amount",
                    }
                )));
            }
        }
        Ok(())
    }
}

/// The size of an amount, rounded up to a whole number; of what is no number or infinite, nothing.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Less than 2⁶² and not negative.
fn ceil_abs(value: f64) -> u128 {
    if value.is_finite() {
        u128::from(value.abs() as u64 + 1)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hundredths_weigh_what_their_doubles_do(cents in prop::collection::vec(any::<i32>(), 0..300)) {
            let (mut doubles, mut hundredths) = (ReadStats::new(0), ReadStats::new(0));
            doubles.add_magnitudes(&Amounts::Float(cents.iter().map(|&cents| f64::from(cents) / 100.0).collect()));
            hundredths.add_cents(&cents);
            prop_assert_eq!((hundredths.size, hundredths.floats), (doubles.size, doubles.floats));
        }
    }
}
