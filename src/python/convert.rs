//! Columns that Python holds in other shapes than Arrow's, brought into Arrow.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Decimal128Array, DictionaryArray, FixedSizeBinaryArray,
    Int32Array, LargeStringArray, NullArray, PrimitiveArray, RecordBatch, new_empty_array,
};
use arrow::buffer::NullBuffer;
use arrow::compute::{cast, concat};
use arrow::datatypes::{
    ArrowTimestampType, DataType, Field, FieldRef, Int32Type, Int64Type, Schema, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3_arrow::PyArray;

use super::foreign::ForeignArrays;
use crate::error::Error;
use crate::time::Zone;

/// A batch of named columns. Each value is an Arrow array, or a tuple `(kind, values, mask, extra)`.
pub(super) fn batch(columns: &Bound<'_, PyDict>) -> PyResult<RecordBatch> {
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (name, value) in columns {
        let (field, array) = column(&name.extract::<String>()?, &value)?;
        fields.push(field);
        arrays.push(array);
    }
    let rows = arrays.first().map_or(0, arrow::array::Array::len);
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(Schema::new(fields).into(), arrays, &options).map_err(Error::from)?)
}

fn column(name: &str, value: &Bound<'_, PyAny>) -> PyResult<(FieldRef, ArrayRef)> {
    let Ok((kind, values, mask, extra)) =
        value.extract::<(String, Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>)>()
    else {
        return arrow_column(name, value);
    };
    let nulls = nulls(&mask)?;
    let array: ArrayRef = match kind.as_str() {
        "number" => with_nulls(&numbers(&values)?, nulls),
        "date" => cast(&with_nulls(&numbers(&values)?, nulls), &DataType::Date32).map_err(Error::from)?,
        "bool" => {
            let bytes = numbers(&values)?;
            let truths = bytes
                .as_primitive::<UInt8Type>()
                .values()
                .iter()
                .map(|byte| *byte != 0)
                .collect();
            Arc::new(BooleanArray::new(truths, nulls))
        }
        "s" => timestamps::<TimestampSecondType>(&values, nulls, &extra)?,
        "ms" => timestamps::<TimestampMillisecondType>(&values, nulls, &extra)?,
        "us" => timestamps::<TimestampMicrosecondType>(&values, nulls, &extra)?,
        "ns" => timestamps::<TimestampNanosecondType>(&values, nulls, &extra)?,
        "text" => Arc::new(LargeStringArray::from(values.extract::<Vec<Option<String>>>()?)),
        "binary" => {
            let values = values.extract::<Vec<Option<Vec<u8>>>>()?;
            Arc::new(values.iter().map(|value| value.as_deref()).collect::<BinaryArray>())
        }
        "null" => Arc::new(NullArray::new(values.extract()?)),
        "uuid" => return uuids(name, &values),
        "decimal" => decimals(&values, &extra)?,
        "dictionary" => dictionary(&values, &extra)?,
        other => return Err(PyTypeError::new_err(format!("column kind {other:?} is unknown"))),
    };
    Ok((Arc::new(Field::new(name, array.data_type().clone(), true)), array))
}

fn arrow_column(name: &str, value: &Bound<'_, PyAny>) -> PyResult<(FieldRef, ArrayRef)> {
    let arrays: ForeignArrays = value.extract()?;
    let field = arrays.field.clone();
    let chunks = arrays.all()?;
    let refs: Vec<&dyn Array> = chunks.iter().map(AsRef::as_ref).collect();
    let array = if refs.is_empty() {
        new_empty_array(field.data_type())
    } else {
        concat(&refs).map_err(Error::from)?
    };
    Ok((Arc::new(field.as_ref().clone().with_name(name)), array))
}

/// A numpy array of numbers; its memory is shared, and read before the caller goes on.
fn numbers(values: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    Ok(values.extract::<PyArray>()?.into_inner().0)
}

/// A mask that is true where a value is missing.
fn nulls(mask: &Bound<'_, PyAny>) -> PyResult<Option<NullBuffer>> {
    if mask.is_none() {
        return Ok(None);
    }
    let missing = numbers(mask)?;
    Ok(Some(
        missing
            .as_primitive::<UInt8Type>()
            .values()
            .iter()
            .map(|byte| *byte == 0)
            .collect(),
    ))
}

fn with_nulls(array: &ArrayRef, nulls: Option<NullBuffer>) -> ArrayRef {
    match array.to_data().into_builder().nulls(nulls).build() {
        Ok(data) => arrow::array::make_array(data),
        Err(_) => array.clone(),
    }
}

fn timestamps<T: ArrowTimestampType>(
    values: &Bound<'_, PyAny>,
    nulls: Option<NullBuffer>,
    zone: &Bound<'_, PyAny>,
) -> PyResult<ArrayRef> {
    let values = numbers(values)?;
    let counts = values.as_primitive::<Int64Type>().values().clone();
    let array = PrimitiveArray::<T>::new(counts, nulls).with_timezone_opt(zone.extract::<Option<String>>()?);
    Ok(Arc::new(array))
}

fn uuids(name: &str, values: &Bound<'_, PyAny>) -> PyResult<(FieldRef, ArrayRef)> {
    let values = values.extract::<Vec<Option<[u8; 16]>>>()?;
    let array = FixedSizeBinaryArray::try_from_sparse_iter_with_size(values.into_iter(), 16)
        .map_err(|error| PyTypeError::new_err(error.to_string()))?;
    let extension = [("ARROW:extension:name".to_string(), "arrow.uuid".to_string())];
    let field = Field::new(name, array.data_type().clone(), true).with_metadata(extension.into());
    Ok((Arc::new(field), Arc::new(array)))
}

/// Whole counts of the last digit, and how many digits follow the point.
fn decimals(counts: &Bound<'_, PyAny>, scale: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let array: Decimal128Array = counts.extract::<Vec<Option<i128>>>()?.into_iter().collect();
    let array = array
        .with_precision_and_scale(38, scale.extract()?)
        .map_err(Error::from)?;
    Ok(Arc::new(array))
}

/// Codes (-1 is null) into categories, themselves a column.
fn dictionary(codes: &Bound<'_, PyAny>, categories: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let (_, categories) = column("categories", categories)?;
    let failed = Error::from;
    let codes = cast(&numbers(codes)?, &DataType::Int32).map_err(failed)?;
    let codes: Int32Array = codes
        .as_primitive::<Int32Type>()
        .iter()
        .map(|code| code.filter(|code| *code >= 0))
        .collect();
    Ok(Arc::new(DictionaryArray::try_new(codes, categories).map_err(failed)?))
}

/// Raise the error for a column that a table does not have.
#[pyfunction]
#[pyo3(signature = (role, name, found, table = "the table".into()))]
pub(super) fn check_column(role: String, name: String, found: Vec<String>, table: String) -> PyResult<()> {
    if found.contains(&name) {
        return Ok(());
    }
    Err(Error::MissingColumn {
        role,
        name,
        table,
        found,
    }
    .into())
}

/// Raise the error for a time zone that there is not.
#[pyfunction]
pub(super) fn check_zone(name: &str) -> PyResult<()> {
    Ok(Zone::named(name).map(drop)?)
}
