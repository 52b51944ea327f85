//! Features: what goes with an outcome. Levels of categories and bands of numbers, rates and odds ratios, and how well they
//! tell the outcome of later units.

mod feature;
mod regression;
mod share;
mod table;
mod validation;

pub use feature::{Feature, numbers};
pub use share::{Share, share};
pub use table::{Adjust, FeatureTable};
pub use validation::{Validation, validate};

use crate::log::CustomerIndex;

/// A unit: its outcome, and whose it is; units of one customer stand together.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// Whose.
    pub cluster: CustomerIndex,
    /// Whether it counts.
    pub outcome: bool,
}
