//! Plain mathematics over slices and numbers: no Arrow, no threads, no Python.

mod clusters;
mod decompose;
mod lorenz;
mod peaks;
mod quantile;
mod shares;
mod survival;
mod trend;
mod wilson;

pub use clusters::Cluster;
pub use decompose::shares_of_change;
pub use lorenz::Lorenz;
pub use peaks::{Peak, overdispersion, peaks};
pub use quantile::{median, quantile};
pub use shares::{Interval, difference, holm, same_share};
pub use survival::time_to_share;
pub use trend::{Trend, seasonal_trend};
pub use wilson::{wilson, wilson_of};
