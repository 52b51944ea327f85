//! Preparation of batches before they are read: words for a missing value, marks that spreadsheets leave, columns of
//! which the first that is not null counts, and values of an order that stand on its first line only.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, LargeStringArray, LargeStringBuilder, RecordBatch, UInt64Array,
};
use arrow::compute::{cast, concat_batches, take};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::bytes::for_each_bytes;
use super::key_arrays::text_of_numbers;
use crate::error::{Error, Result, THE_TABLE};
use crate::params::{echo, words};

words! {
    /// How text is written.
    pub enum Written {
        /// As it is meant.
        Plain = "plain",
        /// For a spreadsheet: `="0815"`, a tab or an apostrophe before, blanks around.
        Spreadsheet = "spreadsheet",
    }
}

/// What is done to the batches of a source, by the names of its columns.
#[derive(Debug, Clone)]
pub struct Preparation {
    /// How text is written.
    pub written: Written,
    /// What stands for a missing value in columns of text.
    pub null_values: Vec<String>,
    /// Columns of text, and the role of each, that are read as numbers.
    pub numbers: Vec<(String, String)>,
    /// Columns of which the first that is not null counts; they stand under the name of the first.
    pub coalesced: Vec<Vec<String>>,
    /// The column of the order number, and those whose value stands on the first line of an order only.
    pub fill_down: Option<(String, Vec<String>)>,
}

/// A preparation of batches of one schema.
#[derive(Debug)]
pub(super) struct Prepared {
    schema: SchemaRef,
    written: Written,
    null_values: Vec<String>,
    texts: Vec<usize>,
    numbers: Vec<(String, usize)>,
    coalesced: Vec<Vec<usize>>,
    fill_down: Option<(usize, Vec<usize>)>,
}

impl Prepared {
    /// Resolve names.
    pub(super) fn new(given: Preparation, found: &Schema) -> Result<Self> {
        let at = |name: &String| {
            found.index_of(name).map_err(|_| Error::MissingColumn {
                role: "column".into(),
                table: THE_TABLE.into(),
                name: name.clone(),
                found: found.fields().iter().map(|field| field.name().clone()).collect(),
            })
        };
        let all = |names: &Vec<String>| names.iter().map(at).collect::<Result<Vec<usize>>>();
        let changes = given.written == Written::Spreadsheet || !given.null_values.is_empty();
        let texts = (0..found.fields().len()).filter(|&column| changes && is_text(found.field(column).data_type()));
        let mut to = Self {
            schema: found.clone().into(),
            written: given.written,
            null_values: given.null_values,
            texts: texts.collect(),
            numbers: numbers(&given.numbers, found)?,
            coalesced: given.coalesced.iter().map(all).collect::<Result<_>>()?,
            fill_down: match &given.fill_down {
                Some((order, columns)) => Some((at(order)?, all(columns)?)),
                None => None,
            },
        };
        to.schema = to.columns(&RecordBatch::new_empty(to.schema.clone()))?.schema();
        Ok(to)
    }

    /// The schema of what comes out.
    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Whether each batch is prepared by itself.
    pub(super) fn is_by_batch(&self) -> bool {
        self.fill_down.is_none()
    }

    /// Prepare the next batch; `last` is the last row before it, filled.
    pub(super) fn apply(&self, batch: &RecordBatch, last: &mut Option<RecordBatch>) -> Result<RecordBatch> {
        let batch = self.columns(batch)?;
        let Some((order, columns)) = &self.fill_down else {
            return Ok(batch);
        };
        if batch.num_rows() == 0 {
            return Ok(batch);
        }
        let before = last.as_ref().map_or(0, RecordBatch::num_rows);
        let all = concat_batches(&batch.schema(), last.iter().chain([&batch]))?;
        let mut arrays = all.columns().to_vec();
        let same = same_as_before(all.column(*order))?;
        for &column in columns {
            arrays[column] = filled(all.column(column), &same)?;
        }
        let all = RecordBatch::try_new(batch.schema(), arrays)?;
        *last = Some(all.slice(all.num_rows() - 1, 1));
        Ok(all.slice(before, batch.num_rows()))
    }

    fn columns(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let mut arrays = batch.columns().to_vec();
        for &at in &self.texts {
            arrays[at] = self.cleaned(&arrays[at])?;
        }
        for (role, at) in &self.numbers {
            arrays[*at] = numbers_of(&arrays[*at], role, batch.schema().field(*at).name())?;
        }
        for columns in self.coalesced.iter().filter(|columns| columns.len() > 1) {
            arrays[columns[0]] = coalesced(columns, &arrays)?;
        }
        let fields = batch.schema();
        let field = |(field, array): (&Arc<Field>, &ArrayRef)| {
            let field = field.as_ref().clone();
            field.with_data_type(array.data_type().clone()).with_nullable(true)
        };
        let schema: Vec<Field> = fields.fields().iter().zip(&arrays).map(field).collect();
        Ok(RecordBatch::try_new(Schema::new(schema).into(), arrays)?)
    }

    /// A column of text without the marks of spreadsheets, its words for a missing value as nulls.
    fn cleaned(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let mut to = LargeStringBuilder::with_capacity(array.len(), array.get_buffer_memory_size());
        for_each_bytes(array, |value| {
            let value = value.map(|value| String::from_utf8_lossy(value));
            let value = value.as_deref().map(|value| match self.written {
                Written::Plain => value,
                Written::Spreadsheet => bare(value),
            });
            to.append_option(value.filter(|value| !self.null_values.iter().any(|null| null == value)));
        })?;
        Ok(Arc::new(to.finish()))
    }
}

/// Those of some columns that are text.
fn numbers(given: &[(String, String)], found: &Schema) -> Result<Vec<(String, usize)>> {
    let at = given
        .iter()
        .map(|(role, name)| Ok((role.clone(), found.index_of(name)?)));
    let all = at.collect::<Result<Vec<_>>>()?;
    Ok(all
        .into_iter()
        .filter(|(_, at)| is_text(found.field(*at).data_type()))
        .collect())
}

/// A column of text as numbers; blank ones are null.
fn numbers_of(array: &ArrayRef, role: &str, name: &str) -> Result<ArrayRef> {
    let (mut to, mut bad) = (Vec::with_capacity(array.len()), None);
    for_each_bytes(array, |value| {
        let text = String::from_utf8_lossy(value.unwrap_or_default());
        // Blanks of every script: those of Chinese are as wide as its letters.
        let number = Some(text.trim()).filter(|text| !text.is_empty()).map(str::parse::<f64>);
        if let (Some(Err(_)), None) = (&number, &bad) {
            bad = Some(text.trim().to_string());
        }
        to.push(number.and_then(std::result::Result::ok));
    })?;
    match bad {
        None => Ok(Arc::new(Float64Array::from(to))),
        Some(text) => Err(Error::Data(format!(
            "{role}={name:?}: {:?} is no number; correct it, or name it in null_values= if it stands for a missing value",
            echo(&text)
        ))),
    }
}

/// A value as it was before it was written for a spreadsheet.
fn bare(value: &str) -> &str {
    let value = value.trim();
    let formula = value.strip_prefix("=\"").and_then(|value| value.strip_suffix('"'));
    formula
        .unwrap_or_else(|| value.strip_prefix('\'').unwrap_or(value))
        .trim()
}

/// The first value of each row that is not null and not blank; strings where the columns hold several types.
fn coalesced(columns: &[usize], arrays: &[ArrayRef]) -> Result<ArrayRef> {
    let first = arrays[columns[0]].data_type();
    let texts = columns
        .iter()
        .any(|&at| arrays[at].data_type() != first || is_text(first));
    let mut arrays: Vec<ArrayRef> = columns.iter().map(|&at| arrays[at].clone()).collect();
    if texts {
        arrays = arrays.iter().map(without_blanks).collect::<Result<_>>()?;
    }
    let mut all = arrays[0].clone();
    for other in &arrays[1..] {
        let mask = arrow::compute::is_null(&all)?;
        all = arrow::compute::kernels::zip::zip(&mask, other, &all)?;
    }
    Ok(all)
}

/// Any column as strings, blank ones as nulls.
fn without_blanks(array: &ArrayRef) -> Result<ArrayRef> {
    let array = cast(&text_of_numbers(array)?, &DataType::LargeUtf8)?;
    let mut to = Vec::with_capacity(array.len());
    for_each_bytes(&array, |value| {
        let value = value.filter(|value| !value.trim_ascii().is_empty());
        to.push(value.map(|value| String::from_utf8_lossy(value).into_owned()));
    })?;
    Ok(Arc::new(LargeStringArray::from(to)))
}

/// Whether each row has the order number of the row before.
fn same_as_before(orders: &ArrayRef) -> Result<Vec<bool>> {
    let orders = cast(&text_of_numbers(orders)?, &DataType::LargeUtf8)?;
    let orders = orders.as_string::<i64>();
    let same = |row: usize| {
        row > 0 && orders.is_valid(row) && orders.is_valid(row - 1) && orders.value(row) == orders.value(row - 1)
    };
    Ok((0..orders.len()).map(same).collect())
}

/// A column whose nulls and blanks are those of the row before, where that is of the same order.
fn filled(array: &ArrayRef, same: &[bool]) -> Result<ArrayRef> {
    let mut missing = Vec::with_capacity(array.len());
    if is_text(array.data_type()) {
        for_each_bytes(array, |value| {
            missing.push(value.is_none_or(|value| value.trim_ascii().is_empty()));
        })?;
    } else {
        missing.extend((0..array.len()).map(|row| array.is_null(row)));
    }
    let mut from = 0;
    let places = (0..).zip(missing.iter().zip(same)).map(|(row, (missing, same))| {
        if !(*missing && *same) {
            from = row;
        }
        from
    });
    let places: UInt64Array = places.map(Some).collect();
    Ok(take(array, &places, None)?)
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_a_number_or_blank_or_refused_by_its_value() {
        let column = |texts: &[Option<&str>]| Arc::new(LargeStringArray::from(texts.to_vec())) as ArrayRef;
        let known = numbers_of(
            &column(&[Some("\u{3000}25 "), Some(" "), None, Some("1e1")]),
            "age",
            "Age",
        )
        .unwrap();
        let expected = Float64Array::from(vec![Some(25.0), None, None, Some(10.0)]);
        assert_eq!(known.as_ref(), &expected as &dyn Array);
        let refused = numbers_of(&column(&[Some("3"), Some("unknown"), Some("?")]), "age", "Age");
        let told = refused.unwrap_err().to_string();
        assert!(told.starts_with("age=\"Age\": \"unknown\" is no number; "), "{told}");
        assert!(told.contains("null_values="), "{told}");
    }
}
