//! The door. All matching of data types is here and nowhere else: what comes out are plain vectors of 64-bit instants,
//! exact amounts and identities, with every row that cannot be used marked with its reason.

mod amounts;
mod bit_table;
mod bytes;
mod calendar;
mod id_arrays;
mod id_table;
mod ids;
mod money;
mod op;
mod packing;
mod refusals;
mod source;
mod table;
mod time_text;
mod times;
mod zone;

pub use amounts::{AmountType, Amounts};
pub use bit_table::BitTable;
pub use bytes::{Bytes, dictionary_codes, for_each_bytes};
pub use calendar::{Calendar, Period};
pub use id_table::{IdTable, NONE, hash_bits, hash_bytes};
pub use ids::{IdType, Ids, Scalar};
pub use money::{LIMIT, Unit, fixed};
pub use op::Op;
pub use packing::{Packed, Unpacked, pack};
pub use refusals::Refusals;
pub use source::{PIECE, Part, Piece, Source, Stream};
pub use table::{Columns, words};
pub use times::{TimeOptions, TimeType};
pub use zone::{DAY, Zone};

/// Microseconds in a second: the unit of every instant in the core.
pub const SECOND: i64 = 1_000_000;
