//! Keys as Arrow arrays.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, FixedSizeBinaryArray, LargeBinaryArray, LargeStringArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::DataType;

use super::bytes::Bytes;
use crate::error::Result;

/// What Arrow casts to integers only by a detour.
pub(super) fn number_like(array: &ArrayRef) -> Result<ArrayRef> {
    Ok(match array.data_type() {
        DataType::Date32 => cast(array, &DataType::Int32)?,
        DataType::Dictionary(_, values) => cast(array, values)?,
        _ => array.clone(),
    })
}

/// Whole numbers as the strings that they write; of what holds bytes already, the array itself.
pub(super) fn text_of_numbers(array: &ArrayRef) -> Result<ArrayRef> {
    Ok(match array.data_type() {
        data_type if data_type.is_integer() => cast(array, &DataType::Utf8)?,
        data_type if data_type.is_floating() => cast(&cast(array, &DataType::Int64)?, &DataType::Utf8)?,
        DataType::Dictionary(_, values) if values.is_numeric() => text_of_numbers(&cast(array, values)?)?,
        _ => array.clone(),
    })
}

/// An array in the type that its column came in.
pub(super) fn restore_type(plain: &ArrayRef, wanted: &DataType) -> Result<ArrayRef> {
    Ok(match wanted {
        data_type if data_type == plain.data_type() => plain.clone(),
        DataType::Date32 => cast(&cast(plain, &DataType::Int32)?, wanted)?,
        // A dictionary whose codes would not fit comes back as its values.
        DataType::Dictionary(_, values) => {
            let values = restore_type(plain, values)?;
            cast(&values, wanted).unwrap_or(values)
        }
        DataType::Null => plain.clone(),
        _ => cast(plain, wanted)?,
    })
}

/// Byte strings that are text, all of them and in their order; none is copied.
pub(super) fn all_strings(bytes: Bytes) -> Result<ArrayRef> {
    let (lengths, data) = bytes.into_parts();
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(LargeStringArray::try_new(offsets, data.into(), None)?))
}

/// Byte strings as the plainest array of their kind.
pub(super) fn plain_bytes(
    bytes: &Bytes,
    rows: impl Iterator<Item = Option<usize>>,
    wanted: &DataType,
) -> Result<ArrayRef> {
    let inner = match wanted {
        DataType::Dictionary(_, values) => values,
        other => other,
    };
    let values = rows.map(|row| row.map(|row| bytes.get(row)));
    Ok(match inner {
        DataType::FixedSizeBinary(width) => {
            Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, *width)?)
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            Arc::new(values.collect::<LargeBinaryArray>())
        }
        _ => {
            let (offsets, data, nulls) = values.collect::<LargeBinaryArray>().into_parts();
            Arc::new(LargeStringArray::try_new(offsets, data, nulls)?)
        }
    })
}
