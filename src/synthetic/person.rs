//! Who a customer is.

use super::chance::Chance;
use super::day::{DAYS, busy_day, instant, second_of_day};
use super::generate::ShopPlan;
use super::truth::CITY_GROWTH;
use super::words::TIER_3;

/// A customer as registered. Small numbers are places in the lists of words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) id: u32,
    /// Days from the first, whole.
    pub(super) day: f64,
    pub(super) registered: i64,
    pub(super) age: u8,
    pub(super) gender: u8,
    pub(super) region: u8,
    pub(super) city_tier: u8,
    pub(super) channel: u8,
    /// The device of four sessions in five.
    pub(super) device: u8,
}

const REGION_WEIGHTS: [f64; 6] = [0.28, 0.24, 0.16, 0.14, 0.1, 0.08];
const CITY_WEIGHTS: [f64; 3] = [0.3, 0.38, 0.32];
const CHANNEL_WEIGHTS: [f64; 5] = [0.25, 0.3, 0.2, 0.15, 0.1];
pub(super) const DEVICE_WEIGHTS: [f64; 4] = [0.45, 0.2, 0.2, 0.15];

impl Person {
    pub(super) fn new(id: u32, chance: &mut Chance, clock: &mut Chance, plan: &ShopPlan) -> Self {
        let city_tier = place(chance.pick(&CITY_WEIGHTS));
        let growth = if city_tier == TIER_3 {
            plan.size(CITY_GROWTH)
        } else {
            1.0
        };
        let day = registration_day(chance, growth);
        Self {
            id,
            day,
            registered: instant(day, second_of_day(clock, plan)),
            age: age(chance),
            gender: place(chance.pick(&[0.58, 0.42])),
            region: place(chance.pick(&REGION_WEIGHTS)),
            city_tier,
            channel: place(chance.pick(&CHANNEL_WEIGHTS)),
            device: place(chance.pick(&DEVICE_WEIGHTS)),
        }
    }
}

/// Registrations a day grow exponentially by `growth` over the whole time: the inverse of their distribution.
fn registration_day(chance: &mut Chance, growth: f64) -> f64 {
    if growth <= 1.0 {
        return busy_day(chance, 0.0, DAYS).floor();
    }
    let day = DAYS * (1.0 + chance.unit() * (growth - 1.0)).ln() / growth.ln();
    day.floor()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to two digits.
fn age(chance: &mut Chance) -> u8 {
    let age = if chance.happens(0.7) {
        chance.normal(29.0, 6.0)
    } else {
        chance.normal(43.0, 10.0)
    };
    age.clamp(18.0, 75.0) as u8
}

/// A place in a list of fewer than 256 words.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn place(index: usize) -> u8 {
    index as u8
}
