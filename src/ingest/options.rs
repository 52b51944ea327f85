//! How rows are read: times, nulls, which rows count, and how much memory they may take.

use std::path::PathBuf;

use crate::columns::{Scalar, TimeOptions};
use crate::log::{Nulls, Roles};
use crate::params::options;

/// How rows are read.
#[derive(Debug, Clone)]
pub struct Options {
    /// What was said about times.
    pub times: TimeOptions,
    /// What to do with missing values.
    pub nulls: Nulls,
    /// Values of the role `status` that are no order.
    pub cancelled: Vec<Scalar>,
    /// Events that are kept, where only some are asked for.
    pub only: Option<Vec<Scalar>>,
    /// The first and the last instant at which the source was watched, where its rows do not tell.
    pub observed: Option<(i64, i64)>,
    /// How many partitions, rounded up to a power of two; by default so many that one stays in a core's cache.
    pub partitions: Option<usize>,
    /// How many rows are read at a time; by default so many that the pool is busy and their memory is small.
    pub group: Option<usize>,
    /// How much memory the rows may take.
    pub memory: Memory,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            times: TimeOptions::default(),
            nulls: Nulls::Drop,
            cancelled: Vec::new(),
            only: None,
            observed: None,
            partitions: None,
            group: None,
            memory: Memory::default(),
        }
    }
}

/// How much memory rows may take, and where they go beyond it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// Bytes; rows beyond it go to files.
    pub limit: Option<u64>,
    /// The folder of these files; by default that of the system.
    pub folder: Option<PathBuf>,
}

options! {
    /// A log as a caller asks for it: which column plays which role, and how they are read.
    pub struct ReadOptions {
        /// The column of the customer's key.
        pub customer: String,
        /// The column of the time.
        pub time: String,
        /// The column of the money.
        pub amount: Option<String>,
        /// Roles that number orders: role and column.
        pub ids: Vec<(String, String)>,
        /// Roles that are categories: role and column.
        pub labels: Vec<(String, String)>,
        /// Roles that hold a number: role and column.
        pub numbers: Vec<(String, String)>,
        /// The zone of the calendar.
        pub timezone: Option<String>,
        /// How text times are written.
        pub time_format: Option<String>,
        /// What numbers count since 1970.
        pub time_unit: Option<String>,
        /// What to do with missing values.
        pub nulls: Nulls,
        /// Values of the role `status` that are no order.
        pub cancelled: Vec<Scalar>,
        /// Events that are kept, where only some are asked for.
        pub only: Option<Vec<Scalar>>,
        /// The first and the last instant at which the source was watched, where its rows do not tell.
        pub observed: Option<(i64, i64)>,
        /// How much memory the rows may take, in bytes.
        pub memory_limit: Option<u64>,
        /// The folder for rows beyond it.
        pub spill_folder: Option<String>,
    }
}

impl ReadOptions {
    /// The roles, and how their columns are read.
    #[must_use]
    pub fn split(self) -> (Roles, Options) {
        let roles = Roles {
            customer: self.customer,
            time: self.time,
            amount: self.amount,
            ids: self.ids,
            labels: self.labels,
            numbers: self.numbers,
        };
        let options = Options {
            times: TimeOptions {
                timezone: self.timezone,
                format: self.time_format,
                unit: self.time_unit,
            },
            nulls: self.nulls,
            cancelled: self.cancelled,
            only: self.only,
            observed: self.observed,
            partitions: None,
            group: None,
            memory: Memory {
                limit: self.memory_limit,
                folder: self.spill_folder.map(PathBuf::from),
            },
        };
        (roles, options)
    }
}
