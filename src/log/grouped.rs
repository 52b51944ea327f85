//! A log: what was read, grouped by customer once and kept.

use std::borrow::Cow;
use std::sync::OnceLock;

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;

use crate::columns::{KeyType, Keys, Scalar};
use crate::error::{Error, Result};
use crate::money::Unit;
use crate::runtime::{self, Task};
use crate::time::Zone;

use super::category::Category;
use super::key_order;
use super::partition::Partition;
use super::read_stats::ReadStats;
use super::roles::Roles;
use super::spill::Spill;
use super::spill_format::SpillSchema;
use super::store::StoredPartition;

/// A customer's place: the partition, and the customer in it.
pub type CustomerIndex = (u32, u32);

/// A table of dated rows, by customer.
#[derive(Debug)]
pub struct Log {
    /// Whole customers in each partition.
    held: Vec<StoredPartition>,
    file: Option<(Spill, SpillSchema)>,
    /// The zone of its calendar.
    pub zone: Zone,
    /// What a count of its money is worth.
    pub unit: Unit,
    /// The values of its labels, in the order of the roles.
    pub labels: Vec<Category>,
    /// How order numbers are read, one per role.
    pub ids: Vec<KeyType>,
    /// The columns by role.
    pub roles: Roles,
    /// What was read, and what of it was left out.
    pub read_stats: ReadStats,
    key: KeyType,
    order: OnceLock<Vec<CustomerIndex>>,
    range: Option<(i64, i64)>,
}

/// What a log is made of.
pub(crate) struct LogParts {
    pub(crate) held: Vec<StoredPartition>,
    pub(crate) file: Option<(Spill, SpillSchema)>,
    pub(crate) zone: Zone,
    pub(crate) unit: Unit,
    pub(crate) labels: Vec<Category>,
    pub(crate) ids: Vec<KeyType>,
    pub(crate) roles: Roles,
    pub(crate) read_stats: ReadStats,
    pub(crate) key: KeyType,
    pub(crate) range: Option<(i64, i64)>,
}

impl Log {
    pub(crate) fn new(parts: LogParts) -> Self {
        let LogParts {
            held,
            file,
            zone,
            unit,
            labels,
            ids,
            roles,
            read_stats,
            key,
            range,
        } = parts;
        Self {
            held,
            file,
            zone,
            unit,
            labels,
            ids,
            roles,
            read_stats,
            key,
            order: OnceLock::new(),
            range,
        }
    }

    /// How keys are read.
    #[must_use]
    pub fn key(&self) -> &KeyType {
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
    pub fn customers_in(&self, at: usize) -> &Keys {
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
    pub fn in_order(&self, task: &Task) -> Result<&[CustomerIndex]> {
        if let Some(order) = self.order.get() {
            return Ok(order);
        }
        let heads = self.held.iter().map(StoredPartition::head).zip(0..);
        let places = heads.flat_map(|(p, at)| (0..).take(p.len()).map(move |c| (at, c)));
        let sorted = match self.key.none() {
            Keys::Bits(_) => {
                let sort_key = |place: CustomerIndex| match self.customers_in(place.0 as usize) {
                    Keys::Bits(bits) => self.key.sort_key(bits[place.1 as usize]),
                    Keys::Bytes(_) => 0,
                };
                let mut ranked: Vec<(u64, CustomerIndex)> = places.map(|place| (sort_key(place), place)).collect();
                key_order::radix_sort(&mut ranked, task)?;
                ranked.into_iter().map(|(_, place)| place).collect()
            }
            Keys::Bytes(_) => {
                let key = |place: CustomerIndex| match self.customers_in(place.0 as usize) {
                    Keys::Bytes(bytes) => bytes.get(place.1 as usize),
                    Keys::Bits(_) => &[],
                };
                key_order::order_of_bytes(places, key, task)?
            }
        };
        Ok(self.order.get_or_init(|| sorted))
    }

    /// The place of a customer.
    ///
    /// # Errors
    /// If the log has no such customer, or its key cannot hold such a value.
    pub fn find(&self, key: &Scalar, task: &Task) -> Result<CustomerIndex> {
        let wanted = self.key.scalar(key)?;
        let same = |at: usize, customers: &Keys| self.key.same((customers, at), (&wanted, 0));
        let found = runtime::map(self.partitions(), task, |at| {
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
    pub fn keys(&self, places: &[CustomerIndex]) -> Result<(FieldRef, ArrayRef)> {
        let mut ids = self.key.none();
        for &(partition, customer) in places {
            ids.push_from(self.customers_in(partition as usize), customer as usize);
        }
        self.key.restore(&ids, (0..places.len()).map(Some))
    }
}
