//! Sales by period, and what drove their change.

mod by_period;
mod period_sales;
mod table;

pub use by_period::{Compare, Sales, SalesAttribution, SalesOptions};
