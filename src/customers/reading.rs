//! The rows of a log on their way from the source to its partitions, group by group, so that nothing of the source is
//! held beyond one group; past the limit of the memory they wait in a file.

use std::borrow::Cow;

use crate::columns::Source;
use crate::error::Result;
use crate::parallel::{self, Task};

use super::chunk::Chunk;
use super::intake::Intake;
use super::labels::{Label, Meeting};
use super::layout::{Layout, Options};
use super::packing::Kinds;
use super::partition::Partition;
use super::refused::Refused;
use super::run::{Run, Runs};
use super::scatter::Split;
use super::spill::{Block, Spill};

/// Rows that wait for the last group.
pub(super) struct Reading<'a> {
    layout: &'a Layout,
    options: &'a Options,
    partitions: usize,
    /// Pieces in memory, and what the codes of each of their labels become.
    pieces: Vec<(Split, Vec<Vec<u32>>)>,
    /// By partition: what waits in the file.
    blocks: Vec<Vec<Block>>,
    file: Option<Spill>,
    labels: Vec<Meeting>,
    pub(super) intake: Intake,
    refusals: Refused,
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
            partitions,
            pieces: Vec::new(),
            blocks: vec![Vec::new(); partitions],
            file: None,
            labels: layout.labels.iter().map(|(_, kind)| Meeting::new(kind)).collect(),
            intake: Intake::new(layout.numbers.len()),
            refusals: Refused::new(layout),
        }
    }

    /// Take the rows of a group.
    pub(super) fn take(&mut self, group: &Source, task: &Task) -> Result<()> {
        let pieces = group.pieces();
        let read = |at: usize| Split::read(self.layout, &pieces[at], self.partitions);
        for mut split in parallel::map(pieces.len(), task, read)? {
            self.intake.merge(&split.intake);
            self.refusals.merge(std::mem::take(&mut split.refusals));
            let labels = self.labels.iter_mut().zip(&split.values);
            let codes = labels.map(|(label, values)| label.join(values)).collect();
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
            file.write(&Chunk::gather(self.layout, Runs(&runs)).pack()?).map(Some)
        };
        for (to, block) in self.blocks.iter_mut().zip(parallel::map(self.partitions, task, write)?) {
            to.extend(block);
        }
        self.pieces.clear();
        self.file = Some(file);
        Ok(())
    }

    /// Refuse what cannot be read, and what the policies do not allow.
    pub(super) fn check(&self) -> Result<()> {
        let layout = self.layout;
        self.refusals.check(layout)?;
        let unit = layout.amount.as_ref().map(|(_, amount)| amount.unit);
        self.intake.check(self.options.nulls, unit)
    }

    /// Build the partitions: in memory if all rows waited there, in a new file otherwise.
    pub(super) fn finish(mut self, task: &Task) -> Result<(Vec<Held>, Option<Spill>, Vec<Label>)> {
        if self.file.is_some() {
            // The last rows too: partitions are built and packed in the memory that they leave.
            self.spill(task)?;
        }
        let layout = self.layout;
        let (labels, ranks): (Vec<_>, Vec<_>) = self.labels.into_iter().map(Meeting::finish).unzip();
        let Some(waiting) = self.file else {
            let mut pieces = self.pieces;
            for (_, codes) in &mut pieces {
                translate(codes, &ranks);
            }
            let build = |at| Ok(Held::Here(Partition::build(layout, Runs(&runs(&pieces, at)), task)?));
            return Ok((parallel::map(self.partitions, task, build)?, None, labels));
        };
        let file = Spill::new(self.options.memory.folder.as_deref())?;
        let build = |_, blocks: Vec<Block>| {
            let read = |block| Chunk::unpack(layout, &waiting.read(block)?);
            let chunks = blocks.into_iter().map(read).collect::<Result<Vec<_>>>()?;
            let run = |chunk| Run::whole(chunk, &ranks);
            let (head, rows, orders) =
                Partition::build(layout, Runs(&chunks.iter().map(run).collect::<Vec<_>>()), task)?.pack()?;
            drop(chunks);
            let orders = orders.map(|orders| file.write(&orders)).transpose()?;
            Ok(Held::Away(head, file.write(&rows)?, orders))
        };
        Ok((parallel::each(self.blocks, task, build)?, Some(file), labels))
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
fn runs(pieces: &[(Split, Vec<Vec<u32>>)], at: usize) -> Vec<Run<'_>> {
    let rows = pieces.iter().map(|(split, _)| split.rows(at));
    let runs = pieces.iter().zip(rows).filter(|(_, rows)| !rows.is_empty());
    runs.map(|((split, codes), rows)| Run {
        chunk: &split.chunk,
        rows,
        codes,
    })
    .collect()
}
