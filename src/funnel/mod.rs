//! Funnels: how far each customer comes through steps, within a window.
//!
//! `machine`, `unordered`, `plain`, `anchors` and `ties` see slices and numbers only.

mod anchors;
mod choice;
mod explain;
mod machine;
mod plain;
mod plan;
mod rules;
mod run;
mod steps;
mod table;
mod tally;
mod ties;
mod units;
mod unordered;

pub use explain::explain;
pub use machine::chain;
pub use plan::{Attribution, FollowUp, FunnelPlan, Unit};
pub use rules::{Anchor, Fill, MOST_STEPS, Mode, Rules, Sequence, Ties};
pub use run::{Chains, Funnel, Owner, funnel};
pub use steps::{Compiled, Exclusion, Step, Test, compile};
pub use tally::Tally;
