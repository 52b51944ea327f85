//! The whole shop, customer by customer.

use arrow::array::RecordBatch;

use super::care::{self, Drivers};
use super::catalogue::Catalogue;
use super::chance::{Chance, Purpose, real};
use super::day::{END, whole_i64};
use super::dirt::Dirt;
use super::lines::{Basket, FEE_WEIGHTS, FEES, add_order, day_of, delivery, maybe_refund, products};
use super::marketing::Totals;
use super::person::Person;
use super::purchases::{PlannedHistory, Process, Purchase};
use super::rows::{CareRow, EventRow, NO, OrderRow};
use super::tables;
use super::truth::{Planted, Size};
use super::visits::{PlannedSession, Reach, Visits, device};
use super::words::OrderStatus;
use crate::error::{Error, Result};
use crate::runtime::{self, Task};
use crate::time::SECOND;

/// Customers made by one task.
const CHUNK: u32 = 1024;
/// Keys are the customer's number times this, plus a number of its own.
pub(super) const OWN: i64 = 100_000;
/// Orders that are left unpaid, per order.
const UNPAID: f64 = 0.06;

/// What shop to make.
#[derive(Debug, Clone, PartialEq)]
pub struct ShopPlan {
    /// Registered customers.
    pub customers: u32,
    /// The same seed makes the same shop.
    pub seed: u64,
    /// Truths that are left out.
    pub without: Vec<Planted>,
    /// Shares of rows that are spoilt.
    pub dirt: Dirt,
    /// Days from a purchase to the next that are typical of all customers, in place of the purchase process.
    pub cycle: Option<f64>,
}

impl ShopPlan {
    /// How strong a truth is in this shop.
    pub(super) fn size(&self, size: Size) -> f64 {
        if self.without.contains(&size.truth) {
            size.healthy
        } else {
            size.planted
        }
    }
}

/// The tables of a shop.
#[derive(Debug, Clone, PartialEq)]
pub struct Shop {
    /// One row per customer.
    pub customers: RecordBatch,
    /// One row per event, in the order of time.
    pub events: RecordBatch,
    /// One row per order line, in the order of time.
    pub orders: RecordBatch,
    /// One row per month and channel or tier.
    pub spend: RecordBatch,
    /// One row per contact, in the order of time.
    pub after_sales: RecordBatch,
    /// What was planted: one row per number.
    pub truth: RecordBatch,
}

/// A customer for the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Customer {
    pub(super) person: Person,
    pub(super) plus: bool,
    /// One for each unit of money spent.
    pub(super) points: i64,
}

/// What some customers did.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) customers: Vec<Customer>,
    pub(super) events: Vec<EventRow>,
    pub(super) orders: Vec<OrderRow>,
    pub(super) care: Vec<CareRow>,
    pub(super) totals: Totals,
}

/// Make a shop.
///
/// # Errors
/// If no customers or too many are asked for, a share of dirt is none, or the caller asked to stop.
pub fn generate(plan: &ShopPlan, task: &Task) -> Result<Shop> {
    const MOST: u32 = 20_000_000;
    if plan.customers == 0 || plan.customers > MOST {
        let given = plan.customers;
        return Err(Error::Argument(format!(
            "customers={given}: give a number from 1 to {MOST}"
        )));
    }
    plan.dirt.check()?;
    let mut rows = all_rows(plan, task)?;
    runtime::sort(&mut rows.events, task)?;
    runtime::sort(&mut rows.orders, task)?;
    runtime::sort(&mut rows.care, task)?;
    rows.events = plan.dirt.spoil(rows.events, plan.seed, 1);
    rows.orders = plan.dirt.spoil(rows.orders, plan.seed, 2);
    tables::build(&rows, plan, task)
}

/// The rows of all customers, one customer after the other.
fn all_rows(plan: &ShopPlan, task: &Task) -> Result<Rows> {
    let (process, catalogue) = (Process::new()?, Catalogue::new(plan.seed)?);
    let chunks = plan.customers.div_ceil(CHUNK);
    let parts = runtime::map(chunks as usize, task, |chunk| {
        let first = u32::try_from(chunk).unwrap_or(0) * CHUNK;
        let mut rows = Rows::default();
        for id in first + 1..=(first + CHUNK).min(plan.customers) {
            customer(&mut rows, id, plan, &process, &catalogue);
        }
        // A session that the end of the data cuts.
        rows.events.retain(|row| row.stamp.time < END);
        Ok(rows)
    })?;
    let mut rows = Rows::default();
    for mut part in parts {
        rows.customers.append(&mut part.customers);
        rows.events.append(&mut part.events);
        rows.orders.append(&mut part.orders);
        rows.care.append(&mut part.care);
        rows.totals.add(&part.totals);
    }
    Ok(rows)
}

/// One customer, from registration to the last contact.
fn customer(rows: &mut Rows, id: u32, plan: &ShopPlan, process: &Process, catalogue: &Catalogue) {
    let chance = |purpose| Chance::new(plan.seed, id, purpose);
    let mut clock = chance(Purpose::Clock);
    let person = Person::new(id, &mut chance(Purpose::Person), &mut clock, plan);
    let history = process.history(&person, plan, &mut chance(Purpose::Purchases), &mut clock);
    rows.totals.count(&person, &history);
    let mut care = chance(Purpose::Care);
    let drivers = Drivers::new(history.again, plan, &mut care);
    rows.customers.push(Customer {
        person,
        plus: drivers.plus,
        points: history.purchases.iter().map(|purchase| purchase.cents / 100).sum(),
    });
    let visits = Visits {
        person: &person,
        plan,
        catalogue,
        rows: &mut rows.events,
        chance: chance(Purpose::Visits),
        inside: chance(Purpose::Sessions),
        clock,
        sessions: 0,
    };
    let mut buyer = Buyer {
        visits,
        orders: &mut rows.orders,
        care: &mut rows.care,
        chance: chance(Purpose::Orders),
        drawn: care,
        number: 0,
    };
    buyer.live(&history, drivers);
}

/// What one customer does, being written.
struct Buyer<'a> {
    visits: Visits<'a>,
    orders: &'a mut Vec<OrderRow>,
    care: &'a mut Vec<CareRow>,
    chance: Chance,
    drawn: Chance,
    number: u32,
}

impl Buyer<'_> {
    fn live(&mut self, history: &PlannedHistory, first: Drivers) {
        self.visits.register();
        self.visits.browse(history.active_until);
        if history.purchases.is_empty() {
            self.visits.leave_carts_for_good(history.active_until);
        }
        for (number, purchase) in history.purchases.iter().enumerate() {
            let drivers = if number == 0 {
                first
            } else {
                first.later(&mut self.drawn)
            };
            self.purchase(*purchase, drivers);
        }
        // One more chance, so that those who never buy have some too.
        let unpaid = UNPAID * real(1 + history.purchases.len());
        for _ in 0..self.chance.poisson(unpaid) {
            self.unpaid(history.active_until);
        }
    }

    /// An order that is paid: its lines, the session that led to it, carts left before it, what came after.
    fn purchase(&mut self, purchase: Purchase, drivers: Drivers) {
        let from = self.orders.len();
        let delivery = delivery(drivers.fast, &mut self.drawn);
        let order = self.order(purchase, OrderStatus::Completed, delivery, Reach::Pay);
        let refund = maybe_refund(self.orders, from, order + 1, &mut self.chance);
        self.number += u32::from(refund.is_some());
        care::add(
            self.care,
            self.visits.person,
            (order, purchase.time),
            drivers,
            refund,
            &mut self.drawn,
        );
    }

    /// An order that is placed and not paid, some time while the customer is active.
    fn unpaid(&mut self, until: f64) {
        let person = self.visits.person;
        let day = self.chance.between(person.day, until.max(person.day + 0.5));
        let time = self.visits.moment(day).max(person.registered + 10 * 60 * SECOND);
        let cents = whole_i64(10_000.0 * self.chance.normal(0.0, 0.5).exp());
        self.order(Purchase { time, cents }, OrderStatus::Cancelled, NO, Reach::Order);
    }

    fn order(&mut self, purchase: Purchase, status: OrderStatus, delivery: u8, reach: Reach) -> u32 {
        self.number += 1;
        let visits = &mut self.visits;
        let device = device(visits.person, &mut self.chance);
        let fee = FEES[self.chance.pick(&FEE_WEIGHTS)];
        let day = day_of(purchase.time);
        let products = products(visits.catalogue, visits.person, day, visits.plan, &mut self.chance);
        let basket = Basket {
            person: visits.person,
            order: self.number,
            fee,
            delivery,
            status,
            products: &products,
        };
        let from = self.orders.len();
        add_order(self.orders, &basket, purchase, visits.catalogue, &mut self.chance);
        let paid: Vec<(u32, i64)> = self.orders[from..]
            .iter()
            .map(|line| (line.product, line.amount))
            .collect();
        visits.session(
            purchase.time,
            &PlannedSession {
                device,
                fee,
                reach,
                products: &paid,
            },
        );
        if status == OrderStatus::Completed {
            visits.leave_carts(purchase.time, device, fee);
        }
        self.number
    }
}
