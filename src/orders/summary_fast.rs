//! Fast path of the per-customer summary, where rows are orders by themselves, all of them in the scope: most of what
//! is ever asked. No order is formed; a row with money below zero is a refund, any other a purchase.

use super::builder::Refunds;
use super::summary::{Days, SummaryPlan};
use crate::columns::Amounts;

use crate::log::{Facts, Partition, Purchases, Refunded};
use crate::money::exact;

/// Whether a partition whose rows lie in a range of time can be folded so.
pub(super) fn applies(facts: &Facts, range: Option<(i64, i64)>, plan: &SummaryPlan) -> bool {
    let inside = |(first, last)| first >= plan.scope.known.max(plan.scope.since) && last < plan.scope.until;
    let rows_are_orders = facts.roles.ids.is_empty()
        && facts.index.refunded.is_none()
        && plan.refunds == Refunds::Net
        && plan.days == Days::Skip;
    rows_are_orders && range.is_none_or(inside)
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
    let (mut to, mut refunded) = (Purchases::default(), 0);
    for row in partition.rows(customer) {
        let money = money(row);
        if to.add(partition.time[row], money) {
            refunded += money;
        }
    }
    (to, refunded)
}
