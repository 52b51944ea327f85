//! What customers buy: categories and products, which rise, who prefers what.

mod baskets;
mod categories;
mod category_tables;
mod preference;

pub use baskets::{BasketOptions, Baskets};
pub use categories::{Categories, CategoryOptions};
