//! From a stream to a log: rows are decoded morsel by morsel, scattered to partitions by the hash of their customer,
//! and assembled so that each customer's rows stand side by side.

mod assemble;
mod assembly;
mod builder;
mod decode;
mod decode_amounts;
mod decode_column;
mod guests;
mod layout;
mod morsel;
mod morsel_keys;
mod options;
mod order_codes;
mod order_totals;
mod packed_purchases;
mod parse_errors;
mod read;
mod recent_values;
mod reject_mask;
mod repeats;
mod scatter;
mod settle;
mod share;
mod slices;
mod spill_format;
mod spilled;
mod totals;
mod waiting;

pub use options::{AmountPer, Memory, Options, ReadOptions, Status};
pub use read::read_log;
