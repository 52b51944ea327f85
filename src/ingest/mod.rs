//! From a stream to a log: rows are decoded morsel by morsel, scattered to partitions by the hash of their customer,
//! and assembled so that each customer's rows stand side by side.

mod assemble;
mod builder;
mod decode;
mod layout;
mod morsel;
mod options;
mod parse_errors;
mod prefetch;
mod read;
mod reject_mask;
mod scatter;
mod slices;
mod spill_format;

pub use options::{Memory, Options, ReadOptions};
pub use read::read_log;
