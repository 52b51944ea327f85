//! Assembly: from rows that wait to the partitions of a log, or to the totals of their customers.

use std::ops::Range;
use std::sync::OnceLock;

use crate::error::Result;
use crate::runtime::{self, Task};

use super::assemble::Owner;
use super::layout::Layout;
use super::morsel::MorselColumns;
use super::scatter::ScatteredMorsel;
use super::settle::{SettleRules, Settled};
use super::slices::{PartitionSlice, PartitionSlices};
use super::spilled::SpilledRows;
use super::totals::{self, Found};
use crate::log::{Partition, Spill, StoredPartition};
use crate::packed::{Packed, ShortCodes};

/// Morsels that wait in memory, and what the codes of each of their labels become.
pub(super) type Waiting = Vec<(ScatteredMorsel, Vec<Vec<u32>>)>;

/// Waiting rows of so many bytes are given back part by part, in so many stages, while partitions are built of them.
const MANY_BYTES: usize = 1 << 25;
const STAGES: usize = 16;

/// A partition where it is kept, and what was settled in it.
type Stored = (StoredPartition, Settled);

/// Builds and settles partitions, those of customers and that of guests behind them.
pub(super) struct Assembly<'a> {
    pub(super) layout: &'a Layout,
    pub(super) rules: &'a SettleRules<'a>,
    pub(super) guests: usize,
    pub(super) task: &'a Task,
}

impl Assembly<'_> {
    fn partition(&self, at: usize, runs: &[PartitionSlice<'_>]) -> Result<(Partition, Settled)> {
        let owner = if at == self.guests {
            Owner::Guests
        } else {
            Owner::Customers
        };
        let built = Partition::build(self.layout, PartitionSlices(runs), owner, self.task)?;
        self.rules.settle(built, owner)
    }

    fn find(&self, runs: PartitionSlices<'_>) -> Result<Found> {
        let mut found = totals::find(self.layout, runs, self.task)?;
        self.rules.settle_keys(&mut found.head);
        Ok(found)
    }

    /// All rows wait in memory, and wait on: what is found is their customers, with their totals, and the customer of each
    /// row by number, in the place of its key. Guests have no totals, and are few.
    pub(super) fn totals(
        &self,
        pieces: &mut Waiting,
        ranks: &[Vec<u32>],
    ) -> Result<(Vec<Stored>, Vec<Packed<ShortCodes>>)> {
        for (_, codes) in pieces.iter_mut() {
            translate(codes, ranks);
        }
        let (guests, settled) = self.partition(self.guests, &runs(pieces, self.guests))?;
        let found = self.in_stages(pieces, self.guests, MorselColumns::release_keys, |_, runs| {
            let found = self.find(PartitionSlices(runs))?;
            let stored = StoredPartition::Ungrouped(found.head, found.totals, OnceLock::new());
            Ok(((stored, Settled::of_lines(found.repeated)), Packed::new(&found.codes)))
        })?;
        for (split, _) in pieces.iter_mut() {
            split.chunk.drop_keys();
        }
        let (mut all, codes): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        all.push((StoredPartition::in_memory(guests), settled));
        Ok((all, codes))
    }

    /// All rows waited in memory, and stay there.
    pub(super) fn in_memory(&self, mut pieces: Waiting, ranks: &[Vec<u32>]) -> Result<Vec<Stored>> {
        for (_, codes) in &mut pieces {
            translate(codes, ranks);
        }
        self.in_stages(&mut pieces, self.guests + 1, MorselColumns::release, |at, runs| {
            let (built, settled) = self.partition(at, runs)?;
            Ok((StoredPartition::in_memory(built), settled))
        })
    }

    /// Something of each partition. Of many rows those that were read are released part by part.
    fn in_stages<T: Send>(
        &self,
        pieces: &mut Waiting,
        partitions: usize,
        release: impl Fn(&mut MorselColumns, Range<usize>),
        of: impl Fn(usize, &[PartitionSlice<'_>]) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let held: usize = pieces.iter().map(|(split, _)| split.chunk.bytes()).sum();
        let stage = if held < MANY_BYTES {
            partitions
        } else {
            partitions.div_ceil(STAGES)
        };
        let mut all = Vec::with_capacity(partitions);
        for begin in (0..partitions).step_by(stage) {
            let end = (begin + stage).min(partitions);
            all.append(&mut runtime::map(end - begin, self.task, |at| {
                of(begin + at, &runs(pieces, begin + at))
            })?);
            // The rows of these partitions stand side by side in every piece.
            for (split, _) in pieces.iter_mut().filter(|_| end < partitions) {
                let rows = split.rows_of(begin..end);
                release(&mut split.chunk, rows);
            }
        }
        Ok(all)
    }

    /// The rows wait in a file. They stay there, and what is found is their customers, with their totals where rows are
    /// orders; or they go to another, by customer.
    pub(super) fn spilled(&self, waiting: &SpilledRows, file: &Spill) -> Result<Vec<Stored>> {
        runtime::map(self.guests + 1, self.task, |at| {
            waiting.with(at, |runs| {
                if at < self.guests && self.layout.rows_stay() {
                    let found = self.find(runs)?;
                    let totals = found.totals.map(|totals| totals.write(file)).transpose()?;
                    return Ok((
                        StoredPartition::Waiting(found.head, totals),
                        Settled::of_lines(found.repeated),
                    ));
                }
                let (built, settled) = self.partition(at, runs.0)?;
                let (head, rows, orders) = built.pack()?;
                let orders = orders.map(|orders| file.compress(&orders)).transpose()?;
                Ok((StoredPartition::Spilled(head, file.compress(&rows)?, orders), settled))
            })
        })
    }
}

/// What codes become, become something else.
fn translate(codes: &mut [Vec<u32>], ranks: &[Vec<u32>]) {
    for (codes, ranks) in codes.iter_mut().zip(ranks) {
        for code in codes {
            *code = ranks[*code as usize];
        }
    }
}

/// The rows of a partition in some pieces.
pub(super) fn runs(pieces: &[(ScatteredMorsel, Vec<Vec<u32>>)], at: usize) -> Vec<PartitionSlice<'_>> {
    let rows = pieces.iter().map(|(split, _)| split.rows(at));
    let runs = pieces.iter().zip(rows).filter(|(_, rows)| !rows.is_empty());
    runs.map(|((split, codes), rows)| PartitionSlice {
        chunk: &split.chunk,
        rows,
        codes,
    })
    .collect()
}
