//! Input and output conversion. The only module that matches on Arrow data types: what comes out are plain vectors of
//! 64-bit instants, exact amounts and keys; what goes in becomes the columns of a result.

mod amounts;
mod bytes;
mod common_type;
mod dictionary;
mod float_order;
mod identities;
mod int_interner;
mod interner;
mod ipc;
mod key_arrays;
mod key_reading;
mod keys;
mod money_text;
mod op;
mod output;
mod parse_errors;
mod plain_times;
mod prepare;
mod scalar;
mod scan;
mod source;
mod stream;
mod time_form;
mod times;

pub use amounts::{AmountType, Amounts};
pub use bytes::{Bytes, for_each_bytes, for_each_text};
pub use common_type::common_type;
pub use dictionary::{dictionary_codes, first_beyond};
pub use float_order::{float_key, float_of_key};
pub use identities::Keys;
pub use int_interner::IntInterner;
pub use interner::{KeyInterner, NONE, hash_bits, hash_bytes};
pub use ipc::{IpcColumn, IpcReader, read_stream, to_ipc, write_stream};
pub use keys::{KeyType, is_text};
pub use money_text::DecimalMark;
pub use op::Op;
pub use output::{Columns, check_names, words};
pub use parse_errors::ParseErrors;
pub use plain_times::PlainTimes;
pub use prepare::{Preparation, Written};
pub use scalar::{Names, Scalar, whole_number};
pub use scan::{RowRange, Scan};
pub use source::{PIECE, Part, Piece, Source, Unit};
pub use stream::Stream;
pub use times::{TimeOptions, TimeType};
