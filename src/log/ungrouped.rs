//! Rows that are grouped when someone asks for them, partition by partition, and given up when all are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::packed_rows::PackedRows;
use super::partition::Partition;
use super::store::UngroupedRows;
use crate::error::{Error, Result};

/// What waits of a log.
#[derive(Debug)]
pub(super) struct Ungrouped {
    rows: RwLock<Option<Arc<dyn UngroupedRows>>>,
    /// Partitions that are not grouped yet.
    left: AtomicUsize,
}

impl Ungrouped {
    pub(super) fn new(rows: Option<Arc<dyn UngroupedRows>>, partitions: usize) -> Self {
        Self {
            rows: RwLock::new(rows),
            left: AtomicUsize::new(partitions),
        }
    }

    /// What the rows take in memory.
    pub(super) fn bytes(&self) -> usize {
        self.held().map_or(0, |rows| rows.bytes())
    }

    /// A partition, which is kept by customer from now on, unless another thread did so meanwhile. No lock is held on the
    /// way: threads of the pool that wait for each other could wait forever.
    pub(super) fn group(
        &self,
        (at, head): (usize, &Partition),
        grouped: &OnceLock<Box<PackedRows>>,
    ) -> Result<Partition> {
        if let Some(partition) = self.build(at, head)? {
            let rows = Box::new(PackedRows::new(&partition));
            if grouped.set(rows).is_ok() && self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
                *self.rows.write().unwrap_or_else(PoisonError::into_inner) = None;
            }
            return Ok(partition);
        }
        // Rows are given up only once all partitions are there.
        let rows = grouped.get();
        rows.map(|rows| rows.partition(head))
            .ok_or_else(|| Error::Internal("the rows of a partition are gone".into()))
    }

    /// A partition whose rows wait on; none where all partitions are grouped.
    pub(super) fn build(&self, at: usize, head: &Partition) -> Result<Option<Partition>> {
        self.held().map(|rows| rows.group(at, head)).transpose()
    }

    fn held(&self) -> Option<Arc<dyn UngroupedRows>> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
