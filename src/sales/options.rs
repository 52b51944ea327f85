//! What is asked of sales.

use crate::orders::Refunds;
use crate::params::{options, words};
use crate::time::Period;

words! {
    /// What a period is compared with.
    pub enum Compare {
        /// The period before.
        Previous = "previous",
        /// The same period a year before.
        YearBefore = "year",
    }
}

words! {
    /// Whose value of a column counts, where not each line's own.
    pub enum SalesAttribution {
        /// That of the largest line of the customer's first order.
        First = "first",
    }
}

words! {
    /// What becomes of money that went back.
    pub enum Measure {
        /// It is taken off, at its own time.
        Net = "net",
        /// It is left out, and what was bought counts as it was paid, as sellers' own screens have it.
        Paid = "paid",
    }
}

options! {
    /// What is asked for.
    pub struct SalesOptions {
        /// The length of a period.
        pub period: Period,
        /// What sales are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// Whose value counts; each line's own where none is given.
        pub attribution: Option<SalesAttribution>,
        /// What a period is compared with.
        pub compare: Option<Compare>,
        /// What to do with refunds.
        pub refunds: Refunds,
        /// What becomes of money that went back.
        pub measure: Measure,
        /// A customer without a purchase for longer is new again.
        pub lookback: Option<i64>,
    }
}
