//! Coming back: cohorts and what of them is there later, and who buys again.

mod driver_features;
mod driver_units;
mod drivers;
mod lifecycle;
mod order_retention;
mod order_table;
mod overdue;
mod own_features;
mod repurchase;
mod repurchase_tables;
mod retention;

pub use drivers::{DriverOptions, DriverOutcome, Drivers};
pub use lifecycle::{Lifecycle, LifecycleOptions};
pub use order_retention::{CohortOf, OrderRetention, OrderRetentionOptions};
pub use repurchase::{Counted, Repurchase, RepurchaseOptions};
pub use retention::{Retention, RetentionKind, RetentionOptions};
