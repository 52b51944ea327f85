//! Recency, frequency and monetary value: summary, scores, edges, segments.

mod buyers;
mod check;
mod edges;
mod maps;
mod model;
mod segments;
mod table;

pub use buyers::Buyers;
pub use check::{Overlaps, check};
pub use edges::{Cuts, Edges};
pub use maps::{GRID, Name, OCTANTS, TIERS, grid, octants, tiers};
pub use model::{Frequency, Map, Monetary, Plan, Rfm, rfm};
pub use segments::{Condition, Measure, Rule, Values};
pub use table::Names;
