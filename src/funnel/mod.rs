//! Funnels: how far each customer comes through steps, within a window.
//!
//! `machine`, `unordered`, `plain`, `row_sets`, `anchors` and `ties` see slices and numbers only.

mod analysis;
mod anchors;
mod chains;
mod choice;
mod counts;
mod explain;
mod machine;
mod plain;
mod plan;
mod row_sets;
mod rules;
mod state;
mod steps;
mod ties;
mod units;
mod unordered;

pub use analysis::Funnel;
pub use chains::Chains;
pub use counts::FunnelCounts;
pub use machine::chain;
pub use plan::{Attribution, FollowUp, FunnelOptions, FunnelPlan, FunnelUnit};
pub use rules::{Anchor, MOST_STEPS, Mode, Rules, Sequence, StepMatch, Ties};
pub use state::FunnelState;
pub use steps::{CompiledSteps, Exclusion, Step, Test, compile};
