//! The grouped table: rows in partitions by the hash of their customer, in memory or spilled, and how one looks at them.

mod attributes;
mod category;
mod duplicates;
mod export;
mod group_by;
mod grouped;
mod key_order;
mod partition;
mod read_stats;
mod roles;
mod spill;
mod spill_format;
mod store;
mod window;

pub use attributes::{Attribute, AttributeTable};
pub use category::Category;
pub(crate) use category::DictionaryBuilder;
pub use duplicates::duplicates;
pub use export::{rows, stack};
pub use group_by::{GroupBy, group_key};
pub(crate) use grouped::LogParts;
pub use grouped::{CustomerIndex, Log};
pub use partition::Partition;
pub use read_stats::{Count, Nulls, ReadStats, RejectReason};
pub use roles::Roles;
pub(crate) use spill::{Block, Spill};
pub(crate) use spill_format::SpillSchema;
pub(crate) use store::StoredPartition;
pub use window::{Moment, Scope, Window, count_rows};
