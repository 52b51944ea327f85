//! Fast path of the per-customer summary, where rows are orders by themselves: most of what is ever asked. No order is
//! formed; a row with money below zero is a refund, any other a purchase.

use std::sync::Arc;

use super::builder::Refunds;
use super::summary::{Days, Summary, SummaryPlan};
use crate::analysis::PartitionView;
use crate::columns::Amounts;

use crate::log::{Facts, Partition, Purchases, Refunded, Scope};
use crate::money::exact;

/// Whether rows are orders, and no more is asked than what each adds to its customer.
pub(super) fn rows_are_orders(facts: &Facts, plan: &SummaryPlan) -> bool {
    facts.roles.ids.is_empty() && facts.index.refunded.is_none() && asks_totals(plan)
}

/// Whether no more is asked than what all orders of each customer add up to.
fn asks_totals(plan: &SummaryPlan) -> bool {
    plan.refunds == Refunds::Net && plan.days == Days::Skip
}

/// Whether that is so of a partition whose rows lie in a range of time, all of them in the scope.
pub(super) fn all_inside(range: Option<(i64, i64)>, plan: &SummaryPlan) -> bool {
    let inside = |(first, last)| first >= plan.scope.known.max(plan.scope.since) && last < plan.scope.until;
    asks_totals(plan) && range.is_none_or(inside)
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

/// Add the customers of a partition of which some rows lie beyond the scope.
pub(super) fn fold_within(part: &PartitionView<'_>, scope: Scope, state: &mut Summary) {
    match &part.partition.amount {
        Some(Amounts::Float(values)) => all_within(part, scope, state, |row| exact(values[row])),
        Some(Amounts::Exact(values)) => all_within(part, scope, state, |row| values[row]),
        None => all_within(part, scope, state, |_| 0),
    }
}

fn all_within(part: &PartitionView<'_>, scope: Scope, state: &mut Summary, money: impl Fn(usize) -> i128) {
    let partition = part.partition;
    let (mut purchases, mut refunded) = (Vec::with_capacity(partition.len()), Vec::new());
    for (at, number) in (0..partition.len()).zip(0..) {
        // Totals tell no time of a refund; most customers have none.
        let known = part.totals.map(|totals| &totals.purchases[at]);
        let inside =
            |of: &&Purchases| of.refunds == 0 && of.first >= scope.known.max(scope.since) && of.last < scope.until;
        let of = if let Some(of) = known.filter(inside) {
            *of
        } else {
            let (of, back) = within(partition, at, scope, state, &money);
            if of.refunds > 0 {
                refunded.push((number, back));
            }
            of
        };
        purchases.push(of);
    }
    state.push(Arc::new(purchases), Arc::new(refunded));
}

/// The purchases of one customer in the scope, and the money of his refunds; what lies beyond it is counted.
#[inline]
fn within(
    partition: &Partition,
    customer: usize,
    scope: Scope,
    state: &mut Summary,
    money: impl Fn(usize) -> i128,
) -> (Purchases, i128) {
    let (mut to, mut refunded) = (Purchases::default(), 0);
    let mut earliest = i64::MAX;
    for row in partition.rows(customer) {
        let (time, money) = (partition.time[row], money(row));
        if time >= scope.until {
            state.after.add(1, money);
        } else if time < scope.known {
            state.unknown.add(1, money);
        } else if time < scope.since {
            state.before.add(1, money);
            if money >= 0 {
                earliest = earliest.min(time);
            }
        } else if to.add(time, money) {
            refunded += money;
        }
    }
    state.without_purchase += u64::from(to.orders == 0 && to.refunds > 0);
    // A purchase before the period is the first of its customer all the same.
    to.first = to.first.min(earliest);
    (to, refunded)
}
