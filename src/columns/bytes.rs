//! Strings and binary values of every Arrow layout, read as plain bytes.

use arrow::array::{
    Array, ArrayAccessor, ArrayRef, AsArray, BinaryArray, BinaryViewArray, FixedSizeBinaryArray, GenericByteArray,
    LargeBinaryArray, LargeStringArray, StringArray, StringViewArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowNativeType, BinaryType, ByteArrayType, DataType, LargeBinaryType, LargeUtf8Type, Utf8Type,
};

use super::dictionary::dictionary_codes;
use super::interner::NONE;
use crate::error::{Error, Result};
use crate::runtime;

/// Many byte strings, one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bytes {
    ends: Vec<usize>,
    data: Vec<u8>,
}

/// What has no more bytes than this is moved in one piece, without a call into a library, though it ends before the piece
/// does; most keys are such.
const SMALL: usize = 16;
const MIDDLE: usize = 32;
const LARGE: usize = 64;

impl Bytes {
    /// None yet, with room for so many of so many bytes in all.
    #[must_use]
    pub fn with_capacity(count: usize, bytes: usize) -> Self {
        Self {
            ends: Vec::with_capacity(count),
            // The last piece may be longer than what is left of it.
            data: Vec::with_capacity(bytes + LARGE),
        }
    }

    /// Add one of others at the end.
    #[inline]
    pub fn push_from(&mut self, from: &Self, index: usize) {
        let (start, end) = from.span(index);
        let rest = &from.data[start..];
        let length = end - start;
        if length <= SMALL {
            self.push_piece::<SMALL>(rest, length);
        } else if length <= MIDDLE {
            self.push_piece::<MIDDLE>(rest, length);
        } else if length <= LARGE {
            self.push_piece::<LARGE>(rest, length);
        } else {
            self.data.extend_from_slice(&rest[..length]);
        }
        self.ends.push(self.data.len());
    }

    /// Add the first of some bytes.
    #[inline]
    fn push_piece<const N: usize>(&mut self, bytes: &[u8], length: usize) {
        match bytes.first_chunk::<N>() {
            Some(piece) => {
                let stays = self.data.len() + length;
                self.data.extend_from_slice(piece);
                self.data.truncate(stays);
            }
            // The last of all.
            None => self.data.extend_from_slice(&bytes[..length]),
        }
    }

    /// Add one at the end.
    pub fn push(&mut self, value: &[u8]) {
        self.data.extend_from_slice(value);
        self.ends.push(self.data.len());
    }

    /// Add the values of an array that has no nulls and one buffer, all at once; whether it is such an array.
    pub fn append(&mut self, array: &ArrayRef) -> bool {
        match array.data_type() {
            _ if array.null_count() > 0 => return false,
            DataType::Utf8 => self.append_buffer::<Utf8Type>(array.as_bytes()),
            DataType::LargeUtf8 => self.append_buffer::<LargeUtf8Type>(array.as_bytes()),
            DataType::Binary => self.append_buffer::<BinaryType>(array.as_bytes()),
            DataType::LargeBinary => self.append_buffer::<LargeBinaryType>(array.as_bytes()),
            _ => return false,
        }
        true
    }

    fn append_buffer<T: ByteArrayType>(&mut self, array: &GenericByteArray<T>) {
        let start = self.data.len();
        let offsets = array.value_offsets();
        let (first, last) = (offsets[0].as_usize(), offsets[array.len()].as_usize());
        self.data.extend_from_slice(&array.value_data()[first..last]);
        self.ends
            .extend(offsets[1..].iter().map(|end| start + end.as_usize() - first));
    }

    /// Add those in a range of others.
    pub fn extend_from(&mut self, from: &Self, range: std::ops::Range<usize>) {
        let first = if range.start == 0 {
            0
        } else {
            from.ends[range.start - 1]
        };
        let last = if range.is_empty() {
            first
        } else {
            from.ends[range.end - 1]
        };
        let start = self.data.len();
        self.data.extend_from_slice(&from.data[first..last]);
        self.ends.extend(from.ends[range].iter().map(|end| start + end - first));
    }

    /// Give the memory of those in a range back; they are not read again.
    pub fn release(&mut self, range: std::ops::Range<usize>) {
        if !range.is_empty() {
            let first = range.start.checked_sub(1).map_or(0, |before| self.ends[before]);
            runtime::release(&mut self.data[first..self.ends[range.end - 1]]);
        }
    }

    /// The length of each, and all of them one after another.
    #[must_use]
    pub fn into_parts(self) -> (Vec<usize>, Vec<u8>) {
        let mut last = 0;
        let length = |end: usize| end - std::mem::replace(&mut last, end);
        (self.ends.into_iter().map(length).collect(), self.data)
    }

    /// What they take in memory.
    #[must_use]
    pub fn size(&self) -> usize {
        self.data.len() + size_of_val(self.ends.as_slice())
    }

    /// How many bytes they have in all.
    #[must_use]
    pub fn data_len(&self) -> usize {
        self.data.len()
    }

    /// The one at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> &[u8] {
        let (start, end) = self.span(index);
        &self.data[start..end]
    }

    #[inline]
    fn span(&self, index: usize) -> (usize, usize) {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        (start, self.ends[index])
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Whether two byte strings are the same.
#[inline]
#[must_use]
pub(super) fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    match one.len() {
        length if length != other.len() => false,
        8..=16 => same_ends::<8>(one, other),
        17..=32 => same_ends::<16>(one, other),
        33..=64 => same_ends::<32>(one, other),
        _ => one == other,
    }
}

/// Whether two byte strings have the same first and last bytes, which may overlap.
#[inline]
fn same_ends<const N: usize>(one: &[u8], other: &[u8]) -> bool {
    one.first_chunk::<N>() == other.first_chunk() && one.last_chunk::<N>() == other.last_chunk()
}

/// Call `f` with each value of an array, written as text; nulls are left out.
///
/// # Errors
/// If Arrow cannot write the values.
pub fn for_each_text(array: &ArrayRef, mut f: impl FnMut(&str)) -> Result<()> {
    let text = cast(array, &DataType::Utf8)?;
    text.as_string::<i32>().iter().flatten().for_each(&mut f);
    Ok(())
}

/// Call `f` with each value of a string or binary array, `None` for nulls; dictionaries are looked up.
///
/// # Errors
/// If the array holds something else.
pub fn for_each_bytes(array: &ArrayRef, mut f: impl FnMut(Option<&[u8]>)) -> Result<()> {
    match array.data_type() {
        DataType::Utf8 => each::<&StringArray, _>(array.as_string(), f),
        DataType::LargeUtf8 => each::<&LargeStringArray, _>(array.as_string(), f),
        DataType::Utf8View => each::<&StringViewArray, _>(array.as_string_view(), f),
        DataType::Binary => each::<&BinaryArray, _>(array.as_binary(), f),
        DataType::LargeBinary => each::<&LargeBinaryArray, _>(array.as_binary(), f),
        DataType::BinaryView => each::<&BinaryViewArray, _>(array.as_binary_view(), f),
        DataType::FixedSizeBinary(_) => each::<&FixedSizeBinaryArray, _>(array.as_fixed_size_binary(), f),
        DataType::Null => (0..array.len()).for_each(|_| f(None)),
        DataType::Dictionary(_, _) => return each_of_dictionary(array, f),
        other => return Err(Error::Data(format!("{other} is neither strings nor bytes"))),
    }
    Ok(())
}

#[allow(clippy::needless_pass_by_value)] // An accessor is a reference.
fn each<'a, A, B>(array: A, mut f: impl FnMut(Option<&[u8]>))
where
    A: ArrayAccessor<Item = &'a B>,
    B: AsRef<[u8]> + ?Sized + 'a,
{
    for row in 0..array.len() {
        f(array.is_valid(row).then(|| array.value(row).as_ref()));
    }
}

fn each_of_dictionary(array: &ArrayRef, mut f: impl FnMut(Option<&[u8]>)) -> Result<()> {
    let dictionary = array.as_any_dictionary();
    let mut values = Bytes::default();
    let mut valid = Vec::with_capacity(dictionary.values().len());
    let mut look = |value: Option<&[u8]>| {
        valid.push(value.is_some());
        values.push(value.unwrap_or_default());
    };
    // Behind a reference, so that dictionaries of dictionaries need no function without end.
    for_each_bytes(dictionary.values(), &mut look as &mut dyn FnMut(Option<&[u8]>))?;
    for code in dictionary_codes(array)? {
        let at = code as usize;
        f((code != NONE && valid[at]).then(|| values.get(at)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_are_what_was_asked_for(
            values in prop::collection::vec("[ab]{0,70}", 0..40),
            order in prop::collection::vec(0usize..40, 0..60),
        ) {
            let mut from = Bytes::default();
            for value in &values {
                from.push(value.as_bytes());
            }
            let order: Vec<usize> = order.into_iter().filter(|at| *at < values.len()).collect();
            let mut to = Bytes::with_capacity(order.len(), from.data_len());
            for at in &order {
                to.push_from(&from, *at);
            }
            let found: Vec<&[u8]> = (0..to.len()).map(|at| to.get(at)).collect();
            let wanted: Vec<&[u8]> = order.iter().map(|at| values[*at].as_bytes()).collect();
            prop_assert_eq!(found, wanted);
        }

        #[test]
        fn bytes_are_the_same_where_all_of_them_are(
            one in "[ab]{0,70}",
            at in 0usize..70,
            longer in any::<bool>(),
        ) {
            prop_assert!(same_bytes(one.as_bytes(), one.clone().as_bytes()));
            let mut other = one.clone().into_bytes();
            if longer {
                other.push(b'a');
            } else if let Some(byte) = other.get_mut(at) {
                *byte = b'c';
            }
            prop_assert_eq!(same_bytes(one.as_bytes(), &other), one.as_bytes() == other.as_slice());
        }
    }
}
