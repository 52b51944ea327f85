//! Cohort retention: cohorts by the period of their first event, and what of them is there later.

mod retention;

pub use retention::{Retention, RetentionKind, RetentionOptions};
