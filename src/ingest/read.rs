//! Reads a stream into a log.

use std::sync::Arc;

use crate::columns::{KeyType, Stream};
use crate::error::Result;
use crate::log::{Facts, Log, RoleIndex, Roles, SpillSchema};
use crate::runtime::Task;

use super::builder::{Built, LogBuilder};
use super::layout::Layout;
use super::options::Options;

/// Rows that a partition should have: its columns then stay in a core's cache.
const PARTITION_ROWS: usize = 1 << 15;
const MOST_PARTITIONS: usize = 1 << 9;
/// Rows that are read at a time: enough to keep all threads busy, few enough that their memory is used again and again.
const GROUP: usize = 1 << 21;
/// The same of files, of which each thread reads what it takes: they wait for each other at the end of a group.
const GROUP_OF_FILES: usize = 1 << 23;
/// The same where memory is limited.
const SMALL_GROUP: usize = 1 << 18;

/// Group the rows of a source by customer.
///
/// # Errors
/// If a column cannot be used, a value cannot be read, or the policies refuse the data.
pub fn read_log(stream: &mut Stream<'_>, roles: Roles, options: &Options, task: &Task) -> Result<Log> {
    let group = options.group.unwrap_or(match options.memory.limit {
        None if stream.is_read_by_threads() => GROUP_OF_FILES,
        None => GROUP,
        Some(_) => SMALL_GROUP,
    });
    let mut rows = stream.group(group, task)?;
    let layout = Arc::new(Layout::new(&rows, &roles, options)?);
    let expected = stream.total().or_else(|| (!rows.goes_on()).then(|| rows.rows()));
    let mut reading = LogBuilder::new(&layout, options, partitions(expected, options));
    loop {
        reading.take(&rows, task)?;
        let more = rows.goes_on();
        drop(rows);
        if !more {
            break;
        }
        rows = stream.group(group, task)?;
    }
    reading.check()?;
    task.ready();
    let built = reading.finish(task)?;
    let guests = built.guests.iter();
    let ranges = built
        .stored
        .iter()
        .chain(guests)
        .filter_map(|stored| stored.head().range());
    let range = ranges
        .chain(built.stats.others)
        .chain(options.observed)
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let (key, ids) = key_types(&layout, &built);
    let file = built.file.map(|file| (file, kinds(&layout, &ids)));
    let facts = Facts {
        zone: layout.time.1.zone.clone(),
        unit: layout.unit(),
        categories: built.categories,
        key,
        ids,
        index: RoleIndex::new(&roles),
        roles,
        read_stats: built.stats,
        guests: built.settled.guests,
        repeated: built.settled.repeated,
        unshared: built.settled.unshared,
        range,
    };
    Ok(Log::new(facts, built.stored, built.guests, built.ungrouped, file))
}

/// How keys and order numbers are brought back.
fn key_types(layout: &Layout, built: &Built) -> (KeyType, Vec<KeyType>) {
    let typed = |key: &KeyType, whole: bool| if whole { key.as_integers() } else { key.clone() };
    let ids = layout.ids.iter().map(|(_, id)| typed(id, built.whole_orders));
    (typed(&layout.customer.1, built.whole_keys), ids.collect())
}

/// How many partitions the rows go to; of a source that goes on, no one knows how many rows it has.
fn partitions(rows: Option<usize>, options: &Options) -> usize {
    let by_rows = || rows.map_or(MOST_PARTITIONS, |rows| rows / PARTITION_ROWS);
    let partitions = options.partitions.unwrap_or_else(by_rows);
    partitions.next_power_of_two().min(MOST_PARTITIONS)
}

/// The kinds of the columns that a spilled partition can hold in several.
fn kinds(layout: &Layout, ids: &[KeyType]) -> SpillSchema {
    let amount = layout.amount.as_ref().map(|(_, amount)| amount.none());
    SpillSchema::new(amount, ids.first().map(KeyType::none))
}
