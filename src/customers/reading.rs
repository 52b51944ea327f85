//! The rows of a log on their way from the source to its partitions, group by group, so that nothing of the source is
//! held beyond one group; past the limit of the memory they wait in a file.

use std::borrow::Cow;

use crate::columns::{Refusals, Source};
use crate::error::Result;
use crate::parallel::{self, Task};

use super::chunk::Chunk;
use super::intake::Intake;
use super::labels::{Label, Meeting};
use super::layout::{Layout, Options};
use super::packing::Kinds;
use super::partition::Partition;
use super::scatter::Split;
use super::spill::{Block, Spill};

/// Rows that wait for the last group.
pub(super) struct Reading<'a> {
    layout: &'a Layout,
    options: &'a Options,
    /// By partition: what waits in memory, and what in the file.
    chunks: Vec<Vec<Chunk>>,
    blocks: Vec<Vec<Block>>,
    file: Option<Spill>,
    labels: Vec<Meeting>,
    pub(super) intake: Intake,
    refusals: Vec<Refusals>,
}

/// A partition in memory or in a file.
#[derive(Debug)]
pub(super) enum Held {
    /// All of it.
    Here(Partition),
    /// Its customers are here, its rows and order numbers in the file.
    Away(Partition, Block, Option<Block>),
}

impl Held {
    /// The partition, or what of it is here: its customers.
    pub(super) fn head(&self) -> &Partition {
        match self {
            Self::Here(partition) | Self::Away(partition, ..) => partition,
        }
    }

    /// All of it.
    pub(super) fn whole(&self, file: Option<&(Spill, Kinds)>) -> Result<Cow<'_, Partition>> {
        match (self, file) {
            (Self::Away(head, rows, orders), Some((file, kinds))) => {
                let orders = orders.map(|block| file.read(block)).transpose()?;
                Ok(Cow::Owned(head.unpack(kinds, &file.read(*rows)?, orders.as_ref())?))
            }
            _ => Ok(Cow::Borrowed(self.head())),
        }
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(layout: &'a Layout, options: &'a Options, partitions: usize) -> Self {
        Self {
            layout,
            options,
            chunks: (0..partitions).map(|_| Vec::new()).collect(),
            blocks: vec![Vec::new(); partitions],
            file: None,
            labels: layout.labels.iter().map(|(_, kind)| Meeting::new(kind)).collect(),
            intake: Intake::new(layout.numbers.len()),
            refusals: vec![Refusals::default(); 2 + layout.ids.len() + layout.labels.len()],
        }
    }

    /// Take the rows of a group.
    pub(super) fn take(&mut self, group: &Source, task: &Task) -> Result<()> {
        let (layout, partitions) = (self.layout, self.chunks.len());
        let pieces = group.pieces();
        let splits = parallel::map(pieces.len(), task, |at| Split::read(layout, &pieces[at], partitions))?;
        for split in &splits {
            self.intake.merge(&split.intake);
            for (ours, theirs) in self.refusals.iter_mut().zip(&split.refusals) {
                ours.merge(theirs.clone());
            }
        }
        let join =
            |(at, label): (usize, &mut Meeting)| splits.iter().map(|split| label.join(&split.labels[at].0)).collect();
        let codes: Vec<Vec<Vec<u32>>> = self.labels.iter_mut().enumerate().map(join).collect();
        let chunks = parallel::map(partitions, task, |at| Ok(Chunk::gather(layout, &splits, &codes, at)))?;
        drop(splits);
        for (to, chunk) in self.chunks.iter_mut().zip(chunks) {
            to.extend(Some(chunk).filter(|chunk| chunk.len() > 0));
        }
        self.relieve(task)
    }

    /// Half of the limit is for what waits: the rest is for a group, and for what analyses make.
    fn relieve(&mut self, task: &Task) -> Result<()> {
        let Some(limit) = self.options.memory.limit else {
            return Ok(());
        };
        let held: usize = self.chunks.iter().flatten().map(Chunk::bytes).sum();
        if held as u64 <= limit / 2 {
            return Ok(());
        }
        let file = match self.file.take() {
            Some(file) => file,
            None => Spill::new(self.options.memory.folder.as_deref())?,
        };
        let chunks: Vec<Vec<Chunk>> = self.chunks.iter_mut().map(std::mem::take).collect();
        let write = |_, chunks: Vec<Chunk>| {
            let write = |chunk: Chunk| file.write(&chunk.pack()?);
            chunks.into_iter().map(write).collect::<Result<Vec<_>>>()
        };
        for (to, blocks) in self.blocks.iter_mut().zip(parallel::each(chunks, task, write)?) {
            to.extend(blocks);
        }
        self.file = Some(file);
        Ok(())
    }

    /// Refuse what cannot be read, and what the policies do not allow.
    pub(super) fn check(&self) -> Result<()> {
        let layout = self.layout;
        layout.customer.1.check(&self.refusals[0])?;
        layout.time.1.check(&self.refusals[1])?;
        for ((_, id), refusals) in layout.ids.iter().chain(&layout.labels).zip(&self.refusals[2..]) {
            id.check(refusals)?;
        }
        let unit = layout.amount.as_ref().map(|(_, amount)| amount.unit);
        self.intake.check(self.options.nulls, unit)
    }

    /// Build the partitions: in memory if all rows waited there, in a new file otherwise.
    pub(super) fn finish(self, task: &Task) -> Result<(Vec<Held>, Option<Spill>, Vec<Label>)> {
        let (layout, waiting) = (self.layout, self.file);
        let (labels, ranks): (Vec<_>, Vec<_>) = self.labels.into_iter().map(Meeting::finish).unzip();
        let Some(waiting) = waiting else {
            let build = |_, chunks: Vec<Chunk>| Ok(Held::Here(Partition::build(layout, &chunks, &ranks)?));
            return Ok((parallel::each(self.chunks, task, build)?, None, labels));
        };
        let file = Spill::new(self.options.memory.folder.as_deref())?;
        let build = |_, (blocks, chunks): (Vec<Block>, Vec<Chunk>)| {
            let read = |block| Chunk::unpack(layout, &waiting.read(block)?);
            let mut all = blocks.into_iter().map(read).collect::<Result<Vec<_>>>()?;
            all.extend(chunks);
            let built = Partition::build(layout, &all, &ranks)?;
            drop(all);
            let (head, rows, orders) = built.pack()?;
            let orders = orders.map(|orders| file.write(&orders)).transpose()?;
            Ok(Held::Away(head, file.write(&rows)?, orders))
        };
        let parts = self.blocks.into_iter().zip(self.chunks).collect();
        Ok((parallel::each(parts, task, build)?, Some(file), labels))
    }
}
