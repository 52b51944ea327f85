//! What real logs have and should not: rows without a customer or a time, rows twice, rows late.

use super::chance::{Chance, Purpose};
use super::rows::{NEVER, Stamped};
use crate::error::{Error, Result};

/// Shares of the rows of events and orders that are spoilt.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Dirt {
    /// Rows whose customer is null.
    pub null_customer: f64,
    /// Rows whose time is null.
    pub null_time: f64,
    /// Rows that stand there twice.
    pub duplicates: f64,
    /// Rows that stand at the end of the table, out of the order of time.
    pub late: f64,
}

impl Dirt {
    /// Refuse what is no share.
    ///
    /// # Errors
    /// If a share is not between 0 and 1.
    pub fn check(&self) -> Result<()> {
        let shares = [
            ("null_customer", self.null_customer),
            ("null_time", self.null_time),
            ("duplicates", self.duplicates),
            ("late", self.late),
        ];
        match shares.iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            None => Ok(()),
            Some((name, share)) => Err(Error::Argument(format!(
                "dirt: {name}={share} is no share of the rows; give a number from 0 to 1"
            ))),
        }
    }

    /// Spoil rows that are in the order of time. `table` sets tables apart.
    pub(super) fn spoil<T: Stamped>(&self, rows: Vec<T>, seed: u64, table: u32) -> Vec<T> {
        if *self == Self::default() {
            return rows;
        }
        let mut chance = Chance::new(seed, table, Purpose::Dirt);
        let (mut spoilt, mut late) = (Vec::with_capacity(rows.len() + rows.len() / 8), Vec::new());
        for mut row in rows {
            if chance.happens(self.null_customer) {
                row.stamp().customer = 0;
            }
            if chance.happens(self.null_time) {
                row.stamp().time = NEVER;
            }
            let copies = if chance.happens(self.duplicates) { 2 } else { 1 };
            let to = if chance.happens(self.late) {
                &mut late
            } else {
                &mut spoilt
            };
            to.extend(std::iter::repeat_n(row, copies));
        }
        spoilt.append(&mut late);
        spoilt
    }
}
