//! Sales by period, and what drove their change.

mod by_period;
mod options;
mod period_sales;
mod standing;
mod table;

pub use by_period::Sales;
pub use options::{Compare, Measure, SalesAttribution, SalesOptions};
