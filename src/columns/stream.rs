//! A producer of rows, read group by group.

use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;

use super::keys::is_text;
use super::prepare::{Preparation, Prepared};
use super::scan::{RowRange, Scan, ranges};
use super::source::{PIECE, Source, Unread, column_index};
use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// A producer of batches, or a table in files, read group by group.
pub struct Stream<'a> {
    rows: Rows<'a>,
    schema: SchemaRef,
    indices: Vec<usize>,
    prepared: Option<Arc<Prepared>>,
    /// The last row that was prepared, where the next depends on it.
    last: Option<RecordBatch>,
    row: u64,
}

enum Rows<'a> {
    Batches {
        reader: &'a mut dyn RecordBatchReader,
        /// What was read beyond the last group.
        rest: Option<RecordBatch>,
    },
    Ranges {
        scan: Arc<dyn Scan>,
        /// Those that no group has taken yet, the next one last.
        left: Vec<RowRange>,
        /// Whether some were taken.
        begun: bool,
    },
}

/// Rows of a range, at most: a part of more is shared among threads.
const RANGE: usize = 1 << 19;

impl<'a> Stream<'a> {
    /// Open a stream, of which the columns count that `roles` (role and column name) name.
    ///
    /// # Errors
    /// If a column is missing or named twice.
    pub fn open(reader: &'a mut dyn RecordBatchReader, roles: &[(String, String)]) -> Result<Self> {
        let schema = reader.schema();
        Self::of(Rows::Batches { reader, rest: None }, &schema, roles)
    }

    /// Open a table in files, of which the columns count that `roles` name.
    ///
    /// # Errors
    /// If a column is missing or named twice.
    pub fn scan(scan: Arc<dyn Scan>, roles: &[(String, String)]) -> Result<Self> {
        let schema = scan.schema();
        let rows = Rows::Ranges {
            scan,
            left: Vec::new(),
            begun: false,
        };
        Self::of(rows, &schema, roles)
    }

    fn of(rows: Rows<'a>, found: &Schema, roles: &[(String, String)]) -> Result<Self> {
        let mut indices = Vec::with_capacity(roles.len());
        for (role, name) in roles {
            let index = column_index(found, role, name)?;
            if !indices.contains(&index) {
                indices.push(index);
            }
        }
        let fields: Vec<Field> = indices.iter().map(|&index| found.field(index).clone()).collect();
        Ok(Self {
            rows,
            schema: Schema::new(fields).into(),
            indices,
            prepared: None,
            last: None,
            row: 0,
        })
    }

    /// The same stream, of which some columns come as dictionaries where files hold them so.
    #[must_use]
    pub fn with_dictionaries(mut self, names: &[&str]) -> Self {
        if let Rows::Ranges { scan, .. } = &mut self.rows {
            *scan = scan.clone().with_dictionaries(names);
        }
        self
    }

    /// The same stream, its batches prepared before they are read.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn prepared(mut self, preparation: Preparation) -> Result<Self> {
        let prepared = Prepared::new(preparation, &self.schema)?;
        self.schema = prepared.schema().clone();
        self.prepared = Some(Arc::new(prepared));
        Ok(self)
    }

    /// How many rows there are in all, where the producer knows.
    #[must_use]
    pub fn total(&self) -> Option<usize> {
        match &self.rows {
            Rows::Batches { .. } => None,
            Rows::Ranges { scan, .. } => Some(scan.parts().iter().sum()),
        }
    }

    /// Whether the rows of a group are left for the threads that use them, but for the first of texts.
    #[must_use]
    pub fn is_read_by_threads(&self) -> bool {
        let by_batch = self.prepared.as_ref().is_none_or(|prepared| prepared.is_by_batch());
        by_batch && matches!(self.rows, Rows::Ranges { .. })
    }

    /// All rows that are left, in memory.
    ///
    /// # Errors
    /// As [`Stream::group`].
    pub fn all(&mut self, task: &Task) -> Result<Source> {
        match self.rows {
            Rows::Batches { .. } => self.group(usize::MAX, task),
            Rows::Ranges { .. } => {
                let taken = self.take_ranges(usize::MAX);
                self.read_ranges(&taken, task)
            }
        }
    }

    /// The next rows: of batches as many as asked for, of files whole ranges of about as many, most of which are left
    /// for the threads that use them; fewer at the end, none after it.
    ///
    /// # Errors
    /// If the producer fails, or the caller asked to stop.
    pub fn group(&mut self, rows: usize, task: &Task) -> Result<Source> {
        if let Rows::Batches { .. } = self.rows {
            return self.group_of_batches(rows, task);
        }
        let first = matches!(self.rows, Rows::Ranges { begun: false, .. });
        let taken = self.take_ranges(rows);
        // Texts of the first range tell how times are written; where each row depends on the one before, all are read here.
        let here = match (self.is_read_by_threads(), first && self.has_text()) {
            (false, _) => taken.len(),
            (true, true) => taken.len().min(1),
            (true, false) => 0,
        };
        let mut source = self.read_ranges(&taken[..here], task)?;
        if let Rows::Ranges { scan, left, .. } = &self.rows {
            source.more = !left.is_empty();
            for range in &taken[here..] {
                task.read(range.rows);
                source.unread.push(Unread {
                    scan: scan.clone(),
                    range: *range,
                    first_row: self.row,
                    indices: self.indices.clone(),
                    prepared: self.prepared.clone(),
                });
                self.row += range.rows as u64;
            }
        }
        Ok(source)
    }

    /// Whether some columns are text.
    fn has_text(&self) -> bool {
        self.schema.fields().iter().any(|field| is_text(field.data_type()))
    }

    /// Take ranges of about so many rows in all, at least one.
    fn take_ranges(&mut self, wanted: usize) -> Vec<RowRange> {
        // One thread alone reads the first where it tells how texts are written: it is short.
        let first = if self.has_text() { PIECE } else { usize::MAX };
        let Rows::Ranges { scan, left, begun } = &mut self.rows else {
            return Vec::new();
        };
        if !*begun {
            *begun = true;
            // A group is work for several threads.
            *left = ranges(&scan.parts(), RANGE.min(wanted / 2));
            left.reverse();
            if let Some(range) = left.pop() {
                let [head, rest] = range.split(first);
                left.extend(Some(rest).filter(|rest| rest.rows > 0));
                left.push(head);
            }
        }
        let (mut taken, mut rows) = (Vec::new(), 0);
        while let Some(range) = left.pop_if(|next| rows == 0 || rows + next.rows <= wanted) {
            rows += range.rows;
            taken.push(range);
        }
        taken
    }

    /// The rows of some ranges, read side by side.
    fn read_ranges(&mut self, ranges: &[RowRange], task: &Task) -> Result<Source> {
        let mut batches = Vec::new();
        if let Rows::Ranges { scan, .. } = &self.rows {
            let found = runtime::map(ranges.len(), task, |at| {
                let mut found = Vec::new();
                scan.read(ranges[at], &mut |batch| {
                    found.push(batch.project(&self.indices)?);
                    Ok(())
                })?;
                task.read(ranges[at].rows);
                Ok(found)
            })?;
            for batch in found.into_iter().flatten() {
                batches.push(match &self.prepared {
                    Some(prepared) => prepared.apply(&batch, &mut self.last)?,
                    None => batch,
                });
            }
        }
        let first_row = self.row;
        self.row += batches.iter().map(RecordBatch::num_rows).sum::<usize>() as u64;
        Ok(Source::new(self.schema.clone(), batches, first_row))
    }

    fn group_of_batches(&mut self, rows: usize, task: &Task) -> Result<Source> {
        let (mut batches, mut room) = (Vec::new(), rows);
        while room > 0 {
            task.check()?;
            let Some(batch) = self.next()? else { break };
            let taken = room.min(batch.num_rows());
            if let (Rows::Batches { rest, .. }, true) = (&mut self.rows, taken < batch.num_rows()) {
                *rest = Some(batch.slice(taken, batch.num_rows() - taken));
            }
            room -= taken;
            task.read(taken);
            batches.push(batch.slice(0, taken));
        }
        let mut source = Source::new(self.schema.clone(), batches, self.row);
        source.more = room == 0;
        self.row += (rows - room) as u64;
        Ok(source)
    }

    /// The next batch, prepared.
    fn next(&mut self) -> Result<Option<RecordBatch>> {
        let Rows::Batches { reader, rest } = &mut self.rows else {
            return Ok(None);
        };
        if let Some(rest) = rest.take() {
            return Ok(Some(rest));
        }
        let Some(batch) = reader.next() else {
            return Ok(None);
        };
        let batch = batch.map_err(failure)?.project(&self.indices)?;
        Ok(Some(match &self.prepared {
            Some(prepared) => prepared.apply(&batch, &mut self.last)?,
            None => batch,
        }))
    }
}

/// The failure of a reader: our own readers say themselves what is wrong.
fn failure(error: ArrowError) -> Error {
    match error {
        ArrowError::ExternalError(inner) => match inner.downcast::<Error>() {
            Ok(own) => *own,
            Err(other) => Error::producer(&other.to_string()),
        },
        other => Error::producer(&other.to_string()),
    }
}
