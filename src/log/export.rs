//! Logs as tables again, to become part of another log.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::{cast_with_options, concat};
use arrow::datatypes::{DataType, FieldRef, TimeUnit};

use super::grouped::Log;
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// All rows of a log of events: key, `time`, and each further role under its name.
///
/// # Errors
/// If Arrow cannot build the table.
pub fn rows(log: &Log, task: &Task) -> Result<RecordBatch> {
    // The table holds every row anyway.
    let partitions = runtime::map(log.partitions(), task, |at| log.partition(at))?;
    let (mut places, mut at) = (Vec::new(), Vec::new());
    for &place in log.population.sorted_by_key(task)? {
        task.check()?;
        let partition = &partitions[place.0 as usize];
        for row in partition.rows(place.1 as usize) {
            places.push(place);
            at.push((partition, row));
        }
    }
    let mut columns = Columns::default();
    columns.push(log.population.keys(&places)?);
    columns.times(
        "time",
        at.iter().map(|(partition, row)| partition.time[*row]),
        &log.facts.zone,
    );
    for (label, (role, _)) in log.facts.roles.labels.iter().enumerate() {
        let (field, array) =
            log.facts.categories[label].restore(at.iter().map(|(partition, row)| partition.labels[label][*row]))?;
        columns.push((field.as_ref().clone().with_name(role).into(), array));
    }
    for (number, (role, _)) in log.facts.roles.numbers.iter().enumerate() {
        let value = |(partition, row): &(&super::Partition, usize)| {
            Some(partition.numbers[number][*row]).filter(|value| !value.is_nan())
        };
        columns.maybe_floats(role, at.iter().map(value));
    }
    columns.finish()
}

/// Tables under each other; the first column of each is the key. A column that a table lacks is null in its rows.
///
/// # Errors
/// If columns of one name hold what cannot be brought to one type.
pub fn stack(tables: &[RecordBatch], task: &Task) -> Result<RecordBatch> {
    let mut names: Vec<(String, FieldRef)> = Vec::new();
    for table in tables {
        for (at, field) in table.schema().fields().iter().enumerate() {
            let name = if at == 0 { "" } else { field.name() };
            if !names.iter().any(|(known, _)| known == name) {
                names.push((name.into(), field.clone()));
            }
        }
    }
    let mut columns = Columns::default();
    for (name, field) in names {
        task.check()?;
        let pieces: Vec<Option<ArrayRef>> = tables.iter().map(|table| named(table, &name)).collect();
        // Keys match by value: the number 815 is the text "815".
        let wanted = if name.is_empty() && of_text_and_numbers(&pieces) {
            DataType::LargeUtf8
        } else {
            common(&pieces, &field)?
        };
        let strict = arrow::compute::CastOptions {
            safe: false,
            ..Default::default()
        };
        let piece = |(piece, table): (&Option<ArrayRef>, &RecordBatch)| match piece {
            Some(array) => Ok(cast_with_options(array, &wanted, &strict)?),
            None => Ok(arrow::array::new_null_array(&wanted, table.num_rows())),
        };
        let pieces: Vec<ArrayRef> = pieces.iter().zip(tables).map(piece).collect::<Result<_>>()?;
        let refs: Vec<&dyn arrow::array::Array> = pieces.iter().map(AsRef::as_ref).collect();
        columns.push((
            field.as_ref().clone().with_data_type(wanted).with_nullable(true).into(),
            concat(&refs)?,
        ));
    }
    columns.finish()
}

fn named(table: &RecordBatch, name: &str) -> Option<ArrayRef> {
    if name.is_empty() {
        table.columns().first().cloned()
    } else {
        table.column_by_name(name).cloned()
    }
}

/// Whether some columns hold text and the others whole numbers.
fn of_text_and_numbers(pieces: &[Option<ArrayRef>]) -> bool {
    let kinds = || pieces.iter().flatten().map(|array| plain(array.data_type()));
    kinds().any(is_text) && kinds().any(DataType::is_integer) && kinds().all(|kind| is_text(kind) || kind.is_integer())
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The type that all columns of one name can take.
fn common(pieces: &[Option<ArrayRef>], field: &FieldRef) -> Result<DataType> {
    let types: Vec<&DataType> = pieces.iter().flatten().map(|array| plain(array.data_type())).collect();
    match types.as_slice() {
        [first, others @ ..] if others.iter().all(|other| other == first) => Ok((*first).clone()),
        kinds if kinds.iter().all(|kind| is_text(kind) || **kind == DataType::Null) => Ok(DataType::LargeUtf8),
        kinds if kinds.iter().all(|kind| kind.is_integer() && **kind != DataType::UInt64) => Ok(DataType::Int64),
        kinds if kinds.iter().all(|kind| kind.is_numeric()) => Ok(DataType::Float64),
        kinds
            if kinds
                .iter()
                .all(|kind| matches!(kind, DataType::Timestamp(TimeUnit::Microsecond, _))) =>
        {
            Err(Error::Data(
                "the logs have different zones; read them with one timezone=".into(),
            ))
        }
        kinds => Err(Error::Data(format!(
            "{:?} holds {} in one log and {} in another; convert both to one type",
            field.name(),
            kinds[0],
            kinds.iter().find(|kind| **kind != kinds[0]).unwrap_or(&kinds[0])
        ))),
    }
}

fn plain(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, values) => values,
        other => other,
    }
}
