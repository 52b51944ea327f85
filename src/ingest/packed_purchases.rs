//! Packed purchases: what packed rows add up to, in few bytes a customer. The customers of a partition are met in no order,
//! and what is known of them should stay in a near cache.

use super::repeats::repeats;
use crate::log::Purchases;
use crate::money::exact_cents;
use crate::packed::{Seconds, Width};

/// The purchases of each customer; none before there is one.
#[derive(Default)]
pub(super) struct PackedPurchases(Vec<Sum>);

/// The purchases of one customer.
#[derive(Clone, Copy)]
struct Sum {
    first: i64,
    last: i64,
    /// Fewer than 2³² rows of less than 2³¹ each.
    cents: i64,
    orders: u32,
}

const NOTHING: Sum = Sum {
    first: i64::MAX,
    last: i64::MIN,
    cents: 0,
    orders: 0,
};

impl Sum {
    #[inline]
    fn add(&mut self, time: i64, cents: i32) {
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        self.cents += i64::from(cents);
        self.orders += 1;
    }
}

impl PackedPurchases {
    /// Add the rows of so many customers that are purchases; which rows are refunds.
    pub(super) fn add(
        &mut self,
        codes: &[u32],
        (base, seconds): (i64, &[u32]),
        cents: &[i32],
        customers: usize,
    ) -> Vec<usize> {
        self.0.resize(customers, NOTHING);
        let time = |row: usize| Seconds::widen(seconds[row], base);
        let mut refunds = Vec::new();
        if !repeats(codes) {
            for (row, (&customer, &cents)) in codes.iter().zip(cents).enumerate() {
                if cents < 0 {
                    refunds.push(row);
                } else {
                    self.0[customer as usize].add(time(row), cents);
                }
            }
            return refunds;
        }
        // Most rows are of the customer of the row before, whose purchases then stay in registers.
        let mut start = 0;
        for same in codes.chunk_by(|a, b| a == b) {
            let mut sum = self.0[same[0] as usize];
            for (row, &cents) in (start..).zip(&cents[start..start + same.len()]) {
                if cents < 0 {
                    refunds.push(row);
                } else {
                    sum.add(time(row), cents);
                }
            }
            self.0[same[0] as usize] = sum;
            start += same.len();
        }
        refunds
    }

    /// The first and the last time.
    pub(super) fn range(&self) -> Option<(i64, i64)> {
        let known = self.0.iter().filter(|sum| sum.orders > 0);
        known
            .map(|sum| (sum.first, sum.last))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Add what was found to what else is known of the customers.
    pub(super) fn add_to(&self, purchases: &mut [Purchases]) {
        for (to, sum) in purchases.iter_mut().zip(&self.0) {
            to.merge(&Purchases {
                first: sum.first,
                last: sum.last,
                orders: sum.orders,
                rows: sum.orders,
                money: exact_cents(sum.cents),
                ..Purchases::default()
            });
        }
    }
}
