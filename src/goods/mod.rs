//! What was sold: sales by period, and what drove their change.

mod sales;

pub use sales::{Compare, SalesPlan, sales};
