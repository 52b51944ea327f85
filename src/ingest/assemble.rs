//! Partitions out of scattered morsels: the rows of each customer are put side by side.

use std::sync::Arc;

use crate::columns::{Amounts, IntInterner, KeyInterner, Keys, NONE, float_key};
use crate::error::{Error, Result};
use crate::log::{NumberIx, Partition};
use crate::runtime::{self, Task};

use super::layout::Layout;
use super::morsel::MorselColumns;
use super::morsel_keys::MorselKeys;
use super::order_codes::order_codes;
use super::repeats::repeats;
use super::slices::{PartitionSlices, exact, floats};
use crate::packed::Column;

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
        check_rows(rows)?;
        let (customers, codes) = match owner {
            Owner::Customers => customers(layout, runs, rows)?,
            Owner::Guests => nobody(layout, rows),
        };
        let built = Self::place(layout, runs, &codes, customers.len(), task)?;
        Ok(Self {
            customers: Arc::new(customers),
            ..built
        })
    }

    /// The rows of the customers of a head, side by side.
    pub(crate) fn with_rows(&self, layout: &Layout, runs: PartitionSlices<'_>, codes: &[u32]) -> Result<Self> {
        let built = Self::place(layout, runs, codes, self.len(), &Task::default())?;
        Ok(Self {
            customers: self.customers.clone(),
            starts: self.starts.clone(),
            ..built
        })
    }

    /// Put rows side by side whose customers are numbered; who they are stays open.
    pub(crate) fn place(
        layout: &Layout,
        runs: PartitionSlices<'_>,
        codes: &[u32],
        customers: usize,
        task: &Task,
    ) -> Result<Self> {
        let (starts, mut places) = group(codes, customers);
        // One partition can hold nearly all rows, if they are one customer's.
        task.check()?;
        let mut time = ColumnScatter::new(runs, &places).column(|chunk| Ok(&chunk.time))?;
        if layout.index.event.is_some() {
            let sequence = layout
                .index
                .sequence
                .map(|at| scatter_sequence(runs, &places, at))
                .transpose()?;
            if sort_by_time(&starts, &time, sequence.as_deref(), &mut places, task)? {
                time = ColumnScatter::new(runs, &places).column(|chunk| Ok(&chunk.time))?;
            }
        }
        task.check()?;
        let place = ColumnScatter::new(runs, &places);
        let (ids, orders) = order_codes(layout, runs, &places);
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
                .map(|number| place.column(|chunk| Ok(&chunk.numbers[number])))
                .collect::<Result<_>>()?,
            customers: Arc::new(layout.customer.1.none()),
            ids,
            orders: orders.map(Arc::new),
        })
    }
}

/// Refuse more rows than can be numbered.
pub(super) fn check_rows(rows: usize) -> Result<()> {
    match u32::try_from(rows) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::Data(format!(
            "{rows} rows fall to one partition; 4294967295 are possible"
        ))),
    }
}

/// The customers, and a code for the customer of each row.
pub(super) fn customers(layout: &Layout, runs: PartitionSlices<'_>, rows: usize) -> Result<(Keys, Vec<u32>)> {
    let mut codes = Vec::with_capacity(rows);
    if let Keys::Bits(_) = layout.customer.1.none() {
        // Most customers have several rows; where they do not, the table grows.
        let mut table = IntInterner::with_capacity(rows / 8);
        let mut keys = Vec::new();
        runs.each(
            |chunk| chunk.keys.bits(),
            |column, rows| {
                keys.clear();
                column.append(rows, &mut keys);
                if repeats(&keys) {
                    for same in keys.chunk_by(|a, b| a == b) {
                        codes.extend(std::iter::repeat_n(table.intern(same[0]), same.len()));
                    }
                } else {
                    codes.extend(keys.iter().map(|&bits| table.intern(bits)));
                }
            },
        )?;
        return Ok((Keys::Bits(table.into_known()), codes));
    }
    let mut table = KeyInterner::new(&layout.customer.1);
    for run in runs.0 {
        if let MorselKeys::Bytes(bytes) = &run.chunk.keys {
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
fn nobody(layout: &Layout, rows: usize) -> (Keys, Vec<u32>) {
    let mut keys = layout.customer.1.none();
    if rows > 0 {
        match &mut keys {
            Keys::Bits(bits) => bits.push(0),
            Keys::Bytes(bytes) => bytes.push(&[]),
        }
    }
    (keys, vec![0; rows])
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
fn scatter_sequence(runs: PartitionSlices<'_>, places: &[u32], at: NumberIx) -> Result<Vec<i64>> {
    let sequence = ColumnScatter::new(runs, places).column(|chunk| Ok(&chunk.numbers[at.0]))?;
    Ok(sequence.into_iter().map(float_key).collect())
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

    fn column<C: Column + 'a>(&self, column: impl Fn(&'a MorselColumns) -> Result<&'a C>) -> Result<Vec<C::Value>> {
        if self.in_place {
            return self.runs.column(column);
        }
        let mut to = vec![C::Value::default(); self.places.len()];
        let mut left = self.places;
        self.runs.each(column, |column, rows| {
            let (places, others) = left.split_at(rows.len());
            column.scatter(rows, places, &mut to);
            left = others;
        })?;
        Ok(to)
    }

    fn amounts(&self, layout: &Layout) -> Result<Option<Amounts>> {
        let Some((_, amount)) = &layout.amount else {
            return Ok(None);
        };
        Ok(Some(match amount.none() {
            Amounts::Float(_) => Amounts::Float(self.column(floats)?),
            Amounts::Exact(_) => Amounts::Exact(self.column(exact)?),
        }))
    }

    fn labels(&self, label: usize) -> Vec<u32> {
        let mut to = vec![NONE; self.places.len()];
        let (mut left, mut codes) = (self.places, Vec::new());
        for run in self.runs.0 {
            codes.clear();
            run.chunk.labels[label].append(run.rows.clone(), &mut codes);
            let (places, others) = left.split_at(codes.len());
            for (&code, &place) in codes.iter().zip(places) {
                to[place as usize] = run.recode(label, code);
            }
            left = others;
        }
        to
    }
}
