//! Where a partition is kept: in memory, packed, among rows that are not grouped yet, or spilled to a file, grouped or not.

use std::fmt::Debug;
use std::sync::OnceLock;

use crate::error::Result;

use super::packed_rows::PackedRows;
use super::partition::Partition;
use super::spill::{Block, Spill};
use super::spill_format::{SpillSchema, SpilledTotals};
use super::totals::PartitionTotals;

/// Rows of all partitions that wait, in memory or in a file, until someone asks for the rows of one.
pub(crate) trait UngroupedRows: Debug + Send + Sync {
    /// Put the rows of each customer of a partition side by side; the head of the partition tells of the customers.
    fn group(&self, partition: usize, head: &Partition) -> Result<Partition>;

    /// What the rows take in memory.
    fn bytes(&self) -> usize;
}

/// A partition in memory or in a file.
#[derive(Debug)]
pub(crate) enum StoredPartition {
    /// Its customers, and its rows by customer.
    InMemory(Partition, PackedRows),
    /// Its customers are here, and their totals, where they are known; its rows wait until they are asked for.
    Ungrouped(Partition, Option<PartitionTotals>, OnceLock<Box<PackedRows>>),
    /// Its customers are here, and their totals, where they are known, in the file; its rows wait in another, and are grouped
    /// for each who asks.
    Waiting(Partition, Option<SpilledTotals>),
    /// Its customers are here, its rows and order numbers in the file.
    Spilled(Partition, Block, Option<Block>),
}

impl StoredPartition {
    /// A partition of which all is kept in memory.
    pub(crate) fn in_memory(partition: Partition) -> Self {
        let rows = PackedRows::new(&partition);
        Self::InMemory(partition.into_head(), rows)
    }

    /// The partition, or what of it is here: its customers.
    pub(crate) fn head(&self) -> &Partition {
        match self {
            Self::InMemory(partition, _)
            | Self::Spilled(partition, ..)
            | Self::Ungrouped(partition, ..)
            | Self::Waiting(partition, _) => partition,
        }
    }

    /// What the rows take in memory that stand by customer.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Ungrouped(_, _, grouped) => grouped.get().map_or(0, |grouped| grouped.bytes()),
            Self::InMemory(_, rows) => rows.bytes(),
            Self::Spilled(..) | Self::Waiting(..) => 0,
        }
    }

    /// The totals of its customers, where they are known.
    pub(crate) fn totals(&self, file: Option<&(Spill, SpillSchema)>) -> Result<Option<PartitionTotals>> {
        match (self, file) {
            (Self::Ungrouped(_, totals, _), _) => Ok(totals.clone()),
            (Self::Waiting(_, Some(totals)), Some((file, _))) => totals.read(file).map(Some),
            _ => Ok(None),
        }
    }

    /// All of it, where its rows are grouped.
    pub(crate) fn whole(&self, file: Option<&(Spill, SpillSchema)>) -> Result<Option<Partition>> {
        Ok(match (self, file) {
            (Self::Spilled(head, rows, orders), Some((file, kinds))) => {
                let orders = orders.map(|block| file.read(block)).transpose()?;
                Some(head.unpack(kinds, &file.read(*rows)?, orders.as_ref())?)
            }
            (Self::InMemory(head, rows), _) => Some(rows.partition(head)),
            (Self::Ungrouped(head, _, grouped), _) => grouped.get().map(|rows| rows.partition(head)),
            (Self::Waiting(..) | Self::Spilled(..), _) => None,
        })
    }
}
