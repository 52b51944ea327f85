//! What is planted in the sample shop, where, and how strong.

use crate::error::{Error, Result};

/// A truth that can be planted or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// Frequent buyers who also spend much: more of them than chance would make.
    Tiers,
    /// From cart to order, one device in one region.
    WeakStep,
    /// Abandonment that grows with the shipping fee.
    ShippingFee,
    /// Two hours of the day at which customers come.
    TwoPeaks,
    /// Registrations in the lowest city tier.
    GrowingCityTier,
    /// A category that rises from the long tail.
    RisingCategory,
    /// Categories that a region and age prefer.
    CategoryPreference,
    /// What goes with buying again.
    RepurchaseDrivers,
    /// The cost of a new customer in one channel.
    RisingAcquisitionCost,
    /// Fewer recent first buyers stay.
    FallingRetention,
    /// Spend on customers that does not follow what they bring.
    SpendByTier,
    /// Recommendations that few click.
    Recommendations,
    /// Rates, dropout and spend that differ from customer to customer.
    PurchaseProcess,
}

impl Planted {
    /// All of them, with their codes.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Tiers, "tiers"),
        (Self::WeakStep, "weak_step"),
        (Self::ShippingFee, "shipping_fee"),
        (Self::TwoPeaks, "two_peaks"),
        (Self::GrowingCityTier, "growing_city_tier"),
        (Self::RisingCategory, "rising_category"),
        (Self::CategoryPreference, "category_preference"),
        (Self::RepurchaseDrivers, "repurchase_drivers"),
        (Self::RisingAcquisitionCost, "rising_acquisition_cost"),
        (Self::FallingRetention, "falling_retention"),
        (Self::SpendByTier, "spend_by_tier"),
        (Self::Recommendations, "recommendations"),
        (Self::PurchaseProcess, "purchase_process"),
    ];

    /// The code of a truth.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(planted, _)| *planted == self)
            .map_or("", |(_, code)| code)
    }
}

impl std::str::FromStr for Planted {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|(_, code)| *code == text);
        found.map(|(planted, _)| *planted).ok_or_else(|| {
            let codes: Vec<&str> = Self::ALL.iter().map(|(_, code)| *code).collect();
            Error::Argument(format!(
                "without={text:?}: no such truth is planted; give some of {}",
                codes.join(", ")
            ))
        })
    }
}

/// One number that a truth is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) truth: Planted,
    pub(super) place: &'static str,
    pub(super) measure: &'static str,
    pub(super) planted: f64,
    /// What it is where the truth is left out.
    pub(super) healthy: f64,
}

const fn size(truth: Planted, place: &'static str, measure: &'static str, planted: f64, healthy: f64) -> Size {
    Size {
        truth,
        place,
        measure,
        planted,
        healthy,
    }
}

/// Of the buyers, those whose rate lies in the top fifth and whose mean spend does too; each fifth stays a fifth.
pub(super) const BOTH: Size = size(
    Planted::Tiers,
    "buyers whose true rate and true mean spend are both in the top fifth",
    "share of buyers",
    0.12,
    0.04,
);
pub(super) const WEAK_STEP: Size = size(
    Planted::WeakStep,
    "device mobile_web in region west, cart to order",
    "odds ratio of an order per session with a cart",
    0.4,
    1.0,
);
pub(super) const SHIPPING_FEE: Size = size(
    Planted::ShippingFee,
    "sessions with a cart",
    "odds ratio of leaving without an order per 5 of shipping fee",
    1.35,
    1.0,
);
pub(super) const NOON: Size = size(
    Planted::TwoPeaks,
    "around 12:30",
    "share of sessions that start about then (normal, sd 0.8 h; the rest even from 7 to 24)",
    0.30,
    0.0,
);
pub(super) const EVENING: Size = size(
    Planted::TwoPeaks,
    "around 20:30",
    "share of sessions that start about then (normal, sd 1 h; the rest even from 7 to 24)",
    0.35,
    0.0,
);
pub(super) const CITY_GROWTH: Size = size(
    Planted::GrowingCityTier,
    "city tier tier_3",
    "registrations a day at the end, over those at the start",
    4.0,
    1.0,
);
pub(super) const CATEGORY_RISE: Size = size(
    Planted::RisingCategory,
    "category pet",
    "odds among order lines at the end, over those at the start",
    6.0,
    1.0,
);
pub(super) const BEAUTY_EAST: Size = size(
    Planted::CategoryPreference,
    "category beauty, region east, ages 25 to 34",
    "odds ratio among order lines, over customers of neither preference",
    2.5,
    1.0,
);
pub(super) const DIGITAL_SOUTH: Size = size(
    Planted::CategoryPreference,
    "category digital, region south, ages 18 to 24",
    "odds ratio among order lines, over customers of neither preference",
    2.0,
    1.0,
);
pub(super) const RATING_DRIVER: Size = size(
    Planted::RepurchaseDrivers,
    "first order rated 4 or 5, of those rated",
    "odds ratio of a second order within 90 days",
    1.8,
    1.0,
);
pub(super) const DELIVERY_DRIVER: Size = size(
    Planted::RepurchaseDrivers,
    "first order delivered within 3 days",
    "odds ratio of a second order within 90 days",
    1.5,
    1.0,
);
pub(super) const LEVEL_DRIVER: Size = size(
    Planted::RepurchaseDrivers,
    "level plus",
    "odds ratio of a second order within 90 days",
    2.2,
    1.0,
);
pub(super) const COST_RISE: Size = size(
    Planted::RisingAcquisitionCost,
    "channel ads",
    "cost per registration in the last month, over that in the first",
    2.2,
    1.0,
);
pub(super) const RETENTION_FALL: Size = size(
    Planted::FallingRetention,
    "customers who first buy from 2024-07-01 on",
    "share still active after the first order, over that before",
    0.65,
    1.0,
);
pub(super) const CLICK_RATE: Size = size(
    Planted::Recommendations,
    "recommendations shown",
    "share clicked",
    0.02,
    0.08,
);

/// The numbers above, in the order of the table; tiers' counts, spend and the purchase process have rows of their own.
pub(super) const SIZES: [Size; 15] = [
    BOTH,
    WEAK_STEP,
    SHIPPING_FEE,
    NOON,
    EVENING,
    CITY_GROWTH,
    CATEGORY_RISE,
    BEAUTY_EAST,
    DIGITAL_SOUTH,
    RATING_DRIVER,
    DELIVERY_DRIVER,
    LEVEL_DRIVER,
    COST_RISE,
    RETENTION_FALL,
    CLICK_RATE,
];
