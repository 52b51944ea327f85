//! What is on sale: ten categories of two hundred products, few of which sell much.

use rand_distr::Zipf;

use super::chance::{Chance, Purpose, whole};
use super::day::DAYS;
use super::generate::ShopPlan;
use super::person::Person;
use super::truth::{BEAUTY_EAST, CATEGORY_RISE, DIGITAL_SOUTH};
use super::words::{BEAUTY, CATEGORIES, DIGITAL, EAST, PET, SOUTH};
use crate::error::{Error, Result};

const PRODUCTS: usize = 200;
const WEIGHTS: [f64; CATEGORIES.len()] = [0.24, 0.15, 0.12, 0.13, 0.13, 0.07, 0.06, 0.05, 0.04, 0.01];
/// Margin by category, as a share of the price.
pub(super) const MARGINS: [f64; CATEGORIES.len()] = [0.45, 0.5, 0.12, 0.3, 0.22, 0.25, 0.35, 0.2, 0.3, 0.28];

/// The products.
#[derive(Debug)]
pub(super) struct Catalogue {
    popularity: Zipf<f64>,
    /// What a product costs beside the others of an order.
    levels: Vec<f64>,
}

impl Catalogue {
    pub(super) fn new(seed: u64) -> Result<Self> {
        let products = super::chance::real(PRODUCTS);
        let popularity = Zipf::new(products, 1.05).map_err(|error| Error::Data(format!("the catalogue: {error}")))?;
        let mut chance = Chance::new(seed, 0, Purpose::Orders);
        let levels = (0..CATEGORIES.len() * PRODUCTS)
            .map(|_| chance.normal(0.0, 0.6).exp())
            .collect();
        Ok(Self { popularity, levels })
    }

    /// The category of one line, as the customer's region and age and the time make it likely.
    pub(super) fn category(person: &Person, day: f64, plan: &ShopPlan, chance: &mut Chance) -> usize {
        // The odds of a category are its weight over the sum of the others, which keep theirs.
        let mut weights = WEIGHTS;
        weights[PET] *= plan.size(CATEGORY_RISE).powf(day / DAYS);
        if person.region == EAST && (25..35).contains(&person.age) {
            weights[BEAUTY] *= plan.size(BEAUTY_EAST);
        }
        if person.region == SOUTH && (18..25).contains(&person.age) {
            weights[DIGITAL] *= plan.size(DIGITAL_SOUTH);
        }
        chance.pick(&weights)
    }

    /// A product of a category.
    pub(super) fn product(&self, category: usize, chance: &mut Chance) -> u32 {
        let rank = whole(chance.draw(&self.popularity)).clamp(1, PRODUCTS);
        number((category + 1) * 1000 + rank)
    }

    /// How much of an order's money a product takes.
    pub(super) fn level(&self, product: u32) -> f64 {
        let (category, rank) = (product as usize / 1000 - 1, product as usize % 1000 - 1);
        self.levels[category * PRODUCTS + rank]
    }
}

#[allow(clippy::cast_possible_truncation)] // At most 10,200.
fn number(index: usize) -> u32 {
    index as u32
}
