//! Funnels: how far each customer comes through steps, in order and within a window.
//!
//! `machine`, `plain`, `anchors` and `ties` see slices and numbers only.

mod anchors;
mod machine;
mod plain;
mod run;
mod steps;
mod tally;
mod ties;

pub use machine::{Anchor, Chain, MOST_STEPS, Rules, Ties, chain};
pub use run::{Chains, FollowUp, Funnel, FunnelPlan, funnel};
pub use steps::{Compiled, Step, Test, compile};
pub use tally::tally;
