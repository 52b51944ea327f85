//! Key interner: codes for keys, 0, 1, 2 … in the order of first sight (as `GroupValues::intern`).

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::bytes::same_bytes;
use super::identities::Keys;
use super::keys::KeyType;

/// The code of a null.
pub const NONE: u32 = u32::MAX;

/// Sixty-four bits, mixed (the finaliser of `MurmurHash3`): no two numbers share a hash.
#[must_use]
pub fn hash_bits(bits: u64) -> u64 {
    let mixed = (bits ^ (bits >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    mixed ^ (mixed >> 33)
}

/// A hash of bytes that is the same in every process.
#[must_use]
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = foldhash::fast::FixedState::with_seed(0x00F0_07FA_1100).build_hasher();
    hasher.write(bytes);
    hash_bits(hasher.finish() ^ bytes.len() as u64)
}

/// Gives each identity a code: 0, 1, 2 … in the order of first sight.
#[derive(Debug, Clone)]
pub struct KeyInterner {
    table: HashTable<u32>,
    hashes: Vec<u64>,
    ids: Keys,
}

impl KeyInterner {
    /// An empty table for identities of a type.
    #[must_use]
    pub fn new(kind: &KeyType) -> Self {
        Self {
            table: HashTable::new(),
            hashes: Vec::new(),
            ids: kind.none(),
        }
    }

    /// A table of identities, each of which has its place as its code.
    #[must_use]
    pub fn of(ids: &Keys) -> Self {
        let mut made = Self {
            table: HashTable::new(),
            hashes: Vec::new(),
            ids: ids.take(std::iter::empty()),
        };
        (0..ids.len()).for_each(|row| _ = made.intern(ids, row));
        made
    }

    /// The identities by code.
    #[must_use]
    pub fn ids(&self) -> &Keys {
        &self.ids
    }

    /// The identities by code, the table given up.
    #[must_use]
    pub fn into_ids(self) -> Keys {
        self.ids
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The code of row `row` of `from`, new or known.
    pub fn intern(&mut self, from: &Keys, row: usize) -> u32 {
        match from {
            Keys::Bits(bits) => self.intern_bits(bits[row]),
            Keys::Bytes(bytes) => self.intern_bytes(hash_bytes(bytes.get(row)), bytes.get(row)),
        }
    }

    /// The code of a number, new or known.
    pub fn intern_bits(&mut self, bits: u64) -> u32 {
        let hash = hash_bits(bits);
        let Keys::Bits(known) = &mut self.ids else { return NONE };
        let code = code(known.len());
        let same = |&code: &u32| known[code as usize] == bits;
        match self.table.entry(hash, same, |&code| self.hashes[code as usize]) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                entry.insert(code);
                known.push(bits);
                self.hashes.push(hash);
                code
            }
        }
    }

    /// The code of bytes, new or known.
    pub fn intern_bytes(&mut self, hash: u64, bytes: &[u8]) -> u32 {
        let Keys::Bytes(known) = &mut self.ids else { return NONE };
        let code = code(known.len());
        let same = |&code: &u32| self.hashes[code as usize] == hash && same_bytes(known.get(code as usize), bytes);
        match self.table.entry(hash, same, |&code| self.hashes[code as usize]) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                entry.insert(code);
                known.push(bytes);
                self.hashes.push(hash);
                code
            }
        }
    }

    /// The code of row `row` of `from`, if it is known.
    #[must_use]
    pub fn find(&self, from: &Keys, row: usize) -> Option<u32> {
        match (from, &self.ids) {
            (Keys::Bits(bits), Keys::Bits(known)) => self
                .table
                .find(hash_bits(bits[row]), |&code| known[code as usize] == bits[row])
                .copied(),
            (Keys::Bytes(bytes), Keys::Bytes(known)) => {
                let value = bytes.get(row);
                self.table
                    .find(hash_bytes(value), |&code| known.get(code as usize) == value)
                    .copied()
            }
            _ => None,
        }
    }
}

/// No table holds 2³² identities: a partition of so many rows is refused when it is made.
#[allow(clippy::cast_possible_truncation)]
fn code(index: usize) -> u32 {
    index as u32
}
