//! Values of a label that were met just now: labels repeat, and a comparison costs half of what a hash and a lookup do.

use crate::columns::{KeyInterner, Keys, hash_bytes};

/// The value met last of each of some kinds.
pub(super) struct RecentValues([Option<(Outline, u32)>; SLOTS]);

const SLOTS: usize = 1 << 7;

/// Up to this length the outline of a value is all of it.
const SHORT: usize = 16;

/// The length of a value, and its first and last bytes, which may overlap.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Outline {
    length: usize,
    first: u64,
    last: u64,
}

impl Outline {
    #[inline]
    fn of(value: &[u8]) -> Self {
        let at = |at: usize| u64::from(value[at]);
        let length = value.len();
        let (first, last) = match (value.first_chunk(), value.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match (value.first_chunk(), value.last_chunk()) {
                (Some(first), Some(last)) => (
                    u64::from(u32::from_le_bytes(*first)),
                    u64::from(u32::from_le_bytes(*last)),
                ),
                _ if length == 0 => (0, 0),
                _ => (at(0), at(length / 2) << 8 | at(length - 1)),
            },
        };
        Self { length, first, last }
    }

    #[allow(clippy::cast_possible_truncation)] // As many bits as slots have.
    fn slot(self) -> usize {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        let mixed = (self.first ^ self.last.rotate_left(23) ^ self.length as u64).wrapping_mul(MIX);
        (mixed >> (u64::BITS - SLOTS.trailing_zeros())) as usize
    }
}

impl Default for RecentValues {
    fn default() -> Self {
        Self([None; SLOTS])
    }
}

impl RecentValues {
    /// The code of a value, new or known; the table holds no others than those that were asked for here.
    #[inline]
    pub(super) fn code(&mut self, table: &mut KeyInterner, value: &[u8]) -> u32 {
        let outline = Outline::of(value);
        let slot = &mut self.0[outline.slot()];
        match *slot {
            Some((other, code)) if other == outline && (outline.length <= SHORT || same(table, code, value)) => code,
            _ => {
                let code = table.intern_bytes(hash_bytes(value), value);
                *slot = Some((outline, code));
                code
            }
        }
    }
}

/// Whether a value is that of a code.
fn same(table: &KeyInterner, code: u32, value: &[u8]) -> bool {
    match table.ids() {
        Keys::Bytes(known) => known.get(code as usize) == value,
        Keys::Bits(_) => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::columns::KeyType;
    use arrow::datatypes::{DataType, Field};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn codes_are_those_of_the_table(
            values in prop::collection::vec(prop_oneof!["[ab]{0,4}", "[ab]{7,9}", "[ab]{15,18}", "a{7}[ab]{0,3}a{8}"], 0..400),
        ) {
            let label = KeyType::label("event", &Field::new("event", DataType::Utf8, true)).unwrap();
            let (mut table, mut plain) = (KeyInterner::new(&label), KeyInterner::new(&label));
            let mut recent = RecentValues::default();
            for value in &values {
                let value = value.as_bytes();
                prop_assert_eq!(recent.code(&mut table, value), plain.intern_bytes(hash_bytes(value), value));
            }
            prop_assert_eq!(table.ids(), plain.ids());
        }
    }
}
