//! What each customer's purchases amount to, whatever order they arrive in.

use crate::error::Result;
use crate::runtime::{self, Task};
use crate::time::Calendar;

use super::builder::{Kind, OrderBuilder, Refunds};
use super::summary_fast;
use crate::log::Count;
use crate::log::Log;
use crate::log::Scope;

/// The purchases of one customer in a scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// The purchases of all customers, and what the scope left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// By partition and customer; those without a purchase have no orders.
    pub purchases: Vec<Vec<Purchases>>,
    /// By partition, in the order of the customers: those with refunds.
    pub refunded: Vec<Vec<Refunded>>,
    /// Their net money.
    pub money: i128,
    /// Rows before what is known, in orders that are left out.
    pub unknown: Count,
    /// Rows of orders that are known but not counted.
    pub before: Count,
    /// Rows beyond the scope.
    pub after: Count,
    /// Rows of refunds that were dropped.
    pub dropped: Count,
    /// Rows that refund an order which their customer does not have.
    pub unmatched: u64,
    /// Customers with an order in the scope, none of them a purchase.
    pub without_purchase: u64,
    /// Spells that ended in another order, by length in days; orders of one day are one.
    pub returned: Vec<u64>,
    /// Spells that had not ended when the scope did, by length in days.
    pub waiting: Vec<u64>,
}

/// How much of the days is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// None of them.
    Skip,
    /// Their number, and the spells between them.
    Count,
}

/// Summarise every customer.
///
/// # Errors
/// If the caller asked to stop.
pub fn summarize(log: &Log, scope: Scope, refunds: Refunds, days: Days, task: &Task) -> Result<Summary> {
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        if summary_fast::applies(log, partition, scope, refunds, days) {
            let (purchases, refunded) = summary_fast::fold(partition);
            return Ok(Summary {
                // Each has a row in the scope, and so an order or a refund.
                without_purchase: purchases.iter().filter(|of| of.orders == 0).count() as u64,
                money: purchases.iter().map(|of| of.money).sum(),
                purchases: vec![purchases],
                refunded: vec![refunded],
                ..Summary::default()
            });
        }
        let former = OrderBuilder::new(log, partition, refunds, scope.until, None);
        let mut part = Part {
            summary: Summary::default(),
            scope,
            count: days,
            days: Vec::new(),
            refunded: Vec::new(),
        };
        let purchases = part.run(former, log, partition.len());
        part.summary.money = purchases.iter().map(|of| of.money).sum();
        part.summary.purchases = vec![purchases];
        part.summary.refunded = vec![std::mem::take(&mut part.refunded)];
        Ok(part.summary)
    })?;
    Ok(parts.into_iter().fold(Summary::default(), Summary::merge))
}

impl Summary {
    /// The purchases of a customer.
    #[must_use]
    pub fn of(&self, (partition, customer): (u32, u32)) -> &Purchases {
        &self.purchases[partition as usize][customer as usize]
    }

    /// The money of a customer's refunds, negative.
    #[must_use]
    pub fn refunded(&self, (partition, customer): (u32, u32)) -> i128 {
        let some = &self.refunded[partition as usize];
        some.binary_search_by_key(&customer, |of| of.0)
            .map_or(0, |at| some[at].1)
    }

    fn merge(mut self, mut next: Self) -> Self {
        self.purchases.append(&mut next.purchases);
        self.refunded.append(&mut next.refunded);
        self.money += next.money;
        self.unknown.merge(next.unknown);
        self.before.merge(next.before);
        self.after.merge(next.after);
        self.dropped.merge(next.dropped);
        self.unmatched += next.unmatched;
        self.without_purchase += next.without_purchase;
        add(&mut self.returned, &next.returned);
        add(&mut self.waiting, &next.waiting);
        self
    }
}

fn add(to: &mut Vec<u64>, counts: &[u64]) {
    to.resize(to.len().max(counts.len()), 0);
    for (to, count) in to.iter_mut().zip(counts) {
        *to += count;
    }
}

/// One partition being summarised.
struct Part {
    summary: Summary,
    scope: Scope,
    count: Days,
    days: Vec<i64>,
    refunded: Vec<Refunded>,
}

impl Part {
    fn run(&mut self, mut former: OrderBuilder<'_>, log: &Log, customers: usize) -> Vec<Purchases> {
        let mut calendar = Calendar::new(&log.zone);
        let mut purchases = Vec::with_capacity(customers);
        for customer in 0..customers {
            purchases.push(self.customer(&mut former, customer, &mut calendar));
            self.spells();
        }
        self.summary.after = former.after;
        self.summary.dropped = former.dropped;
        self.summary.unmatched = former.unmatched;
        purchases
    }

    fn customer(&mut self, former: &mut OrderBuilder<'_>, customer: usize, calendar: &mut Calendar<'_>) -> Purchases {
        let mut to = Purchases {
            first: i64::MAX,
            last: i64::MIN,
            ..Purchases::default()
        };
        self.days.clear();
        let dropped = former.dropped.rows;
        let (mut seen, mut refunded) = (false, 0);
        for order in former.orders(customer) {
            let rows = u64::from(order.rows);
            if order.time < self.scope.known {
                self.summary.unknown.add(rows, order.money);
                continue;
            }
            let bought = order.kind == Kind::Purchase;
            if bought {
                to.first = to.first.min(order.time);
            }
            if order.time < self.scope.since {
                self.summary.before.add(rows, order.money);
                continue;
            }
            seen = true;
            to.money += order.money;
            if bought {
                to.last = to.last.max(order.time);
                to.orders += 1;
                to.rows += order.rows;
                if self.count == Days::Count {
                    self.days.push(calendar.day(order.time));
                }
            } else if order.kind == Kind::Refund {
                to.refunds += 1;
                refunded += order.money;
            }
        }
        if to.refunds > 0 {
            self.refunded
                .push((u32::try_from(customer).unwrap_or(u32::MAX), refunded));
        }
        let idle = to.orders == 0 && (seen || former.dropped.rows > dropped);
        self.summary.without_purchase += u64::from(idle);
        self.days.sort_unstable();
        self.days.dedup();
        to.days = u32::try_from(self.days.len()).unwrap_or(u32::MAX);
        to
    }

    /// Count the times between the customer's days, and the time since the last of them.
    fn spells(&mut self) {
        for pair in self.days.windows(2) {
            count(&mut self.summary.returned, pair[1] - pair[0]);
        }
        if let Some(last) = self.days.last() {
            count(&mut self.summary.waiting, self.scope.last_day - last);
        }
    }
}

fn count(to: &mut Vec<u64>, days: i64) {
    let days = usize::try_from(days).unwrap_or_default();
    if to.len() <= days {
        to.resize(days + 1, 0);
    }
    to[days] += 1;
}
