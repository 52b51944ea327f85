//! How rows are read: times, nulls, which rows count, and how much memory they may take.

use std::path::PathBuf;

use crate::columns::{Scalar, TimeOptions};
use crate::log::Nulls;

/// How rows are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What was said about times.
    pub times: TimeOptions,
    /// What to do with missing values.
    pub nulls: Nulls,
    /// Values of the role `status` that are no order.
    pub cancelled: Vec<Scalar>,
    /// Events that are kept, where only some are asked for.
    pub only: Option<Vec<Scalar>>,
    /// How many partitions, rounded up to a power of two; by default so many that one stays in a core's cache.
    pub partitions: Option<usize>,
    /// How many rows are read at a time; by default so many that the pool is busy and their memory is small.
    pub group: Option<usize>,
    /// How much memory the rows may take.
    pub memory: Memory,
}

/// How much memory rows may take, and where they go beyond it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// Bytes; rows beyond it go to files.
    pub limit: Option<u64>,
    /// The folder of these files; by default that of the system.
    pub folder: Option<PathBuf>,
}
