//! The codes of a dictionary: where the value of each row stands.

use arrow::array::{Array, ArrayRef, PrimitiveArray, downcast_dictionary_array};
use arrow::datatypes::{ArrowNativeType, ArrowPrimitiveType};

use super::interner::NONE;
use crate::error::{Error, Result};

/// The place of each row's value in a dictionary; [`NONE`] for null rows. Arrow's own reading of the places stops the
/// program where a dictionary has no values.
///
/// # Errors
/// If the array is no dictionary.
pub fn dictionary_codes(array: &ArrayRef) -> Result<Vec<u32>> {
    downcast_dictionary_array!(
        array => Ok(codes(array.keys())),
        _ => Err(no_dictionary())
    )
}

/// The first row whose code is beyond the dictionary.
///
/// # Errors
/// If the array is no dictionary.
pub fn first_beyond(array: &ArrayRef) -> Result<Option<usize>> {
    downcast_dictionary_array!(
        array => Ok(first_from(array.keys(), array.values().len())),
        _ => Err(no_dictionary())
    )
}

fn codes<T: ArrowPrimitiveType>(keys: &PrimitiveArray<T>) -> Vec<u32> {
    // A negative one is beyond all as an unsigned one.
    let code = |key: &T::Native| u32::try_from(key.as_usize()).unwrap_or(NONE);
    let mut codes: Vec<u32> = keys.values().iter().map(code).collect();
    if let Some(nulls) = keys.nulls().filter(|nulls| nulls.null_count() > 0) {
        for (code, valid) in codes.iter_mut().zip(nulls) {
            *code = if valid { *code } else { NONE };
        }
    }
    codes
}

/// The first row whose key is so large or larger.
fn first_from<T: ArrowPrimitiveType>(keys: &PrimitiveArray<T>, count: usize) -> Option<usize> {
    let beyond = |key: T::Native| key.as_usize() >= count;
    // What stands in null rows may be anything. Hardly any array has another, so that all are looked at at once.
    if !keys.values().iter().fold(false, |any, &key| any | beyond(key)) {
        return None;
    }
    (0..keys.len()).find(|&row| keys.is_valid(row) && beyond(keys.value(row)))
}

fn no_dictionary() -> Error {
    Error::Internal("an array that is no dictionary was taken for one".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int8Array, Int64Array, UInt16Array};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_of_any_type_are_codes(keys in prop::collection::vec(prop::option::of(0u8..100), 0..50), count in 0usize..100) {
            let expected: Vec<u32> = keys.iter().map(|key| key.map_or(NONE, u32::from)).collect();
            let beyond = keys.iter().position(|key| key.is_some_and(|key| usize::from(key) >= count));
            let short: Int8Array = keys.iter().map(|key| key.map(|key| i8::try_from(key).unwrap())).collect();
            let middle: UInt16Array = keys.iter().map(|key| key.map(u16::from)).collect();
            let long: Int64Array = keys.iter().map(|key| key.map(i64::from)).collect();
            prop_assert_eq!(&codes(&short), &expected);
            prop_assert_eq!(&codes(&middle), &expected);
            prop_assert_eq!(&codes(&long), &expected);
            prop_assert_eq!(first_from(&short, count), beyond);
            prop_assert_eq!(first_from(&middle, count), beyond);
            prop_assert_eq!(first_from(&long, count), beyond);
        }
    }

    #[test]
    fn a_negative_key_is_beyond_every_dictionary() {
        let keys = Int8Array::from(vec![Some(0), None, Some(-1)]);
        assert_eq!(first_from(&keys, 128), Some(2));
        assert_eq!(codes(&keys), [0, NONE, NONE]);
    }
}
