//! A table that lies in files and can be read range by range, on several threads at once.

use std::fmt::Debug;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::error::Result;

/// Rows of a part that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowRange {
    /// The number of the part.
    pub part: usize,
    /// The first of the rows within it.
    pub start: usize,
    /// How many there are.
    pub rows: usize,
}

impl RowRange {
    /// The first rows, at most so many, and the others.
    pub(super) fn split(self, rows: usize) -> [Self; 2] {
        let rows = rows.min(self.rows);
        let rest = Self {
            start: self.start + rows,
            rows: self.rows - rows,
            ..self
        };
        [Self { rows, ..self }, rest]
    }
}

/// A table of which any range of rows can be read by itself.
pub trait Scan: Debug + Send + Sync {
    /// The columns.
    fn schema(&self) -> SchemaRef;

    /// How many rows each part has; the parts follow each other. A range that begins with a part costs least.
    fn parts(&self) -> Vec<usize>;

    /// The same table, of which some columns come as dictionaries where their files hold them so; the schema stays that of
    /// their values.
    fn with_dictionaries(self: Arc<Self>, names: &[&str]) -> Arc<dyn Scan>;

    /// Hand over the rows of a range, batch by batch, all columns.
    ///
    /// # Errors
    /// If they cannot be read, or `each` fails.
    fn read(&self, range: RowRange, each: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<()>;
}

/// Parts cut into ranges of at most so many rows.
pub(super) fn ranges(parts: &[usize], most: usize) -> Vec<RowRange> {
    let mut ranges = Vec::new();
    for (part, &all) in parts.iter().enumerate() {
        let starts = (0..all).step_by(most.max(1));
        ranges.extend(starts.map(|start| RowRange {
            part,
            start,
            rows: most.min(all - start),
        }));
    }
    ranges
}
