//! What customers buy: categories and products, which rise, who prefers what.

mod categories;
mod category_tables;
mod preference;

pub use categories::{Categories, CategoryOptions};
