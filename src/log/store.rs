//! Where a partition is kept: in memory, among rows that are not grouped yet, or spilled to a file, grouped or not.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::OnceLock;

use crate::error::Result;

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
    /// All of it.
    InMemory(Partition),
    /// Its customers are here, and their totals, where they are known; its rows wait until they are asked for.
    Ungrouped(Partition, Option<PartitionTotals>, OnceLock<Box<Partition>>),
    /// Its customers are here, and their totals, where they are known, in the file; its rows wait in another, and are grouped
    /// for each who asks.
    Waiting(Partition, Option<SpilledTotals>),
    /// Its customers are here, its rows and order numbers in the file.
    Spilled(Partition, Block, Option<Block>),
}

impl StoredPartition {
    /// The partition, or what of it is here: its customers.
    pub(crate) fn head(&self) -> &Partition {
        match self {
            Self::InMemory(partition)
            | Self::Spilled(partition, ..)
            | Self::Ungrouped(partition, ..)
            | Self::Waiting(partition, _) => partition,
        }
    }

    /// What the rows take in memory that stand by customer.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Ungrouped(_, _, grouped) => grouped.get().map_or(0, |grouped| grouped.bytes()),
            Self::InMemory(partition) | Self::Spilled(partition, ..) | Self::Waiting(partition, _) => partition.bytes(),
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

    /// The partition where its rows are in memory, by customer, to be changed.
    pub(crate) fn grouped_mut(&mut self) -> Option<&mut Partition> {
        match self {
            Self::InMemory(partition) => Some(partition),
            Self::Ungrouped(_, _, grouped) => grouped.get_mut().map(AsMut::as_mut),
            Self::Spilled(..) | Self::Waiting(..) => None,
        }
    }

    /// All of it, where its rows are grouped.
    pub(crate) fn whole(&self, file: Option<&(Spill, SpillSchema)>) -> Result<Option<Cow<'_, Partition>>> {
        Ok(match (self, file) {
            (Self::Spilled(head, rows, orders), Some((file, kinds))) => {
                let orders = orders.map(|block| file.read(block)).transpose()?;
                Some(Cow::Owned(head.unpack(kinds, &file.read(*rows)?, orders.as_ref())?))
            }
            (Self::Ungrouped(_, _, grouped), _) => grouped.get().map(|grouped| Cow::Borrowed(grouped.as_ref())),
            (Self::Waiting(..), _) => None,
            (Self::InMemory(partition) | Self::Spilled(partition, ..), _) => Some(Cow::Borrowed(partition)),
        })
    }
}
