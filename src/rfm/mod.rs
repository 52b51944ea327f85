//! Recency, frequency and monetary value: summary, scores, edges, segments.

mod buyers;
mod check;
mod edges;
mod model;
mod schemes;
mod segments;
mod table;

pub use buyers::Buyers;
pub use check::{Overlaps, check};
pub use edges::{BinEdges, Edges};
pub use model::{Frequency, Monetary, Plan, Rfm, SegmentScheme, rfm};
pub use schemes::{GRID, Name, OCTANTS, TIERS, grid, octants, tiers};
pub use segments::{Condition, Measure, Rule, Values};
pub use table::SegmentNames;
