//! The fold of customers whose rows are orders by themselves, all of them in the scope: most of what is ever asked. No
//! order is formed; a row with money below zero is a refund, any other a purchase.

use super::log::Log;
use super::orders::Refunds;
use super::partition::Partition;
use super::scope::Scope;
use super::summary::{Days, Purchases};
use crate::columns::{Amounts, fixed};

/// Whether a partition can be folded so.
pub(super) fn applies(log: &Log, partition: &Partition, scope: Scope, refunds: Refunds, days: Days) -> bool {
    let inside = |(first, last)| first >= scope.known.max(scope.since) && last < scope.until;
    let plain = log.roles.ids.is_empty() && refunds == Refunds::Net && days == Days::Skip;
    plain && partition.range().is_none_or(inside)
}

/// The purchases of every customer.
pub(super) fn fold(partition: &Partition) -> Vec<Purchases> {
    let customers = 0..partition.len();
    match &partition.amount {
        Some(Amounts::Float(values)) => customers
            .map(|at| of(partition, at, |row| fixed(values[row])))
            .collect(),
        Some(Amounts::Exact(values)) => customers.map(|at| of(partition, at, |row| values[row])).collect(),
        None => customers.map(|at| of(partition, at, |_| 0)).collect(),
    }
}

#[inline]
fn of(partition: &Partition, customer: usize, money: impl Fn(usize) -> i128) -> Purchases {
    let mut to = Purchases {
        first: i64::MAX,
        last: i64::MIN,
        ..Purchases::default()
    };
    for row in partition.rows(customer) {
        let (time, money) = (partition.time[row], money(row));
        to.money += money;
        if money < 0 {
            to.refunds += 1;
            to.refunded += money;
        } else {
            to.orders += 1;
            to.first = to.first.min(time);
            to.last = to.last.max(time);
        }
    }
    to.rows = to.orders;
    to
}
