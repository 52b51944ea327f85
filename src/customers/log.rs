//! A log: what was read, grouped by customer once and kept.

use std::borrow::Cow;
use std::sync::OnceLock;

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;

use crate::columns::{IdType, Ids, Scalar, Source, Stream, Unit, Zone};
use crate::error::{Error, Result};
use crate::parallel::{self, Task};

use super::intake::Intake;
use super::labels::Label;
use super::layout::{Layout, Options, Roles};
use super::packing::Kinds;
use super::partition::Partition;
use super::radix;
use super::reading::{Held, Reading};
use super::spill::Spill;

/// Rows that a partition should have: its columns then stay in a core's cache.
const PARTITION_ROWS: usize = 1 << 15;
const MOST_PARTITIONS: usize = 1 << 9;
/// Rows that are read at a time: enough to keep all threads busy, few enough that their memory is used again and again.
const GROUP: usize = 1 << 22;
/// The same where memory is limited.
const SMALL_GROUP: usize = 1 << 20;

/// A customer's place: the partition, and the customer in it.
pub type Place = (u32, u32);

/// A table of dated rows, by customer.
#[derive(Debug)]
pub struct Log {
    /// Whole customers in each partition.
    held: Vec<Held>,
    file: Option<(Spill, Kinds)>,
    /// The zone of its calendar.
    pub zone: Zone,
    /// What a count of its money is worth.
    pub unit: Unit,
    /// The values of its labels, in the order of the roles.
    pub labels: Vec<Label>,
    /// How order numbers are read, one per role.
    pub ids: Vec<IdType>,
    /// The columns by role.
    pub roles: Roles,
    /// What was read, and what of it was left out.
    pub intake: Intake,
    key: IdType,
    order: OnceLock<Vec<Place>>,
    range: Option<(i64, i64)>,
}

impl Log {
    /// Group the rows of a source by customer.
    ///
    /// # Errors
    /// If a column cannot be used, a value cannot be read, or the policies refuse the data.
    pub fn new(stream: &mut Stream<'_>, roles: Roles, options: &Options, task: &Task) -> Result<Self> {
        let group = options.group.unwrap_or(match options.memory.limit {
            None => GROUP,
            Some(_) => SMALL_GROUP,
        });
        let mut rows = stream.group(group, task)?;
        let layout = Layout::new(&rows, &roles, options)?;
        let mut reading = Reading::new(&layout, options, partitions(&rows, group, options));
        while rows.rows() == group {
            reading.take(&rows, task)?;
            drop(rows);
            rows = stream.group(group, task)?;
        }
        reading.take(&rows, task)?;
        drop(rows);
        reading.check()?;
        task.ready();
        let intake = std::mem::take(&mut reading.intake);
        let (held, file, labels) = reading.finish(task)?;
        let range = held
            .iter()
            .filter_map(|held| held.head().range())
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
            .map(|(first, last)| (first, last.max(intake.last.unwrap_or(last))));
        Ok(Self {
            held,
            file: file.map(|file| (file, Kinds::of(&layout))),
            zone: layout.time.1.zone.clone(),
            unit: layout
                .amount
                .as_ref()
                .map_or(Unit::Decimal(0), |(_, amount)| amount.unit),
            labels,
            ids: layout.ids.iter().map(|(_, id)| id.clone()).collect(),
            roles,
            intake,
            key: layout.customer.1.clone(),
            order: OnceLock::new(),
            range,
        })
    }

    /// How keys are read.
    #[must_use]
    pub fn key(&self) -> &IdType {
        &self.key
    }

    /// How many partitions there are.
    #[must_use]
    pub fn partitions(&self) -> usize {
        self.held.len()
    }

    /// A partition; read from its file where memory had no room for it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn partition(&self, at: usize) -> Result<Cow<'_, Partition>> {
        self.held[at].whole(self.file.as_ref())
    }

    /// The customers of a partition.
    #[must_use]
    pub fn customers_in(&self, at: usize) -> &Ids {
        &self.held[at].head().customers
    }

    /// Whether the rows are in a file.
    #[must_use]
    pub fn spilled(&self) -> bool {
        self.file.is_some()
    }

    /// What the rows take in memory, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.held.iter().map(|held| held.head().bytes()).sum()
    }

    /// How many customers have a row that is used.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.held.iter().map(|held| held.head().len()).sum()
    }

    /// The times of the first and last row used.
    #[must_use]
    pub fn range(&self) -> Option<(i64, i64)> {
        self.range
    }

    /// Every customer, in the order of the keys.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn in_order(&self, task: &Task) -> Result<&[Place]> {
        if let Some(order) = self.order.get() {
            return Ok(order);
        }
        let heads = self.held.iter().map(Held::head).zip(0..);
        let places = heads.flat_map(|(p, at)| (0..).take(p.len()).map(move |c| (at, c)));
        let sorted = match self.key.none() {
            Ids::Bits(_) => {
                let rank = |place: Place| match self.customers_in(place.0 as usize) {
                    Ids::Bits(bits) => self.key.rank(bits[place.1 as usize]),
                    Ids::Bytes(_) => 0,
                };
                let mut ranked: Vec<(u64, Place)> = places.map(|place| (rank(place), place)).collect();
                radix::sort(&mut ranked, task)?;
                ranked.into_iter().map(|(_, place)| place).collect()
            }
            Ids::Bytes(_) => {
                let key = |place: Place| match self.customers_in(place.0 as usize) {
                    Ids::Bytes(bytes) => bytes.get(place.1 as usize),
                    Ids::Bits(_) => &[],
                };
                radix::order_of_bytes(places, key, task)?
            }
        };
        Ok(self.order.get_or_init(|| sorted))
    }

    /// The place of a customer.
    ///
    /// # Errors
    /// If the log has no such customer, or its key cannot hold such a value.
    pub fn find(&self, key: &Scalar, task: &Task) -> Result<Place> {
        let wanted = self.key.scalar(key)?;
        let same = |at: usize, customers: &Ids| self.key.same((customers, at), (&wanted, 0));
        let found = parallel::map(self.partitions(), task, |at| {
            let customers = self.customers_in(at);
            Ok((0..customers.len()).find(|customer| same(*customer, customers)))
        })?;
        let place =
            |(at, customer): (usize, Option<usize>)| Some((u32::try_from(at).ok()?, u32::try_from(customer?).ok()?));
        found.into_iter().enumerate().find_map(place).ok_or_else(|| {
            Error::Argument(format!(
                "no customer of the log has the key {key}, in the column {:?}",
                self.key.name()
            ))
        })
    }

    /// The keys of some customers, in the type they came in.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn keys(&self, places: &[Place]) -> Result<(FieldRef, ArrayRef)> {
        let mut ids = self.key.none();
        for &(partition, customer) in places {
            ids.push_from(self.customers_in(partition as usize), customer as usize);
        }
        self.key.restore(&ids, (0..places.len()).map(Some))
    }
}

/// How many partitions the rows go to; of a source that goes on, no one knows how many rows it has.
fn partitions(first: &Source, group: usize, options: &Options) -> usize {
    let by_rows = || match first.rows() {
        rows if rows == group => MOST_PARTITIONS,
        rows => rows / PARTITION_ROWS,
    };
    let partitions = options.partitions.unwrap_or_else(by_rows);
    partitions.next_power_of_two().min(MOST_PARTITIONS)
}
