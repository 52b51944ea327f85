//! A table written as a Parquet file, the columns of its row groups side by side.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::FieldRef;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::add_encoded_arrow_schema_to_metadata;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// Rows of a row group.
const ROW_GROUP: usize = 1 << 18;
/// Row groups whose columns are encoded before they are written.
const AT_ONCE: usize = 4;

/// Write a table, compressed by Snappy. Its Arrow types stand beside it, so that whoever reads it into Arrow has them again.
///
/// # Errors
/// If the file cannot be written, or the caller asked to stop.
pub fn write_parquet(batch: &RecordBatch, path: &Path, task: &Task) -> Result<()> {
    let failed = |error: std::io::Error| Error::Write(error.to_string());
    let file = BufWriter::new(File::create(path).map_err(failed)?);
    let schema = batch.schema();
    let mut properties = properties(batch);
    add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
    let properties: WriterPropertiesPtr = Arc::new(properties);
    let parquet = ArrowSchemaConverter::new().convert(&schema).map_err(written)?;
    let root = parquet.root_schema_ptr();
    let mut writer = SerializedFileWriter::new(file, root, properties).map_err(written)?;
    let factory = ArrowRowGroupWriterFactory::new(&writer, schema.clone());
    let groups: Vec<usize> = (0..batch.num_rows().div_ceil(ROW_GROUP)).collect();
    for groups in groups.chunks(AT_ONCE) {
        let mut columns = Vec::new();
        for &number in groups {
            columns.extend(columns_of(batch, number, &factory)?);
        }
        let mut chunks = runtime::each(columns, task, |_, column| encoded(column))?.into_iter();
        for _ in groups {
            let mut group = writer.next_row_group().map_err(written)?;
            for chunk in chunks.by_ref().take(batch.num_columns()) {
                chunk.append_to_row_group(&mut group).map_err(written)?;
            }
            group.close().map_err(written)?;
        }
    }
    writer.close().map_err(written)?;
    Ok(())
}

/// A column of a row group: its field, its values, and what writes them.
type Column = (FieldRef, ArrayRef, ArrowColumnWriter);

/// The columns of a row group.
fn columns_of(batch: &RecordBatch, number: usize, factory: &ArrowRowGroupWriterFactory) -> Result<Vec<Column>> {
    let start = number * ROW_GROUP;
    let rows = batch.slice(start, ROW_GROUP.min(batch.num_rows() - start));
    let writers = factory.create_column_writers(number).map_err(written)?;
    // A column of ours has one leaf: none of them is nested.
    if writers.len() != rows.num_columns() {
        return Err(Error::Internal("a nested column".into()));
    }
    let (schema, columns) = (rows.schema(), rows.columns().to_vec());
    let fields = schema.fields().iter().cloned().zip(columns).zip(writers);
    Ok(fields
        .map(|((field, values), writer)| (field, values, writer))
        .collect())
}

fn encoded((field, values, mut writer): Column) -> Result<ArrowColumnChunk> {
    for leaf in compute_leaves(&field, &values).map_err(written)? {
        writer.write(&leaf).map_err(written)?;
    }
    writer.close().map_err(written)
}

/// Values that hardly repeat are written as they are: a dictionary of them costs time and saves nothing.
fn properties(batch: &RecordBatch) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let name = ColumnPath::new(vec![field.name().clone()]);
        properties = properties.set_column_dictionary_enabled(name, repeats(column));
    }
    properties.build()
}

/// Whether values of a column occur again and again, by a sample of them.
fn repeats(column: &ArrayRef) -> bool {
    const SAMPLE: usize = 1 << 10;
    let data = column.to_data();
    let (Some(width), Some(values)) = (column.data_type().primitive_width(), data.buffers().first()) else {
        return true;
    };
    let step = column.len().div_ceil(SAMPLE).max(1);
    let at = |row: usize| &values.as_slice()[(data.offset() + row) * width..][..width];
    let sample: Vec<&[u8]> = (0..column.len()).step_by(step).map(at).collect();
    let distinct: std::collections::HashSet<&[u8]> = sample.iter().copied().collect();
    distinct.len() * 2 <= sample.len()
}

#[allow(clippy::needless_pass_by_value)] // What maps an error takes it.
fn written(error: ParquetError) -> Error {
    Error::Write(error.to_string())
}
