//! Some columns of Parquet files, read range by range.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{Field, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::damage::{guarded, unreadable};
use super::parquet_files::ParquetFile;
use crate::columns::{PIECE, RowRange, Scan};
use crate::error::{Error, Result};

/// Where the columns stand in a file.
#[derive(Debug, Clone)]
pub(super) struct ColumnPlaces {
    /// By their order in the file.
    mask: ProjectionMask,
    /// The place of each wanted column among those that are read.
    order: Vec<usize>,
}

/// A row group of a file.
#[derive(Debug, Clone, Copy)]
struct RowGroup {
    file: usize,
    group: usize,
    rows: usize,
}

/// Some columns of Parquet files.
#[derive(Debug)]
pub struct ParquetScan {
    files: Vec<ParquetFile>,
    places: Vec<ColumnPlaces>,
    schema: SchemaRef,
    groups: Vec<RowGroup>,
}

impl ColumnPlaces {
    pub(super) fn new(file: &ParquetFile, wanted: &SchemaRef) -> Result<Self> {
        let found = file.metadata.schema();
        let roots = wanted.fields().iter().map(|field| found.index_of(field.name()));
        let roots: Vec<usize> = roots.collect::<std::result::Result<_, _>>()?;
        let mut sorted = roots.clone();
        sorted.sort_unstable();
        Ok(Self {
            mask: ProjectionMask::roots(file.metadata.parquet_schema(), roots.iter().copied()),
            order: roots
                .iter()
                .map(|root| sorted.partition_point(|at| at < root))
                .collect(),
        })
    }
}

impl ParquetScan {
    pub(super) fn new(files: Vec<ParquetFile>, places: Vec<ColumnPlaces>, schema: SchemaRef) -> Result<Self> {
        let mut groups = Vec::new();
        for (at, file) in files.iter().enumerate() {
            for (group, about) in file.metadata.metadata().row_groups().iter().enumerate() {
                let rows = u32::try_from(about.num_rows()).map_err(|_| {
                    unreadable(
                        &file.name,
                        &format!("a row group says that it has {} rows", about.num_rows()),
                    )
                })?;
                let rows = rows as usize;
                groups.push(RowGroup { file: at, group, rows });
            }
        }
        Ok(Self {
            files,
            places,
            schema,
            groups,
        })
    }

    /// Rows of a row group. What lies before them is skipped page by page, unread but for the page that they begin in.
    fn read_rows(&self, of: RowGroup, range: RowRange, each: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<()> {
        let (file, places) = (&self.files[of.file], &self.places[of.file]);
        let failed = |error: &dyn std::fmt::Display| unreadable(&file.name, error);
        let bytes = file.bytes.open().map_err(|error| failed(&error))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, file.metadata.clone());
        let builder = builder
            .with_row_groups(vec![of.group])
            .with_projection(places.mask.clone())
            .with_batch_size(PIECE.min(range.rows))
            .with_offset(range.start)
            .with_limit(range.rows);
        let mut reader = guarded(&file.name, || builder.build())?;
        let mut rows = 0;
        while let Some(batch) = guarded(&file.name, || reader.next().transpose())? {
            rows += batch.num_rows();
            each(self.arranged(&batch, places).map_err(|error| failed(&error))?)?;
        }
        if rows == range.rows {
            Ok(())
        } else {
            Err(failed(&format!("row group {} has fewer rows than it says", of.group)))
        }
    }

    /// The columns in their order, in the types that all files have; a dictionary stays one.
    fn arranged(&self, batch: &RecordBatch, places: &ColumnPlaces) -> Result<RecordBatch> {
        let exact = CastOptions {
            safe: false,
            ..CastOptions::default()
        };
        let columns = places.order.iter().zip(self.schema.fields()).map(|(&at, field)| {
            let column = batch.column(at);
            let known = column.data_type() == field.data_type();
            if known || column.as_any_dictionary_opt().is_some() {
                return Ok((
                    field.as_ref().clone().with_data_type(column.data_type().clone()),
                    column.clone(),
                ));
            }
            Ok((
                field.as_ref().clone(),
                cast_with_options(column, field.data_type(), &exact)?,
            ))
        });
        let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = columns.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        Ok(RecordBatch::try_new(Schema::new(fields).into(), columns)?)
    }
}

impl Scan for ParquetScan {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn parts(&self) -> Vec<usize> {
        self.groups.iter().map(|group| group.rows).collect()
    }

    fn with_dictionaries(self: Arc<Self>, names: &[&str]) -> Arc<dyn Scan> {
        let files = self.files.iter().map(|file| file.with_dictionaries(names));
        Arc::new(Self {
            files: files.collect(),
            places: self.places.clone(),
            schema: self.schema.clone(),
            groups: self.groups.clone(),
        })
    }

    fn read(&self, range: RowRange, each: &mut dyn FnMut(RecordBatch) -> Result<()>) -> Result<()> {
        let Some(&of) = self.groups.get(range.part) else {
            return Err(Error::Internal("no such row group".into()));
        };
        self.read_rows(of, range, each)
    }
}
