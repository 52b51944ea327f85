//! What was read: the named columns of every batch, and the pieces that work is cut into.

use arrow::array::RecordBatch;
use arrow::array::RecordBatchReader;
use arrow::datatypes::{Field, Schema, SchemaRef};

use crate::error::{Error, Result};
use crate::parallel::Task;

/// Rows in a piece. Fixed, so that nothing depends on the number of threads; small, so that a piece stays in cache.
pub const PIECE: usize = 1 << 16;

/// The batches of a source, cut down to the columns that roles name.
#[derive(Debug, Clone)]
pub struct Source {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
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

impl Source {
    /// Read a stream whole, keeping the columns that `roles` (role and column name) name.
    ///
    /// # Errors
    /// If a column is missing or named twice, or the producer fails.
    pub fn read(reader: &mut dyn RecordBatchReader, roles: &[(String, String)], task: &Task) -> Result<Self> {
        let schema = reader.schema();
        let mut indices = Vec::with_capacity(roles.len());
        for (role, name) in roles {
            let index = column_index(&schema, role, name)?;
            if !indices.contains(&index) {
                indices.push(index);
            }
        }
        let mut batches = Vec::new();
        for batch in reader {
            task.check()?;
            batches.push(batch?.project(&indices)?);
        }
        let fields: Vec<Field> = indices.iter().map(|&index| schema.field(index).clone()).collect();
        Ok(Self {
            schema: Schema::new(fields).into(),
            batches,
        })
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
        let (mut room, mut row) = (PIECE, 0);
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
            name: name.into(),
            found: schema.fields().iter().map(|field| field.name().clone()).collect(),
        }),
    }
}
