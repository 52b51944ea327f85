//! Instants, time zones, calendar periods and the parser of text times. An instant is microseconds since 1970 in UTC.

mod calendar;
mod parse;
mod year_first;
mod zone;

pub use calendar::{Calendar, Period};
pub(crate) use parse::{formats_of, has_offset, iso, with_format};
pub use zone::{DAY, Zone};

/// Microseconds in a second: the unit of every instant in the core.
pub const SECOND: i64 = 1_000_000;
