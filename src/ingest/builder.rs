//! Log builder: the rows of a log on their way from the source to its partitions, group by group, so that nothing of
//! the source is held beyond one group; past the limit of the memory they wait in a file.

use crate::columns::Source;
use crate::error::Result;
use crate::runtime::{self, Task};

use super::layout::Layout;
use super::morsel::MorselColumns;
use super::options::Options;
use super::parse_errors::LogParseErrors;
use super::scatter::ScatteredMorsel;
use super::slices::{PartitionSlice, PartitionSlices};
use crate::log::Partition;
use crate::log::ReadStats;
use crate::log::{Block, Spill, StoredPartition};
use crate::log::{Category, DictionaryBuilder};

/// Rows that wait for the last group.
pub(crate) struct LogBuilder<'a> {
    layout: &'a Layout,
    options: &'a Options,
    partitions: usize,
    /// Pieces in memory, and what the codes of each of their labels become.
    pieces: Vec<(ScatteredMorsel, Vec<Vec<u32>>)>,
    /// By partition: what waits in the file.
    blocks: Vec<Vec<Block>>,
    file: Option<Spill>,
    labels: Vec<DictionaryBuilder>,
    pub(crate) stats: ReadStats,
    errors: LogParseErrors,
}

impl<'a> LogBuilder<'a> {
    pub(crate) fn new(layout: &'a Layout, options: &'a Options, partitions: usize) -> Self {
        Self {
            layout,
            options,
            partitions,
            pieces: Vec::new(),
            blocks: vec![Vec::new(); partitions],
            file: None,
            labels: layout
                .labels
                .iter()
                .map(|(_, kind)| DictionaryBuilder::new(kind))
                .collect(),
            stats: ReadStats::new(layout.numbers.len()),
            errors: LogParseErrors::new(layout),
        }
    }

    /// Take the rows of a group.
    pub(crate) fn take(&mut self, group: &Source, task: &Task) -> Result<()> {
        let pieces = group.pieces();
        let read = |at: usize| ScatteredMorsel::read(self.layout, &pieces[at], self.partitions);
        for mut split in runtime::map(pieces.len(), task, read)? {
            self.stats.merge(&split.stats);
            self.errors.merge(std::mem::take(&mut split.errors));
            let labels = self.labels.iter_mut().zip(&split.values);
            let codes = labels.map(|(label, values)| label.merge_dictionary(values)).collect();
            self.pieces.push((split, codes));
        }
        let held: usize = self.pieces.iter().map(|(split, _)| split.chunk.bytes()).sum();
        // Half of the limit is for what waits: the rest is for a group, and for what analyses make.
        match self.options.memory.limit {
            Some(limit) if held as u64 > limit / 2 => self.spill(task),
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
            file.write(&MorselColumns::gather(self.layout, PartitionSlices(&runs))?.pack()?)
                .map(Some)
        };
        for (to, block) in self.blocks.iter_mut().zip(runtime::map(self.partitions, task, write)?) {
            to.extend(block);
        }
        self.pieces.clear();
        self.file = Some(file);
        Ok(())
    }

    /// Refuse what cannot be read, and what the policies do not allow.
    pub(crate) fn check(&self) -> Result<()> {
        let layout = self.layout;
        self.errors.check(layout)?;
        let unit = layout.amount.as_ref().map(|(_, amount)| amount.unit);
        self.stats.check(self.options.nulls, unit)
    }

    /// Build the partitions: in memory if all rows waited there, in a new file otherwise.
    pub(crate) fn finish(mut self, task: &Task) -> Result<(Vec<StoredPartition>, Option<Spill>, Vec<Category>)> {
        if self.file.is_some() {
            // The last rows too: partitions are built and packed in the memory that they leave.
            self.spill(task)?;
        }
        let layout = self.layout;
        let (labels, ranks): (Vec<_>, Vec<_>) = self.labels.into_iter().map(DictionaryBuilder::finish).unzip();
        let Some(waiting) = self.file else {
            let mut pieces = self.pieces;
            for (_, codes) in &mut pieces {
                translate(codes, &ranks);
            }
            let build = |at| {
                Ok(StoredPartition::InMemory(Partition::build(
                    layout,
                    PartitionSlices(&runs(&pieces, at)),
                    task,
                )?))
            };
            return Ok((runtime::map(self.partitions, task, build)?, None, labels));
        };
        let file = Spill::new(self.options.memory.folder.as_deref())?;
        let build = |_, blocks: Vec<Block>| {
            let read = |block| MorselColumns::unpack(layout, &waiting.read(block)?);
            let chunks = blocks.into_iter().map(read).collect::<Result<Vec<_>>>()?;
            let run = |chunk| PartitionSlice::whole(chunk, &ranks);
            let (head, rows, orders) = Partition::build(
                layout,
                PartitionSlices(&chunks.iter().map(run).collect::<Vec<_>>()),
                task,
            )?
            .pack()?;
            drop(chunks);
            let orders = orders.map(|orders| file.write(&orders)).transpose()?;
            Ok(StoredPartition::Spilled(head, file.write(&rows)?, orders))
        };
        Ok((runtime::each(self.blocks, task, build)?, Some(file), labels))
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
fn runs(pieces: &[(ScatteredMorsel, Vec<Vec<u32>>)], at: usize) -> Vec<PartitionSlice<'_>> {
    let rows = pieces.iter().map(|(split, _)| split.rows(at));
    let runs = pieces.iter().zip(rows).filter(|(_, rows)| !rows.is_empty());
    runs.map(|((split, codes), rows)| PartitionSlice {
        chunk: &split.chunk,
        rows,
        codes,
    })
    .collect()
}
