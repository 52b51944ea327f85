//! Orders with their lines, and the refunds of some.

use super::catalogue::{Catalogue, MARGINS};
use super::chance::{Chance, real};
use super::day::{END, whole_i64};
use super::person::{Person, place};
use super::purchases::Purchase;
use super::rows::{NO, OrderRow, Stamp};
use super::words::OrderStatus;
use crate::time::{DAY, SECOND};

/// Shipping fees and how often orders bear them.
pub(super) const FEES: [u8; 4] = [0, 5, 10, 15];
pub(super) const FEE_WEIGHTS: [f64; 4] = [0.4, 0.3, 0.2, 0.1];

const REFUNDED: f64 = 0.04;
const WITH_COUPON: f64 = 0.25;
const PAYMENT_WEIGHTS: [f64; 4] = [0.55, 0.25, 0.12, 0.08];

/// What an order is made of.
pub(super) struct Basket<'a> {
    pub(super) person: &'a Person,
    pub(super) order: u32,
    pub(super) fee: u8,
    pub(super) delivery: u8,
    pub(super) status: OrderStatus,
    pub(super) products: &'a [u32],
}

/// One to six products for an order.
pub(super) fn products(
    catalogue: &Catalogue,
    person: &Person,
    day: f64,
    plan: &super::ShopPlan,
    chance: &mut Chance,
) -> Vec<u32> {
    let count = (1 + chance.poisson(0.8)).min(6);
    let mut products: Vec<u32> = Vec::with_capacity(count);
    for _ in 0..count {
        let category = Catalogue::category(person, day, plan, chance);
        // Another one of the same category, where the order has it already.
        let mut product = catalogue.product(category, chance);
        while products.contains(&product) {
            product = catalogue.product(category, chance);
        }
        products.push(product);
    }
    products
}

/// Add the lines of an order that come to about `purchase.cents`: each to whole cents a piece.
pub(super) fn add_order(
    rows: &mut Vec<OrderRow>,
    basket: &Basket<'_>,
    purchase: Purchase,
    catalogue: &Catalogue,
    chance: &mut Chance,
) {
    let coupon = if chance.happens(WITH_COUPON) { 0 } else { NO };
    let payment = place(chance.pick(&PAYMENT_WEIGHTS));
    let levels: f64 = basket.products.iter().map(|product| catalogue.level(*product)).sum();
    for (number, &product) in basket.products.iter().enumerate() {
        let quantity = 1 + whole_i64(real(chance.successes(0.12)));
        let money = cents(purchase.cents) * catalogue.level(product) / levels;
        let kept = if coupon == NO { 1.0 } else { 0.9 };
        let price = whole_i64(money / (kept * cents(quantity)) + 0.5).max(1);
        let full = price * quantity;
        let discount = if coupon == NO { 0 } else { full / 10 };
        let amount = full - discount;
        let cost = whole_i64(cents(full) * (1.0 - MARGINS[product as usize / 1000 - 1]));
        rows.push(OrderRow {
            stamp: stamp(basket.person, purchase.time, rows.len()),
            order: basket.order,
            refund_of: 0,
            product,
            quantity,
            price,
            discount,
            amount,
            margin: amount - cost,
            status: basket.status,
            coupon,
            fee: if number == 0 { basket.fee } else { 0 },
            payment,
            delivery: basket.delivery,
        });
    }
}

/// Refund the order whose lines begin at `from`, sometimes; when, if so.
pub(super) fn maybe_refund(rows: &mut Vec<OrderRow>, from: usize, order: u32, chance: &mut Chance) -> Option<i64> {
    if !chance.happens(REFUNDED) {
        return None;
    }
    let lines: Vec<OrderRow> = rows[from..].to_vec();
    let time = lines.first()?.stamp.time + whole_i64(chance.between(3.0, 12.0) * 86_400.0) * SECOND;
    if time >= END {
        return None;
    }
    for line in &lines {
        let stamp = Stamp {
            time,
            sequence: line.stamp.sequence + sequence(lines.len()),
            ..line.stamp
        };
        rows.push(OrderRow {
            stamp,
            order,
            refund_of: line.order,
            quantity: -line.quantity,
            discount: -line.discount,
            amount: -line.amount,
            margin: -line.margin,
            status: OrderStatus::Refunded,
            fee: 0,
            delivery: NO,
            ..*line
        });
    }
    Some(time)
}

/// How many days an order takes to arrive: one to three, or four to nine.
pub(super) fn delivery(fast: bool, chance: &mut Chance) -> u8 {
    place(if fast { 1 + chance.below(3) } else { 4 + chance.below(6) })
}

pub(super) fn stamp(person: &Person, time: i64, number: usize) -> Stamp {
    Stamp {
        time,
        customer: person.id,
        sequence: sequence(number),
    }
}

/// The whole days of a number of microseconds, from 0.
pub(super) fn day_of(time: i64) -> f64 {
    let days = (time.div_euclid(DAY) - super::day::FIRST_DAY).max(0);
    real(usize::try_from(days).unwrap_or(0))
}

#[allow(clippy::cast_possible_truncation)] // A customer has a few hundred rows.
fn sequence(number: usize) -> u32 {
    number as u32
}

/// Cents as a double; ours are far below 2⁵³.
#[allow(clippy::cast_precision_loss)]
fn cents(value: i64) -> f64 {
    value as f64
}
