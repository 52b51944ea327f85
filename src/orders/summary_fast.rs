//! Fast path of the per-customer summary, where rows are orders by themselves, all of them in the scope: most of what
//! is ever asked. No order is formed; a row with money below zero is a refund, any other a purchase.

use super::builder::Refunds;
use super::summary::{Days, Purchases, Refunded, SummaryPlan};
use crate::analysis::PartitionView;
use crate::columns::Amounts;

use crate::log::Partition;
use crate::money::exact;

/// Whether a partition can be folded so.
pub(super) fn applies(part: &PartitionView<'_>, plan: &SummaryPlan) -> bool {
    let inside = |(first, last)| first >= plan.scope.known.max(plan.scope.since) && last < plan.scope.until;
    let index = part.facts.index;
    let rows_are_orders = part.facts.roles.ids.is_empty()
        && index.refunded.is_none()
        && plan.refunds == Refunds::Net
        && plan.days == Days::Skip;
    rows_are_orders && part.partition.range().is_none_or(inside)
}

/// The purchases of every customer, and the refunds of those who have any.
pub(super) fn fold(partition: &Partition) -> (Vec<Purchases>, Vec<Refunded>) {
    match &partition.amount {
        Some(Amounts::Float(values)) => all(partition, |row| exact(values[row])),
        Some(Amounts::Exact(values)) => all(partition, |row| values[row]),
        None => all(partition, |_| 0),
    }
}

fn all(partition: &Partition, money: impl Fn(usize) -> i128) -> (Vec<Purchases>, Vec<Refunded>) {
    let mut refunds = Vec::new();
    let one = |(at, number)| {
        let (purchases, refunded) = of(partition, at, &money);
        if purchases.refunds > 0 {
            refunds.push((number, refunded));
        }
        purchases
    };
    let purchases = (0..partition.len()).zip(0..).map(one).collect();
    (purchases, refunds)
}

#[inline]
fn of(partition: &Partition, customer: usize, money: impl Fn(usize) -> i128) -> (Purchases, i128) {
    let mut refunded = 0;
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
            refunded += money;
        } else {
            to.orders += 1;
            to.first = to.first.min(time);
            to.last = to.last.max(time);
        }
    }
    to.rows = to.orders;
    (to, refunded)
}
