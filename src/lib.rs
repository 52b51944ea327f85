//! Customer analytics for shops.
//!
//! One idea carries everything: rows are scattered by customer once; every analysis is then a small function of one
//! customer, run per partition, whose partial results merge.
//!
//! - [`columns`]: the door; typed views of Arrow columns, identities, calendars, exact money, output schemas
//! - [`customers`]: from rows to customers; partitions, orders, attributes
//! - [`rfm`]: recency, frequency, monetary value: summary, scores, edges, segments
//! - [`funnel`]: steps in order, within a window
//! - [`journeys`]: carts that are left, visits, paths, what visits are made of, recommendations
//! - [`cohorts`]: who comes back
//! - [`clusters`]: k-means, and how many clusters there are
//! - [`lifetime`]: how often customers will buy, and what they will spend
//! - [`goods`]: what was sold, and what drove its change
//! - [`shop`]: the generated sample shop
//! - [`stats`]: plain mathematics over slices
//! - [`parallel`]: the pool, cancellation, progress
//! - [`error`]: the one error
//! - `binding` (feature `python`): the Python module, which only unwraps, calls and wraps

#![cfg_attr(test, allow(clippy::float_cmp))] // What is exact is compared exactly.

#[cfg(feature = "python")]
mod binding;
pub mod clusters;
pub mod cohorts;
pub mod columns;
pub mod customers;
pub mod error;
pub mod funnel;
pub mod goods;
pub mod journeys;
pub mod lifetime;
pub mod parallel;
pub mod rfm;
pub mod shop;
pub mod stats;
