//! A type that the values of two have room in.

use arrow::datatypes::{DataType, TimeUnit};

/// The type that columns of two files are read in as one; none where their values are of different kinds.
#[must_use]
pub fn common_type(one: &DataType, other: &DataType) -> Option<DataType> {
    use DataType::{
        Date32, Date64, Dictionary, Float32, Float64, Int64, LargeUtf8, Null, Timestamp, UInt64, Utf8, Utf8View,
    };
    Some(match (one, other) {
        (one, other) if one == other => one.clone(),
        (Null, other) | (other, Null) => other.clone(),
        (Dictionary(_, one), Dictionary(_, other)) => common_type(one, other)?,
        (Dictionary(_, one), other) => common_type(one, other)?,
        (one, Dictionary(_, other)) => common_type(one, other)?,
        (one, other) if one.is_unsigned_integer() && other.is_unsigned_integer() => UInt64,
        // What does not fit the signed one is an error when it is read.
        (one, other) if one.is_integer() && other.is_integer() => Int64,
        (Float32 | Float64, Float32 | Float64) => Float64,
        (Date32 | Date64, Date32 | Date64) => Date32,
        (Utf8 | LargeUtf8 | Utf8View, Utf8 | LargeUtf8 | Utf8View) => LargeUtf8,
        (Timestamp(one, zone), Timestamp(other, same)) if zone == same => Timestamp(finer(*one, *other), zone.clone()),
        _ => return None,
    })
}

fn finer(one: TimeUnit, other: TimeUnit) -> TimeUnit {
    let rank = |unit| match unit {
        TimeUnit::Second => 0,
        TimeUnit::Millisecond => 1,
        TimeUnit::Microsecond => 2,
        TimeUnit::Nanosecond => 3,
    };
    if rank(one) < rank(other) { other } else { one }
}
