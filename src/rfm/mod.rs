//! Recency, frequency and monetary value: summary, scores, edges, segments.

mod buyers;
mod check;
mod edges;
mod model;
mod names;
mod plan;
mod schemes;
mod scoring;
mod segments;
mod table;

pub use buyers::Buyers;
pub use check::{Overlaps, check};
pub use edges::{BinEdges, Edges};
pub use model::{RefundCounts, Rfm};
pub use names::{Language, RuleOption, SegmentNames, parse_rules, scheme_names, tier_of};
pub use plan::{Frequency, Monetary, Plan, RfmOptions, SegmentScheme};
pub use schemes::{GRID, Name, OCTANTS, TIERS, grid, octants, tiers};
pub use scoring::lost_after;
pub use segments::{Condition, Measure, Rule, Values};
