//! Some columns of text files of separated values, read part by part; every value is text.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{ArrayRef, NullBufferBuilder, RecordBatch, StringArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field as ArrowField, Schema, SchemaRef};

use super::bytes::FileBytes;
use super::csv_index::{CsvPart, CsvText};
use super::csv_records::{Field, Fields};
use crate::columns::{PIECE, RowRange, Scan};
use crate::error::{Error, Result};
use crate::params::words;
use crate::runtime::Task;

words! {
    /// What becomes of lines with too many or too few fields.
    pub enum BadLines {
        /// They are an error.
        Error = "error",
        /// They are left out and counted.
        Count = "count",
    }
}

/// A text file, and how it is written.
#[derive(Debug, Clone)]
pub struct CsvFile {
    /// What messages call it.
    pub name: String,
    /// Its bytes, UTF-8.
    pub bytes: FileBytes,
    /// What separates fields.
    pub delimiter: u8,
    /// The names in its first record.
    pub columns: Vec<String>,
}

/// A line that was left out: whether it has too many fields, and its number, that of the names being 1.
pub type BadLine = (bool, u64);

/// Some columns of text files.
#[derive(Debug)]
pub struct CsvScan {
    files: Vec<OneFile>,
    schema: SchemaRef,
    parts: Vec<(usize, CsvPart, u64)>,
    bad_lines: BadLines,
    left_out: LeftOut,
}

/// What was left out, by part. It can be kept when the files are not.
#[derive(Debug, Clone, Default)]
pub struct LeftOut(Arc<Mutex<BTreeMap<usize, Vec<BadLine>>>>);

impl LeftOut {
    /// The lines so far, in their order.
    #[must_use]
    pub fn lines(&self) -> Vec<BadLine> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.values().flatten().copied().collect()
    }

    fn extend(&self, part: usize, lines: Vec<BadLine>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.entry(part).or_default().extend(lines);
    }
}

#[derive(Debug)]
struct OneFile {
    text: CsvText,
    fields: usize,
    /// Where each wanted column stands.
    places: Vec<usize>,
}

impl CsvScan {
    /// Find the records of some files, of which the columns count that are named.
    ///
    /// # Errors
    /// If a file cannot be read, or lacks a column.
    pub fn new(files: Vec<CsvFile>, wanted: &[String], bad_lines: BadLines, task: &Task) -> Result<Self> {
        let fields = wanted.iter().map(|name| ArrowField::new(name, DataType::Utf8, true));
        let schema = Schema::new(fields.collect::<Vec<_>>()).into();
        let (mut all, mut parts) = (Vec::with_capacity(files.len()), Vec::new());
        for file in files {
            let place = |name: &String| {
                let found = file.columns.iter().position(|column| column == name);
                found.ok_or_else(|| Error::Internal("a column was not looked for".into()))
            };
            let places = wanted.iter().map(place).collect::<Result<_>>()?;
            let text = CsvText {
                name: file.name,
                bytes: file.bytes,
                delimiter: file.delimiter,
            };
            // The first record holds the names.
            let mut number = 2;
            for part in text.parts(task)? {
                parts.push((all.len(), part, number));
                number += part.records as u64;
            }
            all.push(OneFile {
                text,
                fields: file.columns.len(),
                places,
            });
        }
        Ok(Self {
            files: all,
            schema,
            parts,
            bad_lines,
            left_out: LeftOut::default(),
        })
    }

    /// What is left out while the files are read.
    #[must_use]
    pub fn left_out(&self) -> LeftOut {
        self.left_out.clone()
    }
}

impl OneFile {
    fn bad_line(&self, text: &[u8], fields: &[Field]) -> Error {
        const SHOWN: usize = 120;
        let line: String = Field::line(fields, text).chars().take(SHOWN).collect();
        Error::Data(format!(
            "{}: a line has {} fields, and the first line has {}: {line:?}; correct it, give the delimiter that separates \
             them, or type bad_lines=\"count\" to leave such lines out and have them counted",
            self.text.name,
            fields.len(),
            self.fields
        ))
    }
}

impl Scan for CsvScan {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn parts(&self) -> Vec<usize> {
        self.parts.iter().map(|(_, part, _)| part.records).collect()
    }

    fn with_dictionaries(self: Arc<Self>, _: &[&str]) -> Arc<dyn Scan> {
        self
    }

    fn read(&self, range: RowRange, each: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<()> {
        let Some((file, part, first)) = self.parts.get(range.part) else {
            return Err(Error::Internal("no such part".into()));
        };
        let file = &self.files[*file];
        let text = file.text.read(part.start, part.length)?;
        let mut columns = TextColumns::new(file.places.len());
        let (mut at, mut left_out) = (0, Vec::new());
        let wanted = range.start..range.start + range.rows;
        Fields::new(file.text.delimiter).each(&text, |fields| {
            at += 1;
            if !wanted.contains(&(at - 1)) {
                return Ok(());
            }
            if fields.len() != file.fields {
                if self.bad_lines == BadLines::Error {
                    return Err(file.bad_line(&text, fields));
                }
                left_out.push((fields.len() > file.fields, first + at as u64 - 1));
                return Ok(());
            }
            columns.push(&text, file.places.iter().map(|place| fields[*place]));
            if columns.rows == PIECE {
                each(columns.take(&self.schema, &file.text)?)?;
            }
            Ok(())
        })?;
        if columns.rows > 0 {
            each(columns.take(&self.schema, &file.text)?)?;
        }
        if !left_out.is_empty() {
            self.left_out.extend(range.part, left_out);
        }
        Ok(())
    }
}

/// Columns of text on their way into a batch.
struct TextColumns {
    columns: Vec<TextColumn>,
    rows: usize,
}

struct TextColumn {
    values: Vec<u8>,
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
}

impl TextColumns {
    fn new(columns: usize) -> Self {
        let column = || TextColumn {
            values: Vec::new(),
            offsets: vec![0],
            nulls: NullBufferBuilder::new(PIECE),
        };
        Self {
            columns: std::iter::repeat_with(column).take(columns).collect(),
            rows: 0,
        }
    }

    /// Append a record; an empty value is null.
    fn push(&mut self, text: &[u8], fields: impl Iterator<Item = Field>) {
        for (column, field) in self.columns.iter_mut().zip(fields) {
            let before = column.values.len();
            field.append(text, &mut column.values);
            column.nulls.append(column.values.len() > before);
            // Parts are shorter than 2 GiB.
            column
                .offsets
                .push(i32::try_from(column.values.len()).unwrap_or(i32::MAX));
        }
        self.rows += 1;
    }

    /// The rows so far as a batch, after which there are none.
    fn take(&mut self, schema: &SchemaRef, file: &CsvText) -> Result<RecordBatch> {
        let array = |column: &mut TextColumn| {
            let room = column.values.len();
            let values = std::mem::replace(&mut column.values, Vec::with_capacity(room));
            let offsets = std::mem::replace(&mut column.offsets, vec![0]);
            let array = StringArray::try_new(OffsetBuffer::new(offsets.into()), values.into(), column.nulls.finish());
            // All that can be wrong is that bytes are not UTF-8.
            let array = array.map_err(|_| {
                Error::Data(format!(
                    "{} is not UTF-8 all through; give its encoding, as in encoding=\"gb18030\" or encoding=\"cp1252\"",
                    file.name
                ))
            })?;
            Ok(Arc::new(array) as ArrayRef)
        };
        let arrays = self.columns.iter_mut().map(array).collect::<Result<Vec<_>>>()?;
        self.rows = 0;
        Ok(RecordBatch::try_new(schema.clone(), arrays)?)
    }
}
