//! What was read: the named columns of every batch, and the pieces that work is cut into.

use arrow::array::RecordBatch;
use arrow::array::RecordBatchReader;
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::error::ArrowError;

use super::prepare::{Preparation, Prepared};
use crate::error::{Error, Result, THE_TABLE};
use crate::runtime::Task;

/// Rows in a piece. Fixed, so that nothing depends on the number of threads; small, so that a piece stays in cache.
pub const PIECE: usize = 1 << 16;

/// Rows of a source, cut down to the columns that roles name.
#[derive(Debug, Clone)]
pub struct Source {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    first_row: u64,
}

/// A run of rows of one batch.
#[derive(Debug, Clone)]
pub struct Part {
    /// The rows.
    pub batch: RecordBatch,
    /// The number of the first of them in the source.
    pub first_row: u64,
}

/// About [`PIECE`] rows that follow each other.
pub type Piece = Vec<Part>;

/// A producer of batches, read group by group.
pub struct Stream<'a> {
    reader: &'a mut dyn RecordBatchReader,
    schema: SchemaRef,
    indices: Vec<usize>,
    prepared: Option<Prepared>,
    /// What was read beyond the last group.
    rest: Option<RecordBatch>,
    row: u64,
}

impl<'a> Stream<'a> {
    /// Open a stream, of which the columns count that `roles` (role and column name) name.
    ///
    /// # Errors
    /// If a column is missing or named twice.
    pub fn open(reader: &'a mut dyn RecordBatchReader, roles: &[(String, String)]) -> Result<Self> {
        let found = reader.schema();
        let mut indices = Vec::with_capacity(roles.len());
        for (role, name) in roles {
            let index = column_index(&found, role, name)?;
            if !indices.contains(&index) {
                indices.push(index);
            }
        }
        let fields: Vec<Field> = indices.iter().map(|&index| found.field(index).clone()).collect();
        Ok(Self {
            reader,
            schema: Schema::new(fields).into(),
            indices,
            prepared: None,
            rest: None,
            row: 0,
        })
    }

    /// The same stream, its batches prepared before they are read.
    ///
    /// # Errors
    /// If a column is missing.
    pub fn prepared(mut self, preparation: Preparation) -> Result<Self> {
        let prepared = Prepared::new(preparation, &self.schema)?;
        self.schema = prepared.schema().clone();
        self.prepared = Some(prepared);
        Ok(self)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        let Some(batch) = self.reader.next() else {
            return Ok(None);
        };
        let batch = batch.map_err(failure)?.project(&self.indices)?;
        Ok(Some(match &mut self.prepared {
            Some(prepared) => prepared.apply(&batch)?,
            None => batch,
        }))
    }

    /// The next rows: as many as asked for, fewer at the end of the stream, none after it.
    ///
    /// # Errors
    /// If the producer fails, or the caller asked to stop.
    pub fn group(&mut self, rows: usize, task: &Task) -> Result<Source> {
        let (mut batches, mut room) = (Vec::new(), rows);
        while room > 0 {
            task.check()?;
            let batch = match self.rest.take() {
                Some(rest) => rest,
                None => match self.next()? {
                    Some(batch) => batch,
                    None => break,
                },
            };
            let taken = room.min(batch.num_rows());
            if taken < batch.num_rows() {
                self.rest = Some(batch.slice(taken, batch.num_rows() - taken));
            }
            room -= taken;
            task.read(taken);
            batches.push(batch.slice(0, taken));
        }
        let first_row = self.row;
        self.row += (rows - room) as u64;
        Ok(Source {
            schema: self.schema.clone(),
            batches,
            first_row,
        })
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

impl Source {
    /// Read a stream whole, keeping the columns that `roles` (role and column name) name.
    ///
    /// # Errors
    /// If a column is missing or named twice, or the producer fails.
    pub fn read(reader: &mut dyn RecordBatchReader, roles: &[(String, String)], task: &Task) -> Result<Self> {
        Stream::open(reader, roles)?.group(usize::MAX, task)
    }

    /// Where a column stands, and its field.
    ///
    /// # Errors
    /// If it is missing.
    pub fn column(&self, role: &str, name: &str) -> Result<(usize, &Field)> {
        let index = column_index(&self.schema, role, name)?;
        Ok((index, self.schema.field(index)))
    }

    /// The chunks of a column; an empty one if there is none.
    #[must_use]
    pub fn chunks(&self, index: usize) -> Vec<arrow::array::ArrayRef> {
        if self.batches.is_empty() {
            return vec![arrow::array::new_empty_array(self.schema.field(index).data_type())];
        }
        self.batches.iter().map(|batch| batch.column(index).clone()).collect()
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Cut the rows into pieces: large batches are divided, small ones gathered.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut piece = Piece::new();
        let (mut room, mut row) = (PIECE, self.first_row);
        for batch in &self.batches {
            let mut start = 0;
            while start < batch.num_rows() {
                let length = room.min(batch.num_rows() - start);
                piece.push(Part {
                    batch: batch.slice(start, length),
                    first_row: row,
                });
                (start, room, row) = (start + length, room - length, row + length as u64);
                if room == 0 {
                    pieces.push(std::mem::take(&mut piece));
                    room = PIECE;
                }
            }
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
        pieces
    }
}

fn column_index(schema: &Schema, role: &str, name: &str) -> Result<usize> {
    let mut found = schema
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, field)| field.name() == name);
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(index),
        (Some(_), Some(_)) => Err(Error::Data(format!(
            "{role}={name:?}: the table has two columns of this name; rename one of them"
        ))),
        (None, _) => Err(Error::MissingColumn {
            role: role.into(),
            table: THE_TABLE.into(),
            name: name.into(),
            found: schema.fields().iter().map(|field| field.name().clone()).collect(),
        }),
    }
}
