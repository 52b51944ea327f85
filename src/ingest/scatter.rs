//! Scattered morsel: one morsel of rows in the order of the partitions that they go to.

use std::iter::repeat_n;

use crate::columns::{KeyInterner, Keys, Part, hash_bits};
use crate::error::Result;

use super::decode::DecodedMorsel;
use super::layout::Layout;
use super::morsel::MorselColumns;
use super::morsel_keys::MorselKeys;
use super::parse_errors::LogParseErrors;
use super::reject_mask::RejectMask;
use super::repeats::repeats;
use crate::log::{ReadStats, RejectReason};
use crate::packed::{Packed, PackedAmounts};

/// A piece whose rows stand partition by partition.
#[derive(Debug)]
pub(crate) struct ScatteredMorsel {
    starts: Vec<u32>,
    pub(crate) chunk: MorselColumns,
    /// The values of each label, by the piece's own codes.
    pub(crate) values: Vec<KeyInterner>,
    /// The numbers of cancelled orders, where refunds name orders.
    pub(crate) voided: Option<Keys>,
    pub(crate) errors: LogParseErrors,
    pub(crate) stats: ReadStats,
}

impl ScatteredMorsel {
    pub(crate) fn read(layout: &Layout, piece: &[Part], partitions: usize) -> Result<Self> {
        Ok(Self::of(layout, DecodedMorsel::read(layout, piece)?, partitions))
    }

    /// Columns are packed while they lie one row after another: put in order then, they are half as wide.
    fn of(layout: &Layout, rows: DecodedMorsel, partitions: usize) -> Self {
        let hashes = MorselColumns::hashes(&rows.keys);
        let mut goals = goals(&rows.keys, &hashes, partitions);
        for &row in &rows.guests {
            goals[row] = guests_of(partitions);
        }
        let (starts, order) = counting_sort(&rows.rejects, &mut goals, partitions + 1);
        let voided = voided(layout, &rows);
        let (values, labels): (Vec<_>, Vec<_>) = rows.labels.into_iter().unzip();
        let chunk = MorselColumns {
            keys: MorselKeys::from(rows.keys).pack(),
            hashes,
            time: rows.time.pack(),
            amount: match rows.cents {
                Some(cents) => Some(PackedAmounts::Float(Packed::Narrow((), cents))),
                None => rows.amount.map(|amount| PackedAmounts::from(amount).pack()),
            },
            ids: rows
                .ids
                .into_iter()
                .map(|(ids, valid)| (MorselKeys::from(ids).pack(), valid))
                .collect(),
            labels: labels.into_iter().map(|codes| Packed::Wide(codes).pack()).collect(),
            numbers: rows.numbers,
        };
        Self {
            starts,
            chunk: if is_identity(&order, chunk.len()) {
                chunk
            } else {
                chunk.take(&order)
            },
            values,
            voided,
            errors: rows.errors,
            stats: rows.stats,
        }
    }

    /// Rows whose customers are known now, partition by partition; codes of labels stay what they are.
    pub(crate) fn adopted(layout: &Layout, chunk: &MorselColumns, orphans: &[bool], partitions: usize) -> Self {
        let keys = chunk.keys.in_rows(0..chunk.len());
        let mut goals = goals(&keys, &chunk.hashes, partitions);
        for (goal, _) in goals.iter_mut().zip(orphans).filter(|(_, orphan)| **orphan) {
            *goal = guests_of(partitions);
        }
        let (starts, order) = sorted_by(|| goals.iter().copied().zip(0..), partitions + 1);
        Self {
            starts,
            chunk: chunk.take(&order),
            values: Vec::new(),
            voided: None,
            errors: LogParseErrors::new(layout),
            stats: ReadStats::default(),
        }
    }

    /// Forget the rows of guests, which stand elsewhere now.
    pub(crate) fn leave_guests(&mut self) {
        if let [.., before, last] = self.starts.as_mut_slice() {
            *last = *before;
        }
    }

    /// The rows that go to some partitions, which stand side by side.
    pub(crate) fn rows_of(&self, partitions: std::ops::Range<usize>) -> std::ops::Range<usize> {
        self.rows(partitions.start).start..self.rows(partitions.end - 1).end
    }

    /// The rows that go to a partition.
    pub(crate) fn rows(&self, partition: usize) -> std::ops::Range<usize> {
        self.starts[partition] as usize..self.starts[partition + 1] as usize
    }
}

/// The partition of each row.
fn goals(keys: &Keys, hashes: &[u64], partitions: usize) -> Vec<u16> {
    match keys {
        Keys::Bits(bits) if repeats(bits) => {
            let mut goals = Vec::with_capacity(bits.len());
            for same in bits.chunk_by(|a, b| a == b) {
                goals.extend(repeat_n(partition_of(hash_bits(same[0]), partitions), same.len()));
            }
            goals
        }
        Keys::Bits(bits) => bits
            .iter()
            .map(|&bits| partition_of(hash_bits(bits), partitions))
            .collect(),
        Keys::Bytes(_) => hashes.iter().map(|&hash| partition_of(hash, partitions)).collect(),
    }
}

/// Where the rows of guests go: behind all partitions, of which there are at most 2⁹.
fn guests_of(partitions: usize) -> u16 {
    u16::try_from(partitions).unwrap_or(u16::MAX)
}

/// The numbers of the orders whose rows are cancelled.
fn voided(layout: &Layout, rows: &DecodedMorsel) -> Option<Keys> {
    layout.index.refund_of?;
    let (ids, valid) = &rows.ids[layout.order_id()?];
    let cancelled = |row: &usize| valid[*row] && rows.rejects.reason(*row) == Some(RejectReason::Cancelled);
    let numbers = ids.take((0..valid.len()).filter(cancelled));
    Some(match layout.ids[layout.order_id()?].1.none() {
        Keys::Bits(_) => numbers,
        Keys::Bytes(_) => MorselKeys::from(numbers).to_text(),
    })
}

/// The kept rows by partition, in their own order within each.
fn counting_sort(rejects: &RejectMask, goals: &mut [u16], partitions: usize) -> (Vec<u32>, Vec<u32>) {
    if rejects.clean() {
        return sorted(goals, partitions);
    }
    // Rows that are left out go behind all others, and are cut off: a question at each of them would cost more.
    let behind = u16::try_from(partitions).unwrap_or(u16::MAX);
    for (goal, reason) in goals.iter_mut().zip(rejects.reasons()) {
        *goal = if reason.is_some() { behind } else { *goal };
    }
    let (mut starts, mut order) = sorted(goals, partitions + 1);
    starts.pop();
    order.truncate(starts[partitions] as usize);
    (starts, order)
}

fn sorted(goals: &[u16], partitions: usize) -> (Vec<u32>, Vec<u32>) {
    if repeats(goals) {
        sorted_runs(goals, partitions)
    } else {
        sorted_by(|| goals.iter().copied().zip(0..), partitions)
    }
}

/// The same where most rows go where the row before goes: a row that has to wait for the place of the one before takes
/// longer than all else.
fn sorted_runs(goals: &[u16], partitions: usize) -> (Vec<u32>, Vec<u32>) {
    let mut next = vec![0u32; partitions + 1];
    let runs = || {
        goals.chunk_by(|a, b| a == b).scan(0, |first, run| {
            // A morsel has at most 2³² rows.
            let rows = *first..*first + u32::try_from(run.len()).unwrap_or(u32::MAX);
            *first = rows.end;
            Some((usize::from(run[0]), rows))
        })
    };
    for (goal, rows) in runs() {
        next[goal + 1] += rows.end - rows.start;
    }
    for partition in 0..partitions {
        next[partition + 1] += next[partition];
    }
    let starts = next.clone();
    let mut order = vec![0; goals.len()];
    for (goal, rows) in runs() {
        let (first, count) = (next[goal] as usize, rows.len());
        order[first..first + count]
            .iter_mut()
            .zip(rows)
            .for_each(|(place, row)| *place = row);
        next[goal] += u32::try_from(count).unwrap_or(u32::MAX);
    }
    (starts, order)
}

/// Whether all of so many rows stand where they are to stand.
fn is_identity(order: &[u32], rows: usize) -> bool {
    order.len() == rows && order.iter().zip(0..).all(|(row, place)| *row == place)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_are_sorted_as_rows_are(runs in prop::collection::vec((0u16..9, 1usize..6), 0..60)) {
            let goals: Vec<u16> = runs.into_iter().flat_map(|(goal, count)| repeat_n(goal, count)).collect();
            prop_assert_eq!(sorted_runs(&goals, 9), sorted_by(|| goals.iter().copied().zip(0..), 9));
        }

        #[test]
        fn rows_that_are_left_out_are_in_no_partition(
            rows in prop::collection::vec((0u16..9, any::<bool>()), 0..300),
            runs in 1usize..9,
        ) {
            let rows: Vec<(u16, bool)> = rows.into_iter().flat_map(|row| repeat_n(row, runs)).collect();
            let mut mask = RejectMask::default();
            mask.grow(rows.len());
            for (row, _) in rows.iter().enumerate().filter(|(_, (_, out))| *out) {
                mask.reject(row, RejectReason::OtherEvent);
            }
            let mut goals: Vec<u16> = rows.iter().map(|row| row.0).collect();
            let kept = || (0..).zip(&rows).filter(|(_, (_, out))| !out).map(|(row, (goal, _))| (*goal, row));
            let expected = sorted_by(kept, 9);
            prop_assert_eq!(counting_sort(&mask, &mut goals, 9), expected);
        }
    }
}
