//! Integer interner: codes for integer keys, in a hash table that every row of a log is looked up in.

use super::interner::{NONE, hash_bits};

/// Gives each number a code: 0, 1, 2 … in the order of first sight.
///
/// A slot holds half of the hash beside the code, eight bytes in all: the table of a partition then stays in the nearest
/// cache, and a number is compared only where it is nearly sure to be the one.
#[derive(Debug)]
pub struct IntInterner {
    slots: Vec<(u32, u32)>,
    known: Vec<u64>,
}

const EMPTY: (u32, u32) = (0, NONE);

impl IntInterner {
    /// A table in which that many numbers have room.
    #[must_use]
    pub fn with_capacity(numbers: usize) -> Self {
        Self {
            slots: vec![EMPTY; (numbers * 2).next_power_of_two().max(1 << 6)],
            known: Vec::with_capacity(numbers),
        }
    }

    /// The code of a number, new or known.
    #[inline]
    pub fn intern(&mut self, bits: u64) -> u32 {
        let (slot, tag) = self.slot(bits);
        let (_, code) = self.slots[slot];
        if code == NONE { self.add(slot, tag, bits) } else { code }
    }

    /// The numbers by code.
    #[must_use]
    pub fn into_known(self) -> Vec<u64> {
        self.known
    }

    /// The slot that holds a number, or the empty one that would, and its half of the hash.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // Halves of the hash.
    fn slot(&self, bits: u64) -> (usize, u32) {
        let (hash, mask) = (hash_bits(bits), self.slots.len() - 1);
        let tag = (hash >> 32) as u32;
        let mut slot = hash as usize & mask;
        loop {
            let (other, code) = self.slots[slot];
            if code == NONE || (other == tag && self.known[code as usize] == bits) {
                return (slot, tag);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// No table holds 2³² numbers: a partition of so many rows is refused when it is made.
    #[cold]
    #[allow(clippy::cast_possible_truncation)]
    fn add(&mut self, slot: usize, tag: u32, bits: u64) -> u32 {
        let code = self.known.len() as u32;
        self.slots[slot] = (tag, code);
        self.known.push(bits);
        if self.known.len() * 2 > self.slots.len() {
            self.grow();
        }
        code
    }

    #[allow(clippy::cast_possible_truncation)] // Halves of the hash.
    fn grow(&mut self) {
        self.slots = vec![EMPTY; self.slots.len() * 4];
        for (&bits, code) in self.known.iter().zip(0..) {
            // None is there yet: the first empty slot is its own.
            let (hash, mask) = (hash_bits(bits), self.slots.len() - 1);
            let mut slot = hash as usize & mask;
            while self.slots[slot].1 != NONE {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = ((hash >> 32) as u32, code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn codes_are_those_of_a_map(keys in prop::collection::vec(prop_oneof![0u64..50, any::<u64>()], 0..3000)) {
            let (mut table, mut map) = (IntInterner::with_capacity(0), HashMap::new());
            for &key in &keys {
                let next = u32::try_from(map.len()).unwrap();
                prop_assert_eq!(table.intern(key), *map.entry(key).or_insert(next));
            }
            let known = table.into_known();
            prop_assert!(known.iter().zip(0..).all(|(key, code)| map[key] == code));
        }
    }
}
