//! Arrow tables on their way out: to anything that speaks Arrow, or to numpy.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, Int64Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, FieldRef, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Schema,
    TimeUnit, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use numpy::{PyReadonlyArray1, ToPyArray};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList, PyString, PyTuple};
use pyo3_arrow::ffi::{to_schema_pycapsule, to_stream_pycapsule};

use super::convert;
use super::runtime::detach;
use crate::columns::{Columns, read_stream, write_stream};
use crate::error::Error;
use crate::files;
use crate::runtime;

/// An Arrow table.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Table {
    pub(super) batch: RecordBatch,
}

impl From<RecordBatch> for Table {
    fn from(batch: RecordBatch) -> Self {
        Self { batch }
    }
}

#[pymethods]
impl Table {
    /// Put columns together that Python holds in other shapes than Arrow's.
    #[staticmethod]
    fn from_columns(columns: &Bound<'_, PyDict>) -> PyResult<Self> {
        Ok(convert::batch(columns)?.into())
    }

    /// Tables under each other; the first column of each is the key.
    #[staticmethod]
    fn stack(py: Python<'_>, tables: Vec<PyRef<'_, Self>>) -> PyResult<Self> {
        let batches: Vec<RecordBatch> = tables.iter().map(|table| table.batch.clone()).collect();
        Ok(detach(py, |task| crate::log::stack(&batches, task))?.into())
    }

    /// The number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.batch
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    /// The column at `index` as `(kind, values, missing, extra)` of numpy arrays and lists.
    fn column<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyTuple>> {
        let schema = self.batch.schema();
        let extension = schema.field(index).metadata().get("ARROW:extension:name").cloned();
        let array = self.batch.column(index);
        runtime::reserve(array.get_array_memory_size())?;
        let (kind, values, extra) = match extension.as_deref() {
            Some("arrow.uuid") => ("uuid", bytes(py, array)?.into_any(), py.None().into_bound(py)),
            _ => parts(py, array)?,
        };
        let missing = match array.logical_nulls() {
            Some(nulls) if nulls.null_count() > 0 => nulls
                .iter()
                .map(|valid| !valid)
                .collect::<Vec<_>>()
                .to_pyarray(py)
                .into_any(),
            _ => py.None().into_bound(py),
        };
        PyTuple::new(py, [PyString::new(py, kind).into_any(), values, missing, extra])
    }

    /// One column that holds one of a few words in each row; -1 is null.
    #[staticmethod]
    fn of_words(name: &str, codes: PyReadonlyArray1<'_, i32>, words: Vec<String>) -> PyResult<Self> {
        let mut columns = Columns::default();
        let made = columns
            .words(name, codes.as_array().to_vec(), &words)
            .and_then(|()| columns.finish());
        Ok(made?.into())
    }

    /// The columns of two tables of as many rows, side by side.
    fn beside(&self, other: &Self) -> PyResult<Self> {
        let mut columns = Columns::default();
        for batch in [&self.batch, &other.batch] {
            for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
                columns.push((field.clone(), array.clone()));
            }
        }
        Ok(columns.finish()?.into())
    }

    /// Some rows, by their places; a negative one is a row of nulls.
    fn take(&self, rows: PyReadonlyArray1<'_, i64>) -> PyResult<Self> {
        let known = |row: &i64| (*row >= 0).then_some(*row);
        let rows: Int64Array = rows.as_array().iter().map(known).collect();
        let mut columns = Columns::default();
        for (field, array) in self.batch.schema().fields().iter().zip(self.batch.columns()) {
            let taken = arrow::compute::take(array, &rows, None).map_err(Error::from)?;
            let nullable = field.is_nullable() || rows.null_count() > 0;
            columns.push((field.as_ref().clone().with_nullable(nullable).into(), taken));
        }
        Ok(columns.finish()?.into())
    }

    /// One more column, which holds the same text in each row.
    fn with_text(&self, name: &str, text: &str) -> PyResult<Self> {
        let mut columns = Columns::default();
        for (field, array) in self.batch.schema().fields().iter().zip(self.batch.columns()) {
            columns.push((field.clone(), array.clone()));
        }
        columns.texts(name, (0..self.batch.num_rows()).map(|_| Some(text)));
        Ok(columns.finish()?.into())
    }

    /// Some columns, by their places.
    fn select(&self, indices: Vec<usize>) -> PyResult<Self> {
        Ok(self.batch.project(&indices).map_err(Error::from)?.into())
    }

    /// The same columns under other names.
    fn renamed(&self, names: Vec<String>) -> PyResult<Self> {
        let schema = self.batch.schema();
        let fields = schema.fields().iter().zip(names);
        let fields: Vec<FieldRef> = fields
            .map(|(field, name)| field.as_ref().clone().with_name(name).into())
            .collect();
        let schema = Arc::new(Schema::new(fields));
        Ok(RecordBatch::try_new(schema, self.batch.columns().to_vec())
            .map_err(Error::from)?
            .into())
    }

    /// The rows from `start` on, at most `length`.
    fn slice(&self, start: usize, length: usize) -> Self {
        let start = start.min(self.batch.num_rows());
        self.batch
            .slice(start, length.min(self.batch.num_rows() - start))
            .into()
    }

    /// The table that an Arrow IPC stream holds.
    #[staticmethod]
    fn from_ipc(bytes: &[u8]) -> PyResult<Self> {
        Ok(read_stream(bytes)?.into())
    }

    /// Write a Parquet file.
    fn write_parquet(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        detach(py, |task| files::write_parquet(&self.batch, &path, task))
    }

    /// A pickle holds the table as an Arrow IPC stream.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let py = slf.py();
        let bytes = write_stream(&slf.get().batch)?;
        let read = py.get_type::<Self>().getattr("from_ipc")?;
        Ok((read, (PyBytes::new(py, &bytes),)))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.batch.schema().as_ref())?)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let fields = arrow::datatypes::Field::new("", DataType::Struct(self.batch.schema().fields().clone()), false);
        let rows: ArrayRef = std::sync::Arc::new(arrow::array::StructArray::from(self.batch.clone()));
        let reader = pyo3_arrow::ffi::ArrayIterator::new(
            [Ok(rows)],
            std::sync::Arc::new(fields.with_metadata(self.batch.schema().metadata().clone())),
        );
        Ok(to_stream_pycapsule(py, Box::new(reader), requested_schema)?)
    }
}

type Parts<'py> = (&'static str, Bound<'py, PyAny>, Bound<'py, PyAny>);

fn parts<'py>(py: Python<'py>, array: &ArrayRef) -> PyResult<Parts<'py>> {
    let none = py.None().into_bound(py);
    let casted = |to: &DataType| cast(array, to).map_err(Error::from);
    Ok(match array.data_type() {
        DataType::Int8 => ("number", values::<Int8Type>(py, array), none),
        DataType::Int16 => ("number", values::<Int16Type>(py, array), none),
        DataType::Int32 => ("number", values::<Int32Type>(py, array), none),
        DataType::Int64 => ("number", values::<Int64Type>(py, array), none),
        DataType::UInt8 => ("number", values::<UInt8Type>(py, array), none),
        DataType::UInt16 => ("number", values::<UInt16Type>(py, array), none),
        DataType::UInt32 => ("number", values::<UInt32Type>(py, array), none),
        DataType::UInt64 => ("number", values::<UInt64Type>(py, array), none),
        DataType::Float32 => ("number", values::<Float32Type>(py, array), none),
        DataType::Float64 => ("number", values::<Float64Type>(py, array), none),
        DataType::Boolean => {
            let truths: Vec<bool> = array.as_boolean().values().iter().collect();
            ("number", truths.to_pyarray(py).into_any(), none)
        }
        DataType::Date32 => ("date", values::<Date32Type>(py, array), none),
        DataType::Date64 => ("date", values::<Date32Type>(py, &casted(&DataType::Date32)?), none),
        DataType::Timestamp(_, zone) => {
            let micros = casted(&DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?;
            let zone = zone.as_deref().into_pyobject(py)?.into_any();
            ("timestamp", values::<TimestampMicrosecondType>(py, &micros), zone)
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let codes = crate::columns::dictionary_codes(array)?;
            // The code of a null is beyond what i32 holds.
            let keys: Vec<i32> = codes
                .into_iter()
                .map(|code| i32::try_from(code).unwrap_or(-1))
                .collect();
            let (kind, words, _) = parts(py, dictionary.values())?;
            let words = PyTuple::new(py, [PyString::new(py, kind).into_any(), words])?;
            ("dictionary", keys.to_pyarray(py).into_any(), words.into_any())
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let texts = casted(&DataType::LargeUtf8)?;
            let texts = PyList::new(py, texts.as_string::<i64>().iter())?;
            ("object", texts.into_any(), none)
        }
        _ => ("object", bytes(py, array)?.into_any(), none),
    })
}

fn values<'py, T: ArrowPrimitiveType>(py: Python<'py>, array: &ArrayRef) -> Bound<'py, PyAny>
where
    T::Native: numpy::Element,
{
    array.as_primitive::<T>().values().to_pyarray(py).into_any()
}

fn bytes<'py>(py: Python<'py>, array: &ArrayRef) -> PyResult<Bound<'py, PyList>> {
    let mut all = Vec::with_capacity(array.len());
    crate::columns::for_each_bytes(array, |value| all.push(value.map(|value| PyBytes::new(py, value))))?;
    PyList::new(py, all)
}
