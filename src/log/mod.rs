//! The grouped table: rows in partitions by the hash of their customer, in memory or spilled, and how one looks at
//! them.

mod attributes;
mod bands;
mod category;
mod duplicates;
mod export;
mod facts;
mod group_by;
mod grouped;
mod key_order;
mod packed_rows;
mod partition;
mod population;
mod profile;
mod read_stats;
mod registrations;
mod roles;
mod session;
mod spill;
mod spill_format;
mod store;
mod totals;
mod ungrouped;
mod view;
mod window;

pub use attributes::{Attribute, AttributeTable, TableId};
pub use bands::Bands;
pub use category::Category;
pub(crate) use category::DictionaryBuilder;
pub use duplicates::duplicates;
pub use export::{rows, stack};
pub use facts::{Facts, ObservedDays};
pub use group_by::{GroupBy, group_key};
pub use grouped::Log;
pub use partition::Partition;
pub use population::{CustomerIndex, GUESTS, Population};
pub use read_stats::{Count, Nulls, ReadStats, RejectReason};
pub use registrations::Registrations;
pub use roles::{CategoryIx, NumberIx, OrderIx, RoleIndex, Roles};
pub use session::{DEFAULT_GAP, SessionCursor, SessionRule};
pub(crate) use spill::{Block, Spill};
pub(crate) use spill_format::SpillSchema;
pub(crate) use store::{StoredPartition, UngroupedRows};
pub use totals::{PartitionTotals, Purchases, Refunded};
pub use view::View;
pub use window::{EventCounts, Scope, TimePoint, Window, count_events};
