//! Features that an order has by itself.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::features::Feature;
use crate::log::{Facts, NumberIx};
use crate::orders::{Order, OrderBuilder};
use crate::stats::median;
use crate::time::DAY;

use super::drivers::DriverOutcome;

/// What is known of an order itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnFeature {
    /// Its money.
    Amount,
    /// Its pieces; its lines where they are not known.
    Items(Option<usize>),
    /// Whether there is a discount.
    Discounted(usize),
    /// The price of a piece of its largest line, by the median of the category.
    PriceLevel,
    /// The number of orders so far.
    Orders,
    /// Days without an order until the time in which another one would count.
    Recency,
}

impl OwnFeature {
    /// The feature of a name, if there is one.
    ///
    /// # Errors
    /// If the log has not what it needs.
    pub(super) fn find(name: &str, facts: &Facts, outcome: DriverOutcome) -> Result<Option<Self>> {
        let number = |role: &str| facts.roles.numbers.iter().position(|(known, _)| known == role);
        let needs = |what: &str| Error::Argument(format!("features=[\"{name}\"] needs {what}"));
        Ok(Some(match (name, outcome) {
            ("amount", _) if facts.roles.has_money() => Self::Amount,
            ("items", _) => Self::Items(facts.index.quantity.map(|NumberIx(at)| at)),
            ("discounted", _) => Self::Discounted(number("discount").ok_or_else(|| needs("the role discount="))?),
            ("price_level", _) if facts.roles.has_money() => Self::PriceLevel,
            ("amount" | "price_level", _) => return Err(needs("a log with money")),
            ("orders", DriverOutcome::Lost) => Self::Orders,
            ("recency_days", DriverOutcome::Lost) => Self::Recency,
            _ => return Ok(None),
        }))
    }

    /// Its value of an order, the `number`th from 0 of its customer.
    #[allow(clippy::cast_precision_loss)] // Days and counts lie far below 2⁵³.
    pub(super) fn of(
        self,
        builder: &OrderBuilder<'_>,
        order: &Order,
        largest: Option<usize>,
        number: usize,
        cut: i64,
    ) -> f64 {
        let sum = |number: usize| builder.number(order, number);
        match self {
            Self::Amount => builder.unit().to_f64(order.money),
            Self::Items(Some(quantity)) => sum(quantity).unwrap_or(f64::NAN),
            Self::Items(None) => f64::from(order.rows),
            Self::Discounted(discount) => f64::from(u8::from(sum(discount).is_some_and(|sum| sum != 0.0))),
            Self::PriceLevel => largest.map_or(f64::NAN, |row| builder.price(row)),
            Self::Orders => (number + 1) as f64,
            Self::Recency => (cut - order.time).div_euclid(DAY) as f64,
        }
    }

    /// The levels of its values; `groups` says whose prices each is compared with.
    pub(super) fn feature(self, name: &str, mut values: Vec<f64>, groups: &[u32]) -> Feature {
        if self == Self::PriceLevel {
            let mut prices: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
            for (group, price) in groups.iter().zip(&values).filter(|(_, price)| !price.is_nan()) {
                prices.entry(*group).or_default().push(*price);
            }
            let middle: BTreeMap<u32, f64> = prices
                .into_iter()
                .filter_map(|(group, mut prices)| Some((group, median(&mut prices)?)))
                .collect();
            for (value, group) in values.iter_mut().zip(groups) {
                let middle = middle.get(group).copied().filter(|middle| *middle > 0.0);
                *value = middle.map_or(f64::NAN, |middle| *value / middle);
            }
        }
        let mut feature = Feature::of_numbers(name, &values, |value| value.to_string());
        if matches!(self, Self::Discounted(_)) {
            for level in &mut feature.levels {
                *level = if level == "0" { "False" } else { "True" }.into();
            }
        }
        feature
    }
}
