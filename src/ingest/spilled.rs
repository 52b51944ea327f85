//! Rows that wait in a file after they were read, to be grouped whenever someone asks for them.

use std::sync::Arc;

use super::assemble::customers;
use super::layout::Layout;
use super::morsel::MorselColumns;
use super::settle::settle_orders;
use super::slices::{PartitionSlice, PartitionSlices};
use crate::error::Result;
use crate::log::{Block, Partition, Spill, UngroupedRows};

/// The blocks of each partition.
#[derive(Debug)]
pub(super) struct SpilledRows {
    layout: Arc<Layout>,
    file: Spill,
    blocks: Vec<Vec<Block>>,
    /// What the codes of each label become.
    ranks: Vec<Vec<u32>>,
    whole_orders: bool,
}

impl SpilledRows {
    /// `whole_orders`: whether order numbers of text become whole numbers.
    pub(super) fn new(
        layout: Arc<Layout>,
        file: Spill,
        blocks: Vec<Vec<Block>>,
        ranks: Vec<Vec<u32>>,
        whole_orders: bool,
    ) -> Self {
        Self {
            layout,
            file,
            blocks,
            ranks,
            whole_orders,
        }
    }

    /// Something of the rows of a partition.
    pub(super) fn with<T>(&self, at: usize, of: impl FnOnce(PartitionSlices<'_>) -> Result<T>) -> Result<T> {
        let read = |block: &Block| MorselColumns::unpack(&self.layout, &self.file.read(*block)?);
        let chunks = self.blocks[at].iter().map(read).collect::<Result<Vec<_>>>()?;
        let run = |chunk| PartitionSlice::whole(chunk, &self.ranks);
        of(PartitionSlices(&chunks.iter().map(run).collect::<Vec<_>>()))
    }
}

impl UngroupedRows for SpilledRows {
    fn group(&self, at: usize, head: &Partition) -> Result<Partition> {
        self.with(at, |runs| {
            // Customers are numbered as they were when the head was made: in the order of first sight.
            let (_, codes) = customers(&self.layout, runs, runs.rows())?;
            let mut built = head.with_rows(&self.layout, runs, &codes)?;
            if self.whole_orders {
                settle_orders(&mut built);
            }
            Ok(built)
        })
    }

    fn bytes(&self) -> usize {
        0
    }
}
