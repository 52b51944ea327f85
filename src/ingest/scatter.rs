//! Scattered morsel: one morsel of rows in the order of the partitions that they go to.

use crate::columns::{Amounts, Bytes, KeyInterner, Keys, hash_bits, hash_bytes};
use crate::error::Result;

use super::decode::DecodedMorsel;
use super::layout::Layout;
use super::morsel::MorselColumns;
use super::parse_errors::LogParseErrors;
use super::reject_mask::RejectMask;
use crate::columns::Part;
use crate::log::ReadStats;

/// A piece whose rows stand partition by partition.
#[derive(Debug)]
pub(crate) struct ScatteredMorsel {
    starts: Vec<u32>,
    pub(crate) chunk: MorselColumns,
    /// The values of each label, by the piece's own codes.
    pub(crate) values: Vec<KeyInterner>,
    pub(crate) errors: LogParseErrors,
    pub(crate) stats: ReadStats,
}

impl ScatteredMorsel {
    pub(crate) fn read(layout: &Layout, piece: &[Part], partitions: usize) -> Result<Self> {
        Ok(Self::of(DecodedMorsel::read(layout, piece)?, partitions))
    }

    fn of(rows: DecodedMorsel, partitions: usize) -> Self {
        let hashes: Vec<u64> = match &rows.keys {
            Keys::Bits(_) => Vec::new(),
            Keys::Bytes(bytes) => (0..bytes.len()).map(|row| hash_bytes(bytes.get(row))).collect(),
        };
        let goals: Vec<u16> = match &rows.keys {
            Keys::Bits(bits) => bits
                .iter()
                .map(|&bits| partition_of(hash_bits(bits), partitions))
                .collect(),
            Keys::Bytes(_) => hashes.iter().map(|&hash| partition_of(hash, partitions)).collect(),
        };
        let (starts, order) = counting_sort(&rows.rejects, &goals, partitions);
        let (values, labels): (Vec<_>, Vec<_>) = rows.labels.into_iter().unzip();
        let chunk = MorselColumns {
            keys: gather_ids(&rows.keys, &order),
            hashes: match rows.keys {
                Keys::Bits(_) => Vec::new(),
                Keys::Bytes(_) => gather(&hashes, &order),
            },
            time: gather(&rows.time, &order),
            amount: rows.amount.map(|amount| match amount {
                Amounts::Float(values) => Amounts::Float(gather(&values, &order)),
                Amounts::Exact(values) => Amounts::Exact(gather(&values, &order)),
            }),
            ids: rows
                .ids
                .iter()
                .map(|(ids, valid)| (gather_ids(ids, &order), gather(valid, &order)))
                .collect(),
            labels: labels.iter().map(|codes: &Vec<u32>| gather(codes, &order)).collect(),
            numbers: rows.numbers.iter().map(|values| gather(values, &order)).collect(),
        };
        Self {
            starts,
            chunk,
            values,
            errors: rows.errors,
            stats: rows.stats,
        }
    }

    /// The rows that go to a partition.
    pub(crate) fn rows(&self, partition: usize) -> std::ops::Range<usize> {
        self.starts[partition] as usize..self.starts[partition + 1] as usize
    }
}

/// The kept rows by partition, in their own order within each.
fn counting_sort(rejects: &RejectMask, goals: &[u16], partitions: usize) -> (Vec<u32>, Vec<u32>) {
    if rejects.clean() {
        sorted_by(|| goals.iter().copied().zip(0..), partitions)
    } else {
        let kept = || {
            goals
                .iter()
                .copied()
                .zip(0..)
                .filter(|(_, row)| rejects.reason(*row as usize).is_none())
        };
        sorted_by(kept, partitions)
    }
}

fn sorted_by<I: Iterator<Item = (u16, u32)>>(rows: impl Fn() -> I, partitions: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; partitions + 1];
    for (goal, _) in rows() {
        starts[usize::from(goal) + 1] += 1;
    }
    for partition in 0..partitions {
        starts[partition + 1] += starts[partition];
    }
    let mut next = starts.clone();
    let mut order = vec![0; starts[partitions] as usize];
    for (goal, row) in rows() {
        let place = &mut next[usize::from(goal)];
        order[*place as usize] = row;
        *place += 1;
    }
    (starts, order)
}

/// Bits that the hash table inside a partition does not look at first; `partitions` is a power of two of at most 2¹⁶.
#[allow(clippy::cast_possible_truncation)] // Masked to the number of partitions.
pub(crate) fn partition_of(hash: u64, partitions: usize) -> u16 {
    ((hash >> 32) as usize & (partitions - 1)) as u16
}

fn gather<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&row| values[row as usize]).collect()
}

fn gather_ids(ids: &Keys, order: &[u32]) -> Keys {
    match ids {
        Keys::Bits(bits) => Keys::Bits(gather(bits, order)),
        Keys::Bytes(bytes) => {
            let mut to = Bytes::default();
            for &row in order {
                to.push(bytes.get(row as usize));
            }
            Keys::Bytes(to)
        }
    }
}
