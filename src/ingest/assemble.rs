//! Partitions out of scattered morsels: the rows of each customer are put side by side.

use std::sync::Arc;

use crate::columns::{Amounts, IntInterner, KeyInterner, Keys, NONE, float_key};
use crate::error::{Error, Result};
use crate::log::{NumberIx, Partition};
use crate::runtime::{self, Task};

use super::layout::Layout;
use super::morsel::MorselColumns;
use super::slices::{PartitionSlices, exact, floats};

/// Whose rows a partition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Those of customers with a key.
    Customers,
    /// Those of nobody, as if of one customer.
    Guests,
}

impl Partition {
    /// Put the rows of each customer side by side.
    pub(crate) fn build(layout: &Layout, runs: PartitionSlices<'_>, owner: Owner, task: &Task) -> Result<Self> {
        let rows = runs.rows();
        if u32::try_from(rows).is_err() {
            return Err(Error::Data(format!(
                "{rows} rows fall to one partition; 4294967295 are possible"
            )));
        }
        let (customers, codes) = match owner {
            Owner::Customers => customers(layout, runs, rows)?,
            Owner::Guests => nobody(layout, runs, rows)?,
        };
        let (starts, mut places) = group(&codes, customers.len());
        // One partition can hold nearly all rows, if they are one customer's.
        task.check()?;
        let mut time = ColumnScatter::new(runs, &places).column(|chunk| &chunk.time);
        if layout.index.event.is_some() {
            let sequence = layout.index.sequence.map(|at| scatter_sequence(runs, &places, at));
            if sort_by_time(&starts, &time, sequence.as_deref(), &mut places, task)? {
                time = ColumnScatter::new(runs, &places).column(|chunk| &chunk.time);
            }
        }
        task.check()?;
        let place = ColumnScatter::new(runs, &places);
        let (ids, orders) = place.ids(layout);
        let range = time.iter().fold(None, |range: Option<(i64, i64)>, &at| {
            Some(range.map_or((at, at), |(first, last)| (first.min(at), last.max(at))))
        });
        Ok(Self {
            starts: Arc::new(starts),
            range,
            time,
            amount: place.amounts(layout)?,
            labels: (0..layout.labels.len()).map(|label| place.labels(label)).collect(),
            numbers: (0..layout.numbers.len())
                .map(|number| place.column(|chunk| &chunk.numbers[number]))
                .collect(),
            customers: Arc::new(customers),
            ids,
            orders,
        })
    }
}

/// The customers, and a code for the customer of each row.
fn customers(layout: &Layout, runs: PartitionSlices<'_>, rows: usize) -> Result<(Keys, Vec<u32>)> {
    let mut codes = Vec::with_capacity(rows);
    if let Keys::Bits(_) = layout.customer.1.none() {
        // Most customers have several rows; where they do not, the table grows.
        let mut table = IntInterner::with_capacity(rows / 8);
        for run in runs.typed(|chunk| chunk.keys.bits())? {
            codes.extend(run.iter().map(|&bits| table.intern(bits)));
        }
        return Ok((Keys::Bits(table.into_known()), codes));
    }
    let mut table = KeyInterner::new(&layout.customer.1);
    for run in runs.0 {
        if let Keys::Bytes(bytes) = &run.chunk.keys {
            let hashes = &run.chunk.hashes;
            codes.extend(
                run.rows
                    .clone()
                    .map(|row| table.intern_bytes(hashes[row], bytes.get(row))),
            );
        }
    }
    Ok((table.into_ids(), codes))
}

/// One customer without a key, to whom all rows belong; none where there is no row.
fn nobody(layout: &Layout, runs: PartitionSlices<'_>, rows: usize) -> Result<(Keys, Vec<u32>)> {
    let mut keys = layout.customer.1.none();
    if let Some(run) = runs.0.first() {
        keys.push_from(&run.chunk.keys, run.rows.start)?;
    }
    Ok((keys, vec![0; rows]))
}

/// Where the rows of each customer start, and the place of each row.
fn group(codes: &[u32], customers: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0; customers + 1];
    for &code in codes {
        starts[code as usize + 1] += 1;
    }
    for customer in 0..customers {
        starts[customer + 1] += starts[customer];
    }
    let mut next = starts.clone();
    let place = |&code: &u32| {
        let place = next[code as usize];
        next[code as usize] += 1;
        place
    };
    let places = codes.iter().map(place).collect();
    (starts, places)
}

/// The order of events within an instant as whole numbers that sort as it does, those without a number last.
fn scatter_sequence(runs: PartitionSlices<'_>, places: &[u32], at: NumberIx) -> Vec<i64> {
    let sequence = ColumnScatter::new(runs, places).column(|chunk| &chunk.numbers[at.0]);
    sequence.into_iter().map(float_key).collect()
}

/// Put each customer's rows in the order of time, ties in that of the sequence, where there is one, and then in the order
/// they were read; whether they were in another.
fn sort_by_time(
    starts: &[u32],
    time: &[i64],
    sequence: Option<&[i64]>,
    places: &mut [u32],
    task: &Task,
) -> Result<bool> {
    const MANY: usize = 1 << 16;
    let key = |at: u32| (time[at as usize], sequence.map_or(0, |sequence| sequence[at as usize]));
    let sorted = |rows: &[u32]| match sequence {
        None => time[rows[0] as usize..rows[1] as usize].is_sorted(),
        Some(_) => (rows[0]..rows[1]).is_sorted_by_key(key),
    };
    if starts.windows(2).all(sorted) {
        return Ok(false);
    }
    let mut order: Vec<u32> = (0..).take(time.len()).collect();
    for rows in starts.windows(2) {
        let rows = &mut order[rows[0] as usize..rows[1] as usize];
        if rows.len() < MANY {
            rows.sort_by_key(|&place| key(place));
        } else {
            // So many of one customer are worth all threads; the places tell ties apart, in the order they were read.
            let mut dated: Vec<((i64, i64), u32)> = rows.iter().map(|&place| (key(place), place)).collect();
            runtime::sort(&mut dated, task)?;
            rows.iter_mut().zip(dated).for_each(|(row, (_, place))| *row = place);
        }
    }
    let mut moved = vec![0; order.len()];
    for (to, &from) in (0..).zip(&order) {
        moved[from as usize] = to;
    }
    for place in places {
        *place = moved[*place as usize];
    }
    Ok(true)
}

/// Puts the columns of some runs into the places of one partition.
struct ColumnScatter<'a> {
    runs: PartitionSlices<'a>,
    places: &'a [u32],
    /// Rows that come customer by customer stay where they are.
    in_place: bool,
}

impl<'a> ColumnScatter<'a> {
    fn new(runs: PartitionSlices<'a>, places: &'a [u32]) -> Self {
        let in_place = places.is_sorted();
        Self { runs, places, in_place }
    }

    fn column<T: Copy + Default + 'a>(&self, column: impl Fn(&'a MorselColumns) -> &'a [T]) -> Vec<T> {
        if self.in_place {
            return self.runs.column(column);
        }
        self.scatter(self.runs.slices(column))
    }

    fn amounts(&self, layout: &Layout) -> Result<Option<Amounts>> {
        let Some((_, amount)) = &layout.amount else {
            return Ok(None);
        };
        Ok(Some(match amount.none() {
            Amounts::Float(_) => Amounts::Float(self.typed(floats)?),
            Amounts::Exact(_) => Amounts::Exact(self.typed(exact)?),
        }))
    }

    /// A column that a chunk may hold in another type.
    fn typed<T: Copy + Default + 'a>(&self, column: impl Fn(&'a MorselColumns) -> Result<&'a [T]>) -> Result<Vec<T>> {
        if self.in_place {
            return self.runs.typed_column(column);
        }
        Ok(self.scatter(self.runs.typed(column)?))
    }

    /// Put the values of some slices into their places.
    fn scatter<T: Copy + Default + 'a>(&self, slices: impl Iterator<Item = &'a [T]>) -> Vec<T> {
        let mut to = vec![T::default(); self.places.len()];
        let mut places = self.places.iter();
        for slice in slices {
            for (&value, &place) in slice.iter().zip(&mut places) {
                to[place as usize] = value;
            }
        }
        to
    }

    fn labels(&self, label: usize) -> Vec<u32> {
        let mut to = vec![NONE; self.places.len()];
        let mut places = self.places.iter();
        for (slice, run) in self.runs.slices(|chunk| &chunk.labels[label]).zip(self.runs.0) {
            let codes = &run.codes[label];
            for (&code, &place) in slice.iter().zip(&mut places) {
                to[place as usize] = if code == NONE { NONE } else { codes[code as usize] };
            }
        }
        to
    }

    /// All roles that number orders share their codes, so that a refund finds its order.
    fn ids(&self, layout: &Layout) -> (Vec<Vec<u32>>, Option<Keys>) {
        let Some((_, kind)) = layout.ids.first() else {
            return (Vec::new(), None);
        };
        let roles = 0..layout.ids.len();
        match kind.none() {
            Keys::Bits(_) => {
                let mut table = IntInterner::with_capacity(self.places.len() / 2);
                let mut beyond = IntInterner::with_capacity(0);
                let code = |role: usize, ids: &Keys, row| match ids {
                    // A number that the first role cannot hold is none of its numbers, whatever its bits look like.
                    Keys::Bits(bits) if layout.ids[role].1.beyond(kind, bits[row]) => {
                        NONE - 1 - beyond.intern(bits[row])
                    }
                    Keys::Bits(bits) => table.intern(bits[row]),
                    Keys::Bytes(_) => NONE,
                };
                let mut columns = self.codes(roles, code);
                let (mut known, beyond) = (table.into_known(), beyond.into_known());
                number_behind(&mut columns, known.len(), beyond.len());
                known.extend(beyond);
                (columns, Some(Keys::Bits(known)))
            }
            Keys::Bytes(_) => {
                let mut table = KeyInterner::new(kind);
                let columns = self.codes(roles, |_, ids, row| table.intern(ids, row));
                (columns, Some(table.into_ids()))
            }
        }
    }

    fn codes(&self, roles: std::ops::Range<usize>, mut code: impl FnMut(usize, &Keys, usize) -> u32) -> Vec<Vec<u32>> {
        let mut column = |role: usize| {
            let mut to = vec![NONE; self.places.len()];
            let mut places = self.places.iter();
            for run in self.runs.0 {
                let (ids, valid) = &run.chunk.ids[role];
                for (row, &place) in run.rows.clone().zip(&mut places) {
                    if valid[row] {
                        to[place as usize] = code(role, ids, row);
                    }
                }
            }
            to
        };
        roles.map(&mut column).collect()
    }
}

/// Codes that were counted down from the highest become those behind the others.
#[allow(clippy::cast_possible_truncation)] // A partition of 2³² rows is refused.
fn number_behind(columns: &mut [Vec<u32>], known: usize, beyond: usize) {
    if beyond == 0 {
        return;
    }
    let lowest = NONE - beyond as u32;
    for code in columns
        .iter_mut()
        .flatten()
        .filter(|code| **code >= lowest && **code != NONE)
    {
        *code = known as u32 + (NONE - 1 - *code);
    }
}
