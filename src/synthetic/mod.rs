//! The sample shop: generated data with known truths planted, the same for any number of threads.
//!
//! Every customer has random numbers of their own, apart for each purpose, so that leaving one truth out changes only
//! what that truth touches.

mod care;
mod catalogue;
mod chance;
mod day;
mod dirt;
mod generate;
mod lines;
mod marketing;
mod person;
mod purchases;
mod rows;
mod tables;
mod truth;
mod visits;
mod words;

pub use dirt::Dirt;
pub use generate::{Shop, ShopPlan, generate};
pub use truth::Planted;
