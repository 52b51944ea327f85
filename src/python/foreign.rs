//! Tables of other libraries, through Arrow's C interface. What a foreign schema says is checked before Arrow reads it, and
//! the layout of every array before it is taken: Arrow panics on what it does not expect, and a panic is no message.
#![allow(unsafe_code)] // The C interface is one of pointers.

use std::ffi::{CStr, c_char, c_int};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions, RecordBatchReader, make_array};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow::ffi_stream::FFI_ArrowArrayStream;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::files::{CsvScan, ParquetScan};
use super::foreign_layout::check_layout;
use super::foreign_schema::field_of;
use super::table::Table;
use crate::columns::{Scan, Stream, first_beyond};
use crate::error::{Error, Result};

/// Arrays of one type, one after another.
pub(super) struct ForeignArrays {
    pub(super) field: FieldRef,
    source: ArraySource,
}

enum ArraySource {
    Stream(FFI_ArrowArrayStream),
    Single(Option<FFI_ArrowArray>),
}

/// Rows of a table, batch by batch.
pub(super) struct ForeignTable {
    schema: SchemaRef,
    batches: Batches,
}

enum Batches {
    Foreign(ForeignArrays),
    Own(Option<RecordBatch>),
    Files(Arc<dyn Scan>),
}

impl<'py> FromPyObject<'_, 'py> for ForeignArrays {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if given.hasattr("__arrow_c_stream__")? {
            let capsule = given.call_method0("__arrow_c_stream__")?;
            let stream = pointer::<FFI_ArrowArrayStream>(&capsule, c"arrow_array_stream", "__arrow_c_stream__")?;
            // SAFETY: a capsule of this name holds a stream, which is moved out and left empty.
            return Self::of_stream(unsafe { FFI_ArrowArrayStream::from_raw(stream) });
        }
        if given.hasattr("__arrow_c_array__")? {
            let pair = given.call_method0("__arrow_c_array__")?;
            let Ok((schema, array)) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() else {
                return Err(PyTypeError::new_err(
                    "the source's __arrow_c_array__() does not return a tuple of two capsules: it is no Arrow array",
                ));
            };
            let schema = pointer::<FFI_ArrowSchema>(&schema, c"arrow_schema", "__arrow_c_array__")?;
            let array = pointer::<FFI_ArrowArray>(&array, c"arrow_array", "__arrow_c_array__")?;
            // SAFETY: capsules of these names hold a schema and an array, which are moved out and left empty.
            let (schema, array) = unsafe { (FFI_ArrowSchema::from_raw(schema), FFI_ArrowArray::from_raw(array)) };
            return Ok(Self {
                field: field_of(schema)?,
                source: ArraySource::Single((!array.is_released()).then_some(array)),
            });
        }
        Err(PyTypeError::new_err(format!(
            "the source is a {}, which does not speak Arrow",
            given.get_type().name()?
        )))
    }
}

impl<'py> FromPyObject<'_, 'py> for ForeignTable {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        // Ours needs no way through C; a wrapper of ours holds it as `native`.
        let own = given
            .getattr_opt("native")?
            .filter(PyAnyMethods::is_instance_of::<Table>);
        if let Ok(table) = own.as_ref().unwrap_or(&given).cast::<Table>() {
            let batch = table.get().batch.clone();
            return Ok(Self {
                schema: batch.schema(),
                batches: Batches::Own(Some(batch)),
            });
        }
        let parquet = given.cast::<ParquetScan>().map(|scan| Some(scan.get().scan.clone()));
        if let Ok(scan) = parquet.or_else(|_| given.cast::<CsvScan>().map(|scan| scan.get().take())) {
            let read_before = || Error::Data("the files were read before: open them again".into());
            let scan = scan.ok_or_else(read_before)?;
            return Ok(Self {
                schema: scan.schema(),
                batches: Batches::Files(scan),
            });
        }
        let arrays: ForeignArrays = given.extract()?;
        let DataType::Struct(fields) = arrays.field.data_type() else {
            return Err(PyTypeError::new_err(format!(
                "the source is an Arrow array of {}; give the table that it comes from",
                arrays.field.data_type()
            )));
        };
        Ok(Self {
            schema: Schema::new(fields.clone()).into(),
            batches: Batches::Foreign(arrays),
        })
    }
}

/// What a capsule points to.
fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &CStr, method: &str) -> PyResult<*mut T> {
    let pointer = capsule
        .cast::<PyCapsule>()
        .ok()
        .and_then(|capsule| capsule.pointer_checked(Some(name)).ok());
    pointer.map(|pointer| pointer.as_ptr().cast()).ok_or_else(|| {
        PyTypeError::new_err(format!(
            "the source's {method}() returns no capsule of an Arrow {}",
            name.to_string_lossy()
        ))
    })
}

impl ForeignArrays {
    fn of_stream(mut stream: FFI_ArrowArrayStream) -> PyResult<Self> {
        let (Some(get_schema), Some(_), Some(_)) = (stream.get_schema, stream.get_next, stream.release) else {
            return Err(Error::Data("the stream was read before: open it again".into()).into());
        };
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the stream has not been released, and fills what it is given.
        let status = unsafe { get_schema(&raw mut stream, &raw mut schema) };
        if status != 0 {
            return Err(failure(&mut stream, status).into());
        }
        Ok(Self {
            field: field_of(schema)?,
            source: ArraySource::Stream(stream),
        })
    }

    /// The next array.
    fn next(&mut self) -> Option<Result<ArrayRef>> {
        let array = match &mut self.source {
            ArraySource::Single(array) => array.take()?,
            ArraySource::Stream(stream) => {
                let get_next = stream.get_next?;
                let mut array = FFI_ArrowArray::empty();
                // SAFETY: the stream has not been released, and fills what it is given.
                let status = unsafe { get_next(stream, &raw mut array) };
                if status != 0 {
                    return Some(Err(failure(stream, status)));
                }
                if array.is_released() {
                    return None;
                }
                array
            }
        };
        Some(taken(array, &self.field))
    }

    /// All arrays.
    pub(super) fn all(mut self) -> Result<Vec<ArrayRef>> {
        std::iter::from_fn(|| self.next()).collect()
    }
}

/// An array that is laid out as its type says.
fn taken(array: FFI_ArrowArray, field: &FieldRef) -> Result<ArrayRef> {
    let damaged = |what: String| Error::Data(format!("the data are damaged, or a batch is not of the schema: {what}"));
    check_layout(&array, field).map_err(damaged)?;
    // SAFETY: the array has the buffers and children of its type.
    let data = unsafe { from_ffi_and_data_type(array, field.data_type().clone()) }
        .and_then(|data| data.validate().map(|()| data))
        .map_err(|error| damaged(error.to_string()))?;
    let array = make_array(data);
    check_dictionaries(&array, field.name()).map_err(damaged)?;
    Ok(array)
}

/// Refuse codes beyond the dictionary that they point into.
fn check_dictionaries(array: &ArrayRef, name: &str) -> std::result::Result<(), String> {
    match array.data_type() {
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            fields
                .iter()
                .zip(columns)
                .try_for_each(|(field, column)| check_dictionaries(column, field.name()))
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let count = dictionary.values().len();
            match first_beyond(array).map_err(|error| error.to_string())? {
                Some(row) => Err(format!(
                    "the column {name:?} has in row {row} of a batch a code beyond its dictionary of {count} values"
                )),
                None => check_dictionaries(dictionary.values(), name),
            }
        }
        _ => Ok(()),
    }
}

/// What a producer says of its failure.
fn failure(stream: &mut FFI_ArrowArrayStream, status: c_int) -> Error {
    let told = stream.get_last_error.map(|last| {
        // SAFETY: the text lives until the next call on the stream.
        unsafe {
            let text: *const c_char = last(stream);
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy().into_owned())
        }
    });
    Error::producer(
        &told
            .flatten()
            .unwrap_or_else(|| format!("the source failed with code {status}")),
    )
}

impl ForeignTable {
    /// The rows, of which the columns count that some roles name.
    pub(super) fn stream(&mut self, roles: &[(String, String)]) -> Result<Stream<'_>> {
        match &self.batches {
            Batches::Files(scan) => Stream::scan(scan.clone(), roles),
            _ => Stream::open(self, roles),
        }
    }
}

impl Iterator for ForeignTable {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let arrays = match &mut self.batches {
            Batches::Own(batch) => return batch.take().map(Ok),
            Batches::Files(_) => {
                let error = Error::Internal("files are read by their ranges".into());
                return Some(Err(ArrowError::ExternalError(Box::new(error))));
            }
            Batches::Foreign(arrays) => arrays,
        };
        let batch = arrays.next()?.and_then(|array| batch_of(&array, &self.schema));
        Some(batch.map_err(|error| ArrowError::ExternalError(Box::new(error))))
    }
}

impl RecordBatchReader for ForeignTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

fn batch_of(array: &ArrayRef, schema: &SchemaRef) -> Result<RecordBatch> {
    let rows = array.as_struct();
    if rows.null_count() > 0 {
        return Err(Error::Data(format!(
            "{} rows of the source are null as a whole, and a table has none such: drop them first",
            rows.null_count()
        )));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    // Some producers mark columns as never null and have nulls in them; what is null is told by the values.
    let fields = schema
        .fields()
        .iter()
        .map(|field| Arc::new(field.as_ref().clone().with_nullable(true)));
    let schema = Schema::new(fields.collect::<Vec<FieldRef>>()).into();
    Ok(RecordBatch::try_new_with_options(
        schema,
        rows.columns().to_vec(),
        &options,
    )?)
}
