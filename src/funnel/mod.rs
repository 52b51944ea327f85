//! Funnels: how far each customer comes through steps, within a window.
//!
//! `machine`, `unordered`, `plain`, `anchors` and `ties` see slices and numbers only.

mod anchors;
mod choice;
mod counts;
mod explain;
mod machine;
mod plain;
mod plan;
mod rules;
mod run;
mod steps;
mod table;
mod ties;
mod units;
mod unordered;

pub use counts::FunnelCounts;
pub use explain::explain;
pub use machine::chain;
pub use plan::{Attribution, FollowUp, FunnelPlan, Unit};
pub use rules::{Anchor, MOST_STEPS, Mode, Rules, Sequence, StepMatch, Ties};
pub use run::{ChainKey, Chains, Funnel, funnel};
pub use steps::{CompiledSteps, Exclusion, Step, Test, compile};
