//! What customers say after a sale, and what goes with buying again.
//!
//! Odds ratios are planted backwards: each feature is drawn given whether the customer bought again, apart from the
//! others, with its odds multiplied by the ratio among those who did. By Bayes' rule a joint logistic regression of
//! buying again on the features then has exactly these odds ratios, and the purchases stay as their process made them.

use super::chance::Chance;
use super::day::{END, whole_i64};
use super::generate::ShopPlan;
use super::lines::stamp;
use super::person::{Person, place};
use super::rows::{CareRow, NO};
use super::truth::{DELIVERY_DRIVER, LEVEL_DRIVER, RATING_DRIVER, Size};
use super::words::Contact;
use crate::time::SECOND;

/// How common a feature is among those who do not buy again.
const PLUS: f64 = 0.25;
const FAST: f64 = 0.5;
const GOOD: f64 = 0.6;

/// What is known of a customer's first order, and the level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drivers {
    pub(super) plus: bool,
    pub(super) fast: bool,
    pub(super) good: bool,
}

impl Drivers {
    pub(super) fn new(again: bool, plan: &ShopPlan, chance: &mut Chance) -> Self {
        let mut draw = |common: f64, size: Size| {
            let odds = common / (1.0 - common) * if again { plan.size(size) } else { 1.0 };
            chance.happens(odds / (1.0 + odds))
        };
        Self {
            plus: draw(PLUS, LEVEL_DRIVER),
            fast: draw(FAST, DELIVERY_DRIVER),
            good: draw(GOOD, RATING_DRIVER),
        }
    }

    /// As another order than the first has it.
    pub(super) fn later(self, chance: &mut Chance) -> Self {
        Self {
            plus: self.plus,
            fast: chance.happens(FAST),
            good: chance.happens(GOOD),
        }
    }
}

/// What comes after an order: a rating, a question, a complaint, a return.
pub(super) fn add(
    rows: &mut Vec<CareRow>,
    person: &Person,
    order: (u32, i64),
    drivers: Drivers,
    refunded: Option<i64>,
    chance: &mut Chance,
) {
    let mut contact = |kind, days: f64, rating| {
        let time = order.1 + whole_i64(days * 86_400.0) * SECOND;
        if time < END {
            rows.push(CareRow {
                stamp: stamp(person, time, rows.len()),
                order: order.0,
                kind,
                rating,
            });
        }
    };
    if chance.happens(0.6) {
        let rating = if drivers.good {
            4 + chance.below(2)
        } else {
            1 + chance.below(3)
        };
        contact(Contact::Rating, chance.between(2.0, 14.0), place(rating));
    }
    if chance.happens(0.05) {
        contact(Contact::Question, chance.between(0.1, 10.0), NO);
    }
    if chance.happens(if drivers.good { 0.01 } else { 0.12 }) {
        contact(Contact::Complaint, chance.between(2.0, 10.0), NO);
    }
    if let Some(time) = refunded {
        rows.push(CareRow {
            stamp: stamp(person, time, rows.len()),
            order: order.0,
            kind: Contact::Return,
            rating: NO,
        });
    }
}
