//! Integer interner: codes for integer keys, in a hash table that every row of a log is looked up in.

use super::interner::NONE;

/// Gives each number a code: 0, 1, 2 … in the order of first sight.
///
/// A slot holds the low half of a number beside its code, eight bytes in all: the table of a partition then stays in the
/// nearest cache, and a number is compared only where it is nearly sure to be the one.
#[derive(Debug)]
pub struct IntInterner {
    slots: Vec<(u32, u32)>,
    /// How far a product is shifted for the slot.
    shift: u32,
    known: Vec<u64>,
}

const EMPTY: (u32, u32) = (0, NONE);

impl IntInterner {
    /// A table in which that many numbers have room.
    #[must_use]
    pub fn with_capacity(numbers: usize) -> Self {
        let slots = vec![EMPTY; (numbers * 2).next_power_of_two().max(1 << 6)];
        Self {
            shift: shift(&slots),
            slots,
            known: Vec::with_capacity(numbers),
        }
    }

    /// The code of a number, new or known.
    #[inline]
    pub fn intern(&mut self, bits: u64) -> u32 {
        let (mut slot, low) = self.start(bits);
        loop {
            let (other, code) = self.slots[slot];
            if code == NONE {
                return self.add(slot, bits);
            }
            if other == low && self.known[code as usize] == bits {
                return code;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// The numbers by code.
    #[must_use]
    pub fn into_known(self) -> Vec<u64> {
        self.known
    }

    /// The slot in which the search for a number begins, and its low half. The table has 2⁶⁴ / 2^`shift` slots (Fibonacci
    /// hashing: Knuth, The Art of Computer Programming, 6.4).
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // The low half, and a slot of the table.
    fn start(&self, bits: u64) -> (usize, u32) {
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        ((bits.wrapping_mul(GOLDEN) >> self.shift) as usize, bits as u32)
    }

    /// No table holds 2³² numbers: a partition of so many rows is refused when it is made.
    #[cold]
    #[allow(clippy::cast_possible_truncation)] // The low half.
    fn add(&mut self, slot: usize, bits: u64) -> u32 {
        let code = self.known.len() as u32;
        self.slots[slot] = (bits as u32, code);
        self.known.push(bits);
        if self.known.len() * 2 > self.slots.len() {
            self.grow();
        }
        code
    }

    fn grow(&mut self) {
        self.slots = vec![EMPTY; self.slots.len() * 4];
        self.shift = shift(&self.slots);
        for (&bits, code) in self.known.iter().zip(0..) {
            // None is there yet: the first empty slot is its own.
            let (mut slot, low) = self.start(bits);
            while self.slots[slot].1 != NONE {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = (low, code);
        }
    }
}

/// How far a product of 64 bits is shifted for a slot of a table, whose slots are a power of two.
fn shift(slots: &[(u32, u32)]) -> u32 {
    u64::BITS - slots.len().trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn codes_are_those_of_a_map(
            mut keys in prop::collection::vec(prop_oneof![(7u64 << 32)..(7 << 32) + 50, (7u64 << 32)..(8 << 32)], 0..900),
            others in prop::collection::vec(prop_oneof![0u64..50, (7u64 << 32)..(7 << 32) + 50, any::<u64>()], 0..600),
        ) {
            keys.extend(others);
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
