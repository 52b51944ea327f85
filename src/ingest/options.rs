//! How rows are read: times, nulls, which rows count, and how much memory they may take.

use std::path::PathBuf;

use crate::columns::{DecimalMark, Names, Preparation, Scalar, TimeOptions, Written};
use crate::log::{Nulls, Roles};
use crate::params::{options, words};

words! {
    /// What the amount in a row is that of.
    pub enum AmountPer {
        /// The line.
        Line = "line",
        /// The order; it stands on one of its lines or on several.
        Order = "order",
    }
}

words! {
    /// What a status says of an order.
    pub enum Status {
        /// It is none.
        Cancelled = "cancelled",
        /// It is one, and others are none.
        Paid = "paid",
        /// All of its money was given back.
        Refunded = "refunded",
    }
}

/// How rows are read.
#[derive(Debug, Clone)]
pub struct Options {
    /// What was said about times.
    pub times: TimeOptions,
    /// What to do with missing values.
    pub nulls: Nulls,
    /// What values of a role say of an order.
    pub statuses: Vec<(Status, String, Vec<Scalar>)>,
    /// The column of the price, where the amount is price times pieces.
    pub price: Option<String>,
    /// The column of the time of payment; without one there is no order.
    pub paid_at: Option<String>,
    /// Columns to add to the amount.
    pub add_to_amount: Vec<String>,
    /// What the amount is that of.
    pub amount_per: AmountPer,
    /// What names are told apart by.
    pub names: Names,
    /// The decimal mark of amounts that are text.
    pub decimal: Option<DecimalMark>,
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
            statuses: Vec::new(),
            price: None,
            paid_at: None,
            add_to_amount: Vec::new(),
            amount_per: AmountPer::Line,
            names: Names::Typed,
            decimal: None,
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
        /// The columns of the customer's key, of which the first that is not null counts.
        pub customer: Vec<String>,
        /// The columns of the time, likewise.
        pub time: Vec<String>,
        /// The column of the money.
        pub amount: Option<String>,
        /// The column of the price, where the money is price times pieces.
        pub price: Option<String>,
        /// Columns to add to the money.
        pub add_to_amount: Vec<String>,
        /// What the amount is that of.
        pub amount_per: AmountPer,
        /// The column of the time of payment.
        pub paid_at: Option<String>,
        /// Roles that hold a further time: role and column.
        pub moments: Vec<(String, String)>,
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
        /// What values of a role say of an order.
        pub statuses: Vec<(Status, String, Vec<Scalar>)>,
        /// What names are told apart by.
        pub names: Names,
        /// The decimal mark of amounts that are text.
        pub decimal: Option<DecimalMark>,
        /// What stands for a missing value in columns of text.
        pub null_values: Vec<String>,
        /// How text is written.
        pub written: Written,
        /// Columns whose value stands on the first line of an order only.
        pub fill_down: Vec<String>,
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
    /// The roles, how their columns are read, and what is done to them before.
    #[must_use]
    pub fn split(self) -> (Roles, Options, Preparation) {
        let named = |role: &str, name: &String| (role.to_string(), name.clone());
        let mut passing: Vec<(String, String)> = self.price.iter().map(|name| named("price", name)).collect();
        passing.extend(self.paid_at.iter().map(|name| named("paid_at", name)));
        passing.extend(self.add_to_amount.iter().map(|name| named("amount", name)));
        passing.extend(self.fill_down.iter().map(|name| named("fill_down", name)));
        passing.extend(self.customer.iter().skip(1).map(|name| named("customer", name)));
        passing.extend(self.time.iter().skip(1).map(|name| named("time", name)));
        let order = self.ids.iter().find(|(role, _)| role == "order_id");
        let preparation = Preparation {
            written: self.written,
            null_values: self.null_values,
            numbers: Vec::new(),
            coalesced: vec![self.customer.clone(), self.time.clone()],
            fill_down: order
                .filter(|_| !self.fill_down.is_empty())
                .map(|(_, order)| (order.clone(), self.fill_down)),
        };
        let roles = Roles {
            customer: self.customer.into_iter().next(),
            time: self.time.into_iter().next().unwrap_or_default(),
            amount: self.amount,
            ids: self.ids,
            labels: self.labels,
            numbers: self.numbers,
            moments: self.moments,
            passing,
        };
        let options = Options {
            times: TimeOptions {
                timezone: self.timezone,
                format: self.time_format,
                unit: self.time_unit,
            },
            nulls: self.nulls,
            statuses: self.statuses,
            price: self.price,
            paid_at: self.paid_at,
            add_to_amount: self.add_to_amount,
            amount_per: self.amount_per,
            names: self.names,
            decimal: self.decimal,
            only: self.only,
            observed: self.observed,
            partitions: None,
            group: None,
            memory: Memory {
                limit: self.memory_limit,
                folder: self.spill_folder.map(PathBuf::from),
            },
        };
        (roles, options, preparation)
    }
}
