//! What was read: the named columns of every batch, and the pieces that work is cut into.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};

use super::prepare::Prepared;
use super::scan::{RowRange, Scan};
use crate::error::{Error, Result, THE_TABLE};

/// Rows in a piece. Fixed, so that nothing depends on the number of threads; small, so that a piece stays in cache; a little
/// below a power of two, so that its columns end within the pages of an allocator, with what that puts before them: a tenth
/// less memory is touched so.
pub const PIECE: usize = (1 << 16) - (1 << 8);

/// Rows of a source, cut down to the columns that roles name.
#[derive(Debug, Clone)]
pub struct Source {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    /// What follows the batches.
    pub(super) unread: Vec<Unread>,
    first_row: u64,
    pub(super) more: bool,
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

/// A range of rows that is still in its files.
#[derive(Debug, Clone)]
pub(super) struct Unread {
    pub(super) scan: Arc<dyn Scan>,
    pub(super) range: RowRange,
    pub(super) first_row: u64,
    pub(super) indices: Vec<usize>,
    pub(super) prepared: Option<Arc<Prepared>>,
}

/// What one thread reads at a time.
#[derive(Debug, Clone)]
pub struct Unit(Where);

#[derive(Debug, Clone)]
enum Where {
    Memory(Piece),
    Files(Unread),
}

impl Unit {
    /// Hand over the rows, piece by piece.
    ///
    /// # Errors
    /// If they cannot be read, or `each` fails.
    pub fn each(&self, mut each: impl FnMut(&[Part]) -> Result<()>) -> Result<()> {
        match &self.0 {
            Where::Memory(piece) => each(piece),
            Where::Files(unread) => unread.each(&mut each),
        }
    }
}

impl Unread {
    fn each(&self, each: &mut dyn FnMut(&[Part]) -> Result<()>) -> Result<()> {
        let mut first_row = self.first_row;
        self.scan.read(self.range, &mut |batch| {
            let mut batch = batch.project(&self.indices)?;
            if let Some(prepared) = &self.prepared {
                batch = prepared.apply(&batch, &mut None)?;
            }
            let rows = batch.num_rows() as u64;
            each(&[Part { batch, first_row }])?;
            first_row += rows;
            Ok(())
        })
    }
}

impl Source {
    pub(super) fn new(schema: SchemaRef, batches: Vec<RecordBatch>, first_row: u64) -> Self {
        Self {
            schema,
            batches,
            unread: Vec::new(),
            first_row,
            more: false,
        }
    }

    /// Whether rows may follow.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.more
    }

    /// Where a column stands, and its field.
    ///
    /// # Errors
    /// If it is missing.
    pub fn column(&self, role: &str, name: &str) -> Result<(usize, &Field)> {
        let index = column_index(&self.schema, role, name)?;
        Ok((index, self.schema.field(index)))
    }

    /// The chunks of a column that are in memory; an empty one if there is none.
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
        let unread = self.unread.iter().map(|unread| unread.range.rows);
        self.batches.iter().map(RecordBatch::num_rows).chain(unread).sum()
    }

    /// The rows as they are divided among threads.
    #[must_use]
    pub fn units(&self) -> Vec<Unit> {
        let unread = self.unread.iter().cloned().map(Where::Files);
        let pieces = self.pieces().into_iter().map(Where::Memory);
        pieces.chain(unread).map(Unit).collect()
    }

    /// Cut the rows that are in memory into pieces: large batches are divided, small ones gathered.
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

pub(super) fn column_index(schema: &Schema, role: &str, name: &str) -> Result<usize> {
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
