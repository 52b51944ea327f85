//! Coming back: cohorts and what of them is there later, and who buys again.

mod order_retention;
mod order_table;
mod overdue;
mod repurchase;
mod repurchase_tables;
mod retention;

pub use order_retention::{OrderRetention, OrderRetentionOptions};
pub use repurchase::{Counted, Repurchase, RepurchaseOptions};
pub use retention::{Retention, RetentionKind, RetentionOptions};
