//! What is known of each customer who bought, in the order of their keys.

use super::model::{Frequency, Plan};
use crate::columns::Calendar;
use crate::customers::{Log, Place, Purchases, Summary};
use crate::error::Result;
use crate::parallel::{self, Task};

/// Customers worked on by one task.
pub(super) const CHUNK: usize = 1 << 15;

/// One entry per customer in each list.
#[derive(Debug, Default)]
pub struct Buyers {
    /// Who.
    pub places: Vec<Place>,
    /// The first purchase that is known.
    pub first: Vec<i64>,
    /// The last purchase.
    pub last: Vec<i64>,
    /// Days since the last order.
    pub recency: Vec<i64>,
    /// Orders, days or rows.
    pub frequency: Vec<i64>,
    /// Net money, exact.
    pub money: Vec<i128>,
    /// Net money.
    pub total: Vec<f64>,
    /// Net money per order.
    pub mean: Vec<f64>,
    /// The money of the refunds, negative.
    pub refunded: Vec<i128>,
    /// Orders that are refunds.
    pub refunds: Vec<u32>,
}

impl Buyers {
    /// Of the customers of a log, those with a purchase.
    pub(super) fn new(log: &Log, plan: &Plan, summary: &Summary, task: &Task) -> Result<Self> {
        let order = log.in_order(task)?;
        let parts = parallel::map(order.len().div_ceil(CHUNK), task, |at| {
            let mut calendar = Calendar::new(&log.zone);
            let mut to = Self::default();
            for &place in order[at * CHUNK..].iter().take(CHUNK) {
                let purchases = summary.of(place);
                if purchases.orders > 0 {
                    to.push(place, purchases, log, plan, &mut calendar);
                }
            }
            Ok(to)
        })?;
        Self::join(parts)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn push(&mut self, place: Place, purchases: &Purchases, log: &Log, plan: &Plan, calendar: &mut Calendar<'_>) {
        let total = log.unit.to_f64(purchases.money);
        self.places.push(place);
        self.first.push(purchases.first);
        self.last.push(purchases.last);
        self.recency.push(plan.scope.last_day - calendar.day(purchases.last));
        self.frequency.push(i64::from(match plan.frequency {
            Frequency::Orders => purchases.orders,
            Frequency::Days => purchases.days,
            Frequency::Rows => purchases.rows,
        }));
        self.money.push(purchases.money);
        self.total.push(total);
        self.mean.push(total / f64::from(purchases.orders));
        self.refunded.push(purchases.refunded);
        self.refunds.push(purchases.refunds);
    }

    fn join(mut parts: Vec<Self>) -> Result<Self> {
        macro_rules! joined {
            ($field:ident) => {
                parallel::concat(
                    parts
                        .iter_mut()
                        .map(|part| std::mem::take(&mut part.$field))
                        .collect(),
                )?
            };
        }
        Ok(Self {
            places: joined!(places),
            first: joined!(first),
            last: joined!(last),
            recency: joined!(recency),
            frequency: joined!(frequency),
            money: joined!(money),
            total: joined!(total),
            mean: joined!(mean),
            refunded: joined!(refunded),
            refunds: joined!(refunds),
        })
    }
}
