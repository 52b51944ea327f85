//! Customers with a purchase, column by column, in the order of their keys.

use arrow::buffer::ScalarBuffer;

use super::plan::{Frequency, Plan};
use crate::analysis::Context;
use crate::error::Result;
use crate::log::{CustomerIndex, Facts, Purchases};
use crate::orders::Summary;
use crate::runtime;
use crate::time::Calendar;

/// Customers worked on by one task.
pub(super) const CHUNK: usize = 1 << 15;
/// Customers whose purchases are fetched together.
const BLOCK: usize = 256;

/// One entry per customer in each list. Lists that are columns of the result are shared with it.
#[derive(Debug)]
pub struct Buyers {
    /// Who.
    pub places: Vec<CustomerIndex>,
    /// The first purchase that is known.
    pub first: ScalarBuffer<i64>,
    /// The last purchase.
    pub last: ScalarBuffer<i64>,
    /// Days since the last order.
    pub recency: ScalarBuffer<i64>,
    /// Orders, days or rows.
    pub frequency: ScalarBuffer<i64>,
    /// Net money.
    pub total: ScalarBuffer<f64>,
    /// Net money per order.
    pub mean: ScalarBuffer<f64>,
    /// The money of the refunds.
    pub refund_amount: ScalarBuffer<f64>,
    /// Orders that are refunds.
    pub refunds: ScalarBuffer<i64>,
}

/// The lists while they are written.
struct Lists {
    places: Vec<CustomerIndex>,
    first: Vec<i64>,
    last: Vec<i64>,
    recency: Vec<i64>,
    frequency: Vec<i64>,
    money: Vec<i128>,
    total: Vec<f64>,
    mean: Vec<f64>,
    refund_amount: Vec<f64>,
    refunds: Vec<i64>,
}

/// The same lists of some customers, to be written.
struct Slots<'a> {
    places: &'a mut [CustomerIndex],
    first: &'a mut [i64],
    last: &'a mut [i64],
    recency: &'a mut [i64],
    frequency: &'a mut [i64],
    money: &'a mut [i128],
    total: &'a mut [f64],
    mean: &'a mut [f64],
    refund_amount: &'a mut [f64],
    refunds: &'a mut [i64],
}

impl Buyers {
    /// Of the customers of a log, those with a purchase. Each task writes its own part of the lists, so that new memory
    /// is touched by all threads, and once. Their exact money comes beside them, as it is needed for a while only.
    pub(super) fn new(plan: &Plan, summary: &Summary, context: &Context<'_>) -> Result<(Self, Vec<i128>)> {
        let facts = context.facts;
        let order = context.population.sorted_by_key(context.task)?;
        let mut lists = Lists::zeroed(order.len());
        let kept = runtime::each(lists.slots(), context.task, |at, mut to: Slots<'_>| {
            let mut calendar = Calendar::new(&facts.zone);
            let mut kept = 0;
            for places in order[at * CHUNK..order.len().min((at + 1) * CHUNK)].chunks(BLOCK) {
                // The purchases lie all over memory: fetched together, they are waited for together.
                let purchases: Vec<Purchases> = places.iter().map(|place| *summary.of(*place)).collect();
                for (place, purchases) in places.iter().zip(&purchases).filter(|(_, of)| of.orders > 0) {
                    to.set(kept, *place, purchases, facts, plan, &mut calendar);
                    if purchases.refunds > 0 {
                        to.refund_amount[kept] = facts.unit.to_f64(-summary.refunded(*place));
                    }
                    kept += 1;
                }
            }
            Ok(kept)
        })?;
        lists.close_gaps(&kept);
        Ok(lists.done())
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
}

impl Lists {
    fn zeroed(count: usize) -> Self {
        Self {
            places: vec![(0, 0); count],
            first: vec![0; count],
            last: vec![0; count],
            recency: vec![0; count],
            frequency: vec![0; count],
            money: vec![0; count],
            total: vec![0.0; count],
            mean: vec![0.0; count],
            refund_amount: vec![0.0; count],
            refunds: vec![0; count],
        }
    }

    fn done(self) -> (Buyers, Vec<i128>) {
        let buyers = Buyers {
            places: self.places,
            first: self.first.into(),
            last: self.last.into(),
            recency: self.recency.into(),
            frequency: self.frequency.into(),
            total: self.total.into(),
            mean: self.mean.into(),
            refund_amount: self.refund_amount.into(),
            refunds: self.refunds.into(),
        };
        (buyers, self.money)
    }

    fn slots(&mut self) -> Vec<Slots<'_>> {
        let places = self.places.chunks_mut(CHUNK);
        let times = self.first.chunks_mut(CHUNK).zip(self.last.chunks_mut(CHUNK));
        let counts = self.recency.chunks_mut(CHUNK).zip(self.frequency.chunks_mut(CHUNK));
        let money = self
            .money
            .chunks_mut(CHUNK)
            .zip(self.total.chunks_mut(CHUNK))
            .zip(self.mean.chunks_mut(CHUNK));
        let refunds = self.refund_amount.chunks_mut(CHUNK).zip(self.refunds.chunks_mut(CHUNK));
        let all = places.zip(times).zip(counts).zip(money).zip(refunds);
        let slots =
            |((((places, (first, last)), (recency, frequency)), ((money, total), mean)), (refund_amount, refunds))| {
                Slots {
                    places,
                    first,
                    last,
                    recency,
                    frequency,
                    money,
                    total,
                    mean,
                    refund_amount,
                    refunds,
                }
            };
        all.map(slots).collect()
    }

    /// Move the parts together where customers without a purchase left room.
    fn close_gaps(&mut self, kept: &[usize]) {
        fn close<T: Copy>(list: &mut Vec<T>, kept: &[usize]) {
            let mut end = 0;
            for (part, kept) in kept.iter().enumerate() {
                list.copy_within(part * CHUNK..part * CHUNK + kept, end);
                end += kept;
            }
            list.truncate(end);
        }
        if kept.iter().sum::<usize>() == self.places.len() {
            return;
        }
        close(&mut self.places, kept);
        close(&mut self.first, kept);
        close(&mut self.last, kept);
        close(&mut self.recency, kept);
        close(&mut self.frequency, kept);
        close(&mut self.money, kept);
        close(&mut self.total, kept);
        close(&mut self.mean, kept);
        close(&mut self.refund_amount, kept);
        close(&mut self.refunds, kept);
    }
}

impl Slots<'_> {
    fn set(
        &mut self,
        at: usize,
        place: CustomerIndex,
        purchases: &Purchases,
        facts: &Facts,
        plan: &Plan,
        calendar: &mut Calendar<'_>,
    ) {
        let total = facts.unit.to_f64(purchases.money);
        self.places[at] = place;
        self.first[at] = purchases.first;
        self.last[at] = purchases.last;
        self.recency[at] = plan.summary.scope.last_day - calendar.day(purchases.last);
        self.frequency[at] = i64::from(match plan.frequency {
            Frequency::Orders => purchases.orders,
            Frequency::Days => purchases.days,
            Frequency::Rows => purchases.rows,
        });
        self.money[at] = purchases.money;
        self.total[at] = total;
        self.mean[at] = total / f64::from(purchases.orders);
        // Few have any: memory that is zero is not touched.
        if purchases.refunds > 0 {
            self.refunds[at] = i64::from(purchases.refunds);
        }
    }
}
