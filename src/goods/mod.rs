//! What customers buy: categories and products, which rise, who prefers what.

mod baskets;
mod categories;
mod category_tables;
mod preference;
mod switching;

pub use baskets::{BasketOptions, BasketUnit, Baskets};
pub use categories::{Categories, CategoryOptions};
pub use switching::{Switching, SwitchingOptions};
