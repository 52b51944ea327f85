//! Log builder: the rows of a log on their way from the source to its partitions, group by group, so that nothing of
//! the source is held beyond one group; past the limit of the memory they wait in a file.

use std::sync::Arc;

use crate::columns::{KeyInterner, Source};
use crate::error::Result;
use crate::runtime::{self, Task};

use super::assembly::{Assembly, Waiting, runs};
use super::guests::Owners;
use super::layout::Layout;
use super::morsel::MorselColumns;
use super::options::Options;
use super::parse_errors::LogParseErrors;
use super::scatter::ScatteredMorsel;
use super::settle::{SettleRules, Settled};
use super::slices::{PartitionSlice, PartitionSlices};
use super::spilled::SpilledRows;
use super::waiting::WaitingRows;
use crate::log::ReadStats;
use crate::log::{Block, Spill, StoredPartition, UngroupedRows};
use crate::log::{Category, DictionaryBuilder};

/// What all rows became.
pub(crate) struct Built {
    pub(crate) stats: ReadStats,
    pub(crate) stored: Vec<StoredPartition>,
    pub(crate) guests: Option<StoredPartition>,
    /// The rows of partitions that are not grouped yet.
    pub(crate) ungrouped: Option<Arc<dyn UngroupedRows>>,
    pub(crate) file: Option<Spill>,
    pub(crate) categories: Vec<Category>,
    pub(crate) settled: Settled,
    /// Whether keys, and order numbers, of text became whole numbers.
    pub(crate) whole_keys: bool,
    pub(crate) whole_orders: bool,
}

/// What a row takes while its group is read, at least: its time, its key, and where it goes.
const ROW_BYTES: usize = 32;

/// Rows that wait for the last group.
pub(crate) struct LogBuilder<'a> {
    layout: Arc<Layout>,
    options: &'a Options,
    partitions: usize,
    /// Pieces in memory, and what the codes of each of their labels become.
    pieces: Waiting,
    /// By partition: what waits in the file.
    blocks: Vec<Vec<Block>>,
    file: Option<Spill>,
    labels: Vec<DictionaryBuilder>,
    /// The numbers of cancelled orders.
    voided: Option<KeyInterner>,
    pub(crate) stats: ReadStats,
    errors: LogParseErrors,
}

impl<'a> LogBuilder<'a> {
    pub(crate) fn new(layout: &Arc<Layout>, options: &'a Options, partitions: usize) -> Self {
        Self {
            layout: layout.clone(),
            options,
            partitions,
            pieces: Vec::new(),
            blocks: vec![Vec::new(); partitions + 1],
            file: None,
            labels: layout
                .labels
                .iter()
                .map(|(_, kind)| DictionaryBuilder::new(kind))
                .collect(),
            voided: layout.order_id().map(|role| KeyInterner::new(&layout.ids[role].1)),
            stats: ReadStats::new(layout.numbers.len()),
            errors: LogParseErrors::new(layout),
        }
    }

    /// Take the rows of a group.
    pub(crate) fn take(&mut self, group: &Source, task: &Task) -> Result<()> {
        let units = group.units();
        runtime::reserve(group.rows() * ROW_BYTES)?;
        let read = |at: usize| {
            let mut morsels = Vec::new();
            units[at].each(|piece| {
                task.check()?;
                morsels.push(ScatteredMorsel::read(&self.layout, piece, self.partitions)?);
                Ok(())
            })?;
            Ok(morsels)
        };
        for mut split in runtime::map(units.len(), task, read)?.into_iter().flatten() {
            self.stats.merge(&split.stats);
            self.errors.merge(std::mem::take(&mut split.errors));
            if let (Some(all), Some(voided)) = (&mut self.voided, split.voided.take()) {
                (0..voided.len()).for_each(|row| _ = all.intern(&voided, row));
            }
            let labels = self.labels.iter_mut().zip(std::mem::take(&mut split.values));
            let codes = labels.map(|(label, values)| label.merge_dictionary(&values)).collect();
            self.pieces.push((split, codes));
        }
        let held: usize = self.pieces.iter().map(|(split, _)| split.chunk.bytes()).sum();
        // A quarter of the limit is for what waits: the rest is for a group, for the blocks that are written of it, and for
        // what analyses make.
        match self.options.memory.limit {
            Some(limit) if held as u64 > limit / 4 => self.spill(task),
            _ => Ok(()),
        }
    }

    fn spill(&mut self, task: &Task) -> Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => Spill::new(self.options.memory.folder.as_deref())?,
        };
        let write = |at| {
            let runs = runs(&self.pieces, at);
            if runs.is_empty() {
                return Ok(None);
            }
            MorselColumns::gather(&self.layout, PartitionSlices(&runs))?
                .write(&file)
                .map(Some)
        };
        for (to, block) in self
            .blocks
            .iter_mut()
            .zip(runtime::map(self.partitions + 1, task, write)?)
        {
            to.extend(block);
        }
        self.pieces.clear();
        self.file = Some(file);
        runtime::give_back()
    }

    /// Refuse what cannot be read, and what the policies do not allow.
    pub(crate) fn check(&self) -> Result<()> {
        let layout = &self.layout;
        self.errors.check(layout)?;
        let unit = layout.amount.as_ref().map(|(_, amount)| amount.unit);
        self.stats.check(self.options.nulls, unit)
    }

    /// Build the partitions: in memory if all rows waited there. Where nothing is settled of orders once they are whole, the
    /// totals of their customers may be all that is ever asked for, and the rows wait on; so do such orders, and events, that
    /// wait in a file. Other orders go from there to a new file.
    pub(crate) fn finish(mut self, task: &Task) -> Result<Built> {
        if self.file.is_some() {
            // The last rows too: partitions are built and packed in the memory that they leave.
            self.spill(task)?;
        }
        self.settle_types();
        self.adopt_guests()?;
        let totals_first = self.file.is_none() && self.layout.have_totals();
        if self.file.is_none() && !totals_first {
            // Partitions take as much again as the pieces that they are built of.
            runtime::reserve(self.pieces.iter().map(|(split, _)| split.chunk.bytes()).sum())?;
        }
        let layout = &self.layout;
        let (categories, ranks): (Vec<_>, Vec<_>) = self.labels.into_iter().map(DictionaryBuilder::finish).unzip();
        let rules = SettleRules::new(layout, &categories, self.voided, &self.stats);
        let assembly = Assembly {
            layout,
            rules: &rules,
            guests: self.partitions,
            task,
        };
        let mut ungrouped: Option<Arc<dyn UngroupedRows>> = None;
        let (file, parts) = match self.file {
            Some(waiting) => {
                let file = Spill::new(self.options.memory.folder.as_deref())?;
                let waiting = SpilledRows::new(self.layout.clone(), waiting, self.blocks, ranks, rules.whole_orders());
                let parts = assembly.spilled(&waiting, &file)?;
                ungrouped = layout.rows_stay().then(|| Arc::new(waiting) as Arc<dyn UngroupedRows>);
                (Some(file), parts)
            }
            None if totals_first => {
                let (parts, codes) = assembly.totals(&mut self.pieces, &ranks)?;
                ungrouped = Some(Arc::new(WaitingRows::new(
                    layout.clone(),
                    self.pieces,
                    codes,
                    rules.whole_orders(),
                )));
                (None, parts)
            }
            None => (None, assembly.in_memory(self.pieces, &ranks)?),
        };
        let (mut stored, all): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let guests = stored.pop().filter(|guests| !guests.head().is_empty());
        let mut settled = Settled::default();
        for one in &all {
            settled.merge(one);
        }
        let mut stats = self.stats;
        settled.note(&mut stats);
        Ok(Built {
            stats,
            stored,
            guests,
            ungrouped,
            file,
            categories,
            settled,
            whole_keys: rules.whole_keys(),
            whole_orders: rules.whole_orders(),
        })
    }

    /// Bring what waits as whole numbers in some morsels to the type that it has in all.
    fn settle_types(&mut self) {
        if !self.layout.numbers_early {
            return;
        }
        let (keys, orders) = (self.stats.whole_keys, self.stats.whole_orders);
        self.layout = Arc::new(self.layout.with_integers(keys, orders));
        for (piece, _) in &mut self.pieces {
            piece.chunk.write_keys(&self.layout);
            piece.chunk.write_orders(&self.layout);
        }
        if orders && let Some(voided) = &mut self.voided {
            *voided = KeyInterner::of(&voided.ids().to_integers());
        }
    }

    /// Give the lines of guests to the customers of their orders.
    fn adopt_guests(&mut self) -> Result<()> {
        let (layout, partitions) = (&*self.layout.clone(), self.partitions);
        if layout.order_id().is_none() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.blocks[partitions]);
        let read = |file: &Spill, block: &Block| MorselColumns::unpack(layout, &file.read(*block)?);
        let same: Vec<Vec<u32>> = self.labels.iter().map(|label| (0..label.len()).collect()).collect();
        let guests = match &self.file {
            None => MorselColumns::gather(layout, PartitionSlices(&runs(&self.pieces, partitions)))?,
            Some(file) => {
                let chunks = waiting
                    .iter()
                    .map(|block| read(file, block))
                    .collect::<Result<Vec<_>>>()?;
                let run = |chunk| PartitionSlice::whole(chunk, &same);
                MorselColumns::gather(layout, PartitionSlices(&chunks.iter().map(run).collect::<Vec<_>>()))?
            }
        };
        let Some(mut owners) = Owners::of(layout, &guests) else {
            self.blocks[partitions] = waiting;
            return Ok(());
        };
        match &self.file {
            None => {
                for (piece, _) in &mut self.pieces {
                    let with_customers = 0..piece.rows(partitions).start;
                    owners.meet(&piece.chunk, with_customers);
                    piece.leave_guests();
                }
                self.pieces.push((owners.adopt(guests, partitions)?, same));
            }
            Some(file) => {
                for block in self.blocks.iter().flatten() {
                    let chunk = read(file, block)?;
                    owners.meet(&chunk, 0..chunk.len());
                }
                let adopted = [(owners.adopt(guests, partitions)?, same)];
                for (at, blocks) in self.blocks.iter_mut().enumerate() {
                    let runs = runs(&adopted, at);
                    if !runs.is_empty() {
                        blocks.push(MorselColumns::gather(layout, PartitionSlices(&runs))?.write(file)?);
                    }
                }
            }
        }
        Ok(())
    }
}
