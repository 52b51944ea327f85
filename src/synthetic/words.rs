//! The words of the sample shop's columns.

pub(super) const GENDERS: [&str; 2] = ["female", "male"];
pub(super) const REGIONS: [&str; 6] = ["east", "south", "north", "central", "southwest", "west"];
pub(super) const CITY_TIERS: [&str; 3] = ["tier_1", "tier_2", "tier_3"];
pub(super) const CHANNELS: [&str; 5] = ["direct", "search", "social", "ads", "referral"];
pub(super) const LEVELS: [&str; 2] = ["basic", "plus"];
pub(super) const DEVICES: [&str; 4] = ["app", "mini_program", "mobile_web", "desktop"];
pub(super) const SOURCES: [&str; 5] = ["direct", "search", "social", "ads", "email"];
pub(super) const PAYMENTS: [&str; 4] = ["wallet", "card", "bank", "cash_on_delivery"];
pub(super) const STATUSES: [&str; 3] = ["completed", "cancelled", "refunded"];
pub(super) const COUPONS: [&str; 1] = ["ten_percent"];
pub(super) const KINDS: [&str; 4] = ["rating", "question", "complaint", "return"];
pub(super) const TIERS: [&str; 5] = [
    "loyal_high_value",
    "frequent_low_value",
    "high_value_infrequent",
    "potential",
    "lost",
];
pub(super) const KEYWORDS: [&str; 12] = [
    "dress",
    "sneakers",
    "lipstick",
    "phone",
    "earphones",
    "sofa",
    "snacks",
    "diapers",
    "yoga mat",
    "novel",
    "blocks",
    "cat food",
];
pub(super) const CATEGORIES: [&str; 10] = [
    "apparel", "beauty", "digital", "home", "food", "baby", "sports", "books", "toys", "pet",
];
pub(super) const EVENTS: [&str; 8] = ["register", "show", "click", "view", "cart", "checkout", "order", "pay"];

pub(super) const EAST: u8 = 0;
pub(super) const SOUTH: u8 = 1;
pub(super) const WEST: u8 = 5;
pub(super) const TIER_3: u8 = 2;
pub(super) const ADS: usize = 3;
pub(super) const MOBILE_WEB: u8 = 2;
pub(super) const SEARCH: u8 = 1;
pub(super) const BEAUTY: usize = 1;
pub(super) const DIGITAL: usize = 2;
pub(super) const PET: usize = 9;
pub(super) const LOST: usize = 4;

/// What a customer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Register,
    Show,
    Click,
    View,
    Cart,
    Checkout,
    Order,
    Pay,
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OrderStatus {
    Completed,
    Cancelled,
    Refunded,
}

/// Why a customer got in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Contact {
    Rating,
    Question,
    Complaint,
    Return,
}
