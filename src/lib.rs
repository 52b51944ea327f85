//! Customer analytics for shops.
//!
//! One idea carries everything: rows are scattered by customer once; every analysis is then a small function of one
//! customer, run per partition, whose partial results merge.
//!
//! - [`columns`]: input and output conversion, the only module that matches on Arrow data types
//! - [`files`]: Parquet and CSV, read range by range on several threads; Parquet written
//! - [`ingest`]: from a stream to a log: decode, scatter, assemble
//! - [`log`]: the grouped table, its categories, attributes and windows
//! - [`orders`]: lines become orders, orders a summary per customer
//! - [`time`], [`money`]: instants, zones and calendars; exact sums
//! - `packed`: columns in half of their width or less, the same again when they are widened
//! - [`params`]: options of analyses, read from what a caller typed
//! - [`analysis`]: the trait of an analysis, its mergeable state, the driver, the encoding of states
//! - [`registry`]: the analyses by name
//! - [`rfm`]: recency, frequency, monetary value: summary, scores, edges, segments
//! - [`funnel`]: steps in order, within a window
//! - [`journeys`]: cart abandonment, sessions, paths, mix of sessions, precision of recommendations
//! - [`cohorts`]: cohort retention
//! - [`features`]: what goes with an outcome: rates and odds ratios by level
//! - [`goods`]: what is bought: categories and products, their trends, who prefers what
//! - [`kmeans`]: k-means, and the choice of k
//! - [`lifetime`]: purchase models (BG/NBD and kin), Gamma-Gamma spend, customer lifetime value
//! - [`sales`]: sales by period, and a decomposition of their change
//! - [`synthetic`]: synthetic shop data with known ground truth
//! - [`stats`]: plain mathematics over slices
//! - [`runtime`]: the thread pool, cancellation, progress
//! - [`error`]: the one error
//! - `python` (feature `python`): the Python module, which only unwraps, calls and wraps

#![cfg_attr(test, allow(clippy::float_cmp))] // What is exact is compared exactly.

pub mod analysis;
pub mod cohorts;
pub mod columns;
pub mod error;
pub mod features;
pub mod files;
pub mod funnel;
pub mod goods;
pub mod ingest;
pub mod journeys;
pub mod kmeans;
pub mod lifetime;
pub mod log;
pub mod money;
pub mod orders;
mod packed;
pub mod params;
#[cfg(feature = "python")]
mod python;
pub mod registry;
pub mod rfm;
pub mod runtime;
pub mod sales;
pub mod stats;
pub mod synthetic;
pub mod time;
