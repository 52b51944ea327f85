//! Plain mathematics over slices and numbers: no Arrow, no threads, no Python.

mod decompose;
mod lorenz;
mod quantile;
mod survival;

pub use decompose::shares_of_change;
pub use lorenz::Lorenz;
pub use quantile::median;
pub use survival::time_to_share;
