//! Plain mathematics over slices and numbers: no Arrow, no threads, no Python.

mod decompose;
mod lorenz;
mod quantile;
mod survival;
mod wilson;

pub use decompose::shares_of_change;
pub use lorenz::Lorenz;
pub use quantile::{median, quantile};
pub use survival::time_to_share;
pub use wilson::wilson;
