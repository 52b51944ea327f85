//! Packed columns: values that are kept in half of their width or less, and are the same again, bit for bit, when they are
//! widened.

mod amounts;
mod column;
mod prefetch;
mod widths;

pub(crate) use amounts::PackedAmounts;
pub(crate) use column::{Column, Packed, Width};
pub(crate) use widths::{Cents, Codes, Counts, Distance, Seconds, ShortCodes};
