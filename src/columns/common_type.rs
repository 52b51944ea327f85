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
        (Dictionary(_, one), other) | (other, Dictionary(_, one)) => common_type(one, other)?,
        (one, other) if one.is_unsigned_integer() && other.is_unsigned_integer() => UInt64,
        // What does not fit the signed one is an error when it is read.
        (one, other) if one.is_integer() && other.is_integer() => Int64,
        (Float32 | Float64, Float32 | Float64) => Float64,
        (Date32 | Date64, Date32 | Date64) => Date64,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wider_one_is_taken_whichever_comes_first() {
        let dictionary = |of: DataType| DataType::Dictionary(DataType::Int8.into(), of.into());
        let at = |unit| DataType::Timestamp(unit, None);
        for (one, other, both) in [
            (DataType::Int16, DataType::Int32, Some(DataType::Int64)),
            (DataType::UInt8, DataType::UInt64, Some(DataType::UInt64)),
            (DataType::UInt8, DataType::Int8, Some(DataType::Int64)),
            (DataType::Date32, DataType::Date64, Some(DataType::Date64)),
            (DataType::Null, DataType::Utf8, Some(DataType::Utf8)),
            (
                dictionary(DataType::Utf8),
                DataType::Utf8View,
                Some(DataType::LargeUtf8),
            ),
            (
                at(TimeUnit::Second),
                at(TimeUnit::Microsecond),
                Some(at(TimeUnit::Microsecond)),
            ),
            (
                DataType::Timestamp(TimeUnit::Second, Some("UTC".into())),
                at(TimeUnit::Second),
                None,
            ),
            (DataType::Utf8, DataType::Float64, None),
        ] {
            assert_eq!(common_type(&one, &other), both);
            assert_eq!(common_type(&other, &one), both);
        }
    }
}
