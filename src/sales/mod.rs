//! Sales by period, and what drove their change.

mod by_period;

pub use by_period::{Compare, Sales, SalesOptions};
