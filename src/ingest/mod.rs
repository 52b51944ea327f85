//! From a stream to a log: rows are decoded morsel by morsel, scattered to partitions by the hash of their customer,
//! and assembled so that each customer's rows stand side by side.

mod assemble;
mod builder;
mod decode;
mod decode_column;
mod guests;
mod layout;
mod morsel;
mod options;
mod parse_errors;
mod prefetch;
mod read;
mod reject_mask;
mod scatter;
mod settle;
mod share;
mod slices;
mod spill_format;

pub use options::{AmountPer, Memory, Options, ReadOptions, Status};
pub use read::read_log;
