//! Codes for the numbers that are keys: the table that every row of a log is looked up in.

use super::id_table::{NONE, hash_bits};

/// Gives each number a code: 0, 1, 2 … in the order of first sight.
///
/// A slot holds key and code side by side, so that a lookup touches one cache line; in a general table it is three
/// (control byte, code, key).
#[derive(Debug)]
pub struct BitTable {
    slots: Vec<(u64, u32)>,
    known: Vec<u64>,
}

const EMPTY: (u64, u32) = (0, NONE);

impl Default for BitTable {
    fn default() -> Self {
        Self {
            slots: vec![EMPTY; 1 << 10],
            known: Vec::new(),
        }
    }
}

impl BitTable {
    /// The code of a number, new or known.
    #[inline]
    pub fn intern(&mut self, bits: u64) -> u32 {
        let slot = self.slot(bits);
        let (_, code) = self.slots[slot];
        if code == NONE { self.add(slot, bits) } else { code }
    }

    /// The numbers by code.
    #[must_use]
    pub fn into_known(self) -> Vec<u64> {
        self.known
    }

    /// The slot that holds a number, or the empty one that would.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // Masked to the number of slots.
    fn slot(&self, bits: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash_bits(bits) as usize & mask;
        while self.slots[slot].1 != NONE && self.slots[slot].0 != bits {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// No table holds 2³² numbers: a partition of so many rows is refused when it is made.
    #[cold]
    #[allow(clippy::cast_possible_truncation)]
    fn add(&mut self, slot: usize, bits: u64) -> u32 {
        let code = self.known.len() as u32;
        self.slots[slot] = (bits, code);
        self.known.push(bits);
        if self.known.len() * 2 > self.slots.len() {
            self.slots = vec![EMPTY; self.slots.len() * 2];
            for (bits, code) in std::mem::take(&mut self.known).into_iter().zip(0..) {
                let slot = self.slot(bits);
                self.slots[slot] = (bits, code);
                self.known.push(bits);
            }
        }
        code
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
            let (mut table, mut map) = (BitTable::default(), HashMap::new());
            for &key in &keys {
                let next = u32::try_from(map.len()).unwrap();
                prop_assert_eq!(table.intern(key), *map.entry(key).or_insert(next));
            }
            let known = table.into_known();
            prop_assert!(known.iter().zip(0..).all(|(key, code)| map[key] == code));
        }
    }
}
