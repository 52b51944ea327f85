//! Where a partition is kept: in memory, or spilled to a file.

use std::borrow::Cow;

use crate::error::Result;

use super::partition::Partition;
use super::spill::{Block, Spill};
use super::spill_format::SpillSchema;

/// A partition in memory or in a file.
#[derive(Debug)]
pub(crate) enum StoredPartition {
    /// All of it.
    InMemory(Partition),
    /// Its customers are here, its rows and order numbers in the file.
    Spilled(Partition, Block, Option<Block>),
}

impl StoredPartition {
    /// The partition, or what of it is here: its customers.
    pub(crate) fn head(&self) -> &Partition {
        match self {
            Self::InMemory(partition) | Self::Spilled(partition, ..) => partition,
        }
    }

    /// All of it.
    pub(crate) fn whole(&self, file: Option<&(Spill, SpillSchema)>) -> Result<Cow<'_, Partition>> {
        match (self, file) {
            (Self::Spilled(head, rows, orders), Some((file, kinds))) => {
                let orders = orders.map(|block| file.read(block)).transpose()?;
                Ok(Cow::Owned(head.unpack(kinds, &file.read(*rows)?, orders.as_ref())?))
            }
            _ => Ok(Cow::Borrowed(self.head())),
        }
    }
}
