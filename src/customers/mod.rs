//! From rows to customers: rows are scattered into partitions by the hash of their customer, and inside a partition
//! stand customer by customer. Order lines become orders before an analysis sees them.

mod ahead;
mod attributes;
mod by;
mod chunk;
mod decode;
mod duplicates;
mod export;
mod intake;
mod labels;
mod layout;
mod log;
mod marks;
mod orders;
mod packing;
mod partition;
mod plain_rows;
mod radix;
mod reading;
mod refused;
mod run;
mod scatter;
mod scope;
mod spill;
mod summary;

pub use attributes::{Attribute, CustomerTable};
pub use by::{By, part_of_group};
pub use duplicates::duplicates;
pub use export::{purchases, rows, stack};
pub use intake::{Count, Intake, Reason};
pub use labels::Label;
pub use layout::{Memory, Nulls, Options, Roles};
pub use log::{Log, Place};
pub use orders::{Former, Kind, Order, Refunds};
pub use partition::Partition;
pub use scope::{Moment, Scope, Window, count_rows};
pub use summary::{Days, Purchases, Refunded, Summary, summarize};
