//! Plain mathematics over slices and numbers: no Arrow, no threads, no Python.

mod clusters;
mod decompose;
mod lorenz;
mod peaks;
mod quantile;
mod survival;
mod wilson;

pub use clusters::Cluster;
pub use decompose::shares_of_change;
pub use lorenz::Lorenz;
pub use peaks::{Peak, overdispersion, peaks};
pub use quantile::{median, quantile};
pub use survival::time_to_share;
pub use wilson::{wilson, wilson_of};
