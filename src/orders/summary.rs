//! Per-customer summary (accumulator): orders, days, money, first and last purchase.

use std::sync::Arc;

use crate::analysis::{Analysis, Context, Customer, PartitionView, fold_all, fold_guests};
use crate::error::Result;
use crate::runtime::{self, Task};
use crate::time::Calendar;

use super::builder::{OrderBuilder, OrderKind, Refunds};
use super::summary_fast;
use crate::log::{Count, Log, PartitionTotals, Purchases, Refunded, Scope, View};
use crate::params::options;

/// The purchases of all customers, and what the scope left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// By partition and customer; those without a purchase have no orders.
    pub purchases: Vec<Arc<Vec<Purchases>>>,
    /// By partition, in the order of the customers: those with refunds.
    pub refunded: Vec<Arc<Vec<Refunded>>>,
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

/// Which orders are summarised, and how.
#[derive(Debug, Clone, Copy)]
pub struct SummaryPlan {
    /// Which orders.
    pub scope: Scope,
    /// What to do with refunds.
    pub refunds: Refunds,
    /// How much of the days is wanted.
    pub days: Days,
}

/// Summarise every customer of a log.
///
/// # Errors
/// If the caller asked to stop.
pub fn summarize(log: &Log, plan: &SummaryPlan, task: &Task) -> Result<Summary> {
    fold_all(plan, log, task)
}

/// Summarise the orders of guests, as if of one customer.
///
/// # Errors
/// If they cannot be read.
pub fn summarize_guests(log: &Log, plan: &SummaryPlan) -> Result<Summary> {
    fold_guests(plan, log)
}

impl Analysis for SummaryPlan {
    const NAME: &'static str = "summary";
    const PER_CUSTOMER: bool = true;

    type Options = SummaryOptions;
    type State = Summary;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Summary;

    fn plan(options: SummaryOptions, view: &View) -> Result<Self> {
        Ok(Self {
            scope: view.scope(None, None)?,
            refunds: options.refunds,
            days: Days::Skip,
        })
    }

    fn start(&self) -> Summary {
        Summary::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            calendar: Calendar::new(&part.facts.zone),
            days: Vec::new(),
            purchases: Vec::with_capacity(part.partition.len()),
            refunded: Vec::new(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        state: &mut Summary,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let purchases = self.customer(customer.index.1, scratch, state)?;
        scratch.purchases.push(purchases);
        self.spells(&scratch.days, state);
        Ok(())
    }

    fn fold_partition<'a>(
        &'a self,
        part: &PartitionView<'a>,
        state: &mut Summary,
        mut rows: Option<&mut ()>,
    ) -> Result<()> {
        let rows_are_orders = summary_fast::rows_are_orders(part.facts, self);
        if rows_are_orders && summary_fast::all_inside(part.partition.range(), self) {
            let (purchases, refunded) = summary_fast::fold(part.partition);
            state.push_all(Arc::new(purchases), Arc::new(refunded));
            return Ok(());
        }
        if rows_are_orders {
            summary_fast::fold_within(part, self.scope, state);
            return Ok(());
        }
        let mut scratch = self.scratch(part);
        for customer in part.customers() {
            self.fold(&customer, &mut scratch, state, rows.as_deref_mut())?;
        }
        self.end_partition(scratch, state);
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Summary) {
        state.after.merge(scratch.builder.after);
        state.dropped.merge(scratch.builder.dropped);
        state.unmatched += scratch.builder.unmatched;
        state.push(Arc::new(scratch.purchases), Arc::new(scratch.refunded));
    }

    fn fold_totals(&self, totals: &PartitionTotals) -> Option<Summary> {
        summary_fast::all_inside(totals.range, self).then(|| {
            let mut state = self.start();
            state.push_all(totals.purchases.clone(), totals.refunded.clone());
            state
        })
    }

    fn finish(&self, state: Summary, _: &Context<'_>) -> Result<Summary> {
        Ok(state)
    }
}

options! {
    /// What is asked for.
    pub struct SummaryOptions {
        /// What to do with refunds.
        pub refunds: Refunds,
    }
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

    /// Add the purchases of a chunk of customers, of whom each has a row in the scope, and so an order or a refund.
    fn push_all(&mut self, purchases: Arc<Vec<Purchases>>, refunded: Arc<Vec<Refunded>>) {
        self.without_purchase += purchases.iter().filter(|of| of.orders == 0).count() as u64;
        self.push(purchases, refunded);
    }

    /// Add the purchases of a chunk of customers.
    pub(super) fn push(&mut self, purchases: Arc<Vec<Purchases>>, refunded: Arc<Vec<Refunded>>) {
        self.money += purchases.iter().map(|of| of.money).sum::<i128>();
        self.purchases.push(purchases);
        self.refunded.push(refunded);
    }
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    /// The days with an order of the customer at hand.
    days: Vec<i64>,
    purchases: Vec<Purchases>,
    refunded: Vec<Refunded>,
}

impl SummaryPlan {
    fn customer(&self, customer: u32, scratch: &mut Scratch<'_>, state: &mut Summary) -> Result<Purchases> {
        let Scratch {
            builder,
            calendar,
            days,
            refunded: refunds,
            ..
        } = scratch;
        let mut to = Purchases::default();
        days.clear();
        let dropped = builder.dropped.rows;
        let (mut seen, mut refunded) = (false, 0);
        for order in builder.orders(customer as usize)? {
            let rows = u64::from(order.rows);
            if order.time < self.scope.known {
                state.unknown.add(rows, order.money);
                continue;
            }
            let bought = order.kind == OrderKind::Purchase;
            if bought {
                to.first = to.first.min(order.time);
            }
            if order.time < self.scope.since {
                state.before.add(rows, order.money);
                continue;
            }
            seen = true;
            to.money += order.money;
            if bought {
                to.last = to.last.max(order.time);
                to.orders += 1;
                to.rows += order.rows;
                if self.days == Days::Count {
                    days.push(calendar.day(order.time));
                }
            } else if order.kind == OrderKind::Refund {
                to.refunds += 1;
                refunded += order.money;
            }
        }
        if to.refunds > 0 {
            refunds.push((customer, refunded));
        }
        let idle = to.orders == 0 && (seen || builder.dropped.rows > dropped);
        state.without_purchase += u64::from(idle);
        runtime::sort_by(days, Ord::cmp)?;
        days.dedup();
        to.days = u32::try_from(days.len()).unwrap_or(u32::MAX);
        Ok(to)
    }

    /// Count the times between the customer's days, and the time since the last of them.
    fn spells(&self, days: &[i64], state: &mut Summary) {
        for pair in days.windows(2) {
            count(&mut state.returned, pair[1] - pair[0]);
        }
        if let Some(last) = days.last() {
            count(&mut state.waiting, self.scope.last_day - last);
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
