//! Totals: what the rows of each customer add up to, where rows are orders by themselves. They are found while rows are
//! read, so that an analysis that asks for no more needs no rows.

use std::sync::Arc;

/// The purchases of one customer in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchases {
    /// The first purchase that is known.
    pub first: i64,
    /// The last purchase that counts.
    pub last: i64,
    /// Orders that count.
    pub orders: u32,
    /// Days with an order that counts.
    pub days: u32,
    /// Rows of the orders that count.
    pub rows: u32,
    /// Orders that are refunds.
    pub refunds: u32,
    /// Net money: orders, refunds, and orders taken back.
    pub money: i128,
}

/// The money of a customer's refunds, negative. Few have any, and the purchases of all lie in memory together.
pub type Refunded = (u32, i128);

impl Default for Purchases {
    fn default() -> Self {
        Self {
            first: i64::MAX,
            last: i64::MIN,
            orders: 0,
            days: 0,
            rows: 0,
            refunds: 0,
            money: 0,
        }
    }
}

impl Purchases {
    /// Add a row that is an order by itself: with money below zero a refund, any other a purchase. Whether it is a refund.
    #[inline]
    pub fn add(&mut self, time: i64, money: i128) -> bool {
        self.money += money;
        if money < 0 {
            self.refunds += 1;
            return true;
        }
        self.orders += 1;
        self.rows += 1;
        self.first = self.first.min(time);
        self.last = self.last.max(time);
        false
    }

    /// Add what other rows of the customer add up to.
    pub fn merge(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.orders += other.orders;
        self.days += other.days;
        self.rows += other.rows;
        self.refunds += other.refunds;
        self.money += other.money;
    }
}

/// The totals of the customers of a partition, all of its rows counted.
#[derive(Debug, Clone)]
pub struct PartitionTotals {
    /// The first and the last time of a row.
    pub range: Option<(i64, i64)>,
    /// By customer.
    pub purchases: Arc<Vec<Purchases>>,
    /// In the order of the customers: those with refunds.
    pub refunded: Arc<Vec<Refunded>>,
}
