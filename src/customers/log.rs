//! A log: what was read, grouped by customer once and kept.

use std::sync::OnceLock;

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;

use crate::columns::{IdType, Ids, Source, Unit, Zone};
use crate::error::Result;
use crate::parallel::{self, Task};

use super::intake::Intake;
use super::labels::Label;
use super::layout::{Layout, Options, Roles};
use super::partition::Partition;
use super::radix;
use super::scatter::Split;

/// Rows that a partition should have: its columns then stay in a core's cache.
const PARTITION_ROWS: usize = 1 << 15;
const MOST_PARTITIONS: usize = 1 << 9;

/// A customer's place: the partition, and the customer in it.
pub type Place = (u32, u32);

/// A table of dated rows, by customer.
#[derive(Debug)]
pub struct Log {
    /// Whole customers in each.
    pub partitions: Vec<Partition>,
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
    pub fn new(source: &Source, roles: Roles, options: &Options, task: &Task) -> Result<Self> {
        let layout = Layout::new(source, &roles, options)?;
        let partitions = options.partitions.unwrap_or(source.rows() / PARTITION_ROWS);
        let partitions = partitions.next_power_of_two().min(MOST_PARTITIONS);
        let pieces = source.pieces();
        let splits = parallel::map(pieces.len(), task, |at| Split::read(&layout, &pieces[at], partitions))?;
        let intake = check(&layout, &splits, options)?;
        let mut labels = Vec::with_capacity(layout.labels.len());
        let mut translations = Vec::with_capacity(layout.labels.len());
        for (at, (_, kind)) in layout.labels.iter().enumerate() {
            let tables: Vec<_> = splits.iter().map(|split| &split.labels[at].0).collect();
            let (label, translation) = Label::join(kind, &tables);
            labels.push(label);
            translations.push(translation);
        }
        let build = |at| Partition::build(&layout, &splits, &translations, at);
        let partitions = parallel::map(partitions, task, build)?;
        let range = partitions
            .iter()
            .filter_map(Partition::range)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        Ok(Self {
            partitions,
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

    /// How many customers have a row that is used.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.partitions.iter().map(Partition::len).sum()
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
        let places = self
            .partitions
            .iter()
            .zip(0..)
            .flat_map(|(p, at)| (0..).take(p.len()).map(move |c| (at, c)));
        let sorted = match self.key.none() {
            Ids::Bits(_) => {
                let rank = |place: Place| match &self.partitions[place.0 as usize].customers {
                    Ids::Bits(bits) => self.key.rank(bits[place.1 as usize]),
                    Ids::Bytes(_) => 0,
                };
                let mut ranked: Vec<(u64, Place)> = places.map(|place| (rank(place), place)).collect();
                radix::sort(&mut ranked);
                task.check()?;
                ranked.into_iter().map(|(_, place)| place).collect()
            }
            Ids::Bytes(_) => {
                let key = |place: Place| match &self.partitions[place.0 as usize].customers {
                    Ids::Bytes(bytes) => bytes.get(place.1 as usize),
                    Ids::Bits(_) => &[],
                };
                radix::order_of_bytes(places, key)
            }
        };
        Ok(self.order.get_or_init(|| sorted))
    }

    /// The keys of some customers, in the type they came in.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn keys(&self, places: &[Place]) -> Result<(FieldRef, ArrayRef)> {
        let mut ids = self.key.none();
        for &(partition, customer) in places {
            ids.push_from(&self.partitions[partition as usize].customers, customer as usize);
        }
        self.key.restore(&ids, (0..places.len()).map(Some))
    }
}

/// Refuse what cannot be read, and what the policies do not allow.
fn check(layout: &Layout, splits: &[Split], options: &Options) -> Result<Intake> {
    let mut intake = Intake::new(layout.numbers.len());
    let mut refusals = vec![crate::columns::Refusals::default(); 2 + layout.ids.len() + layout.labels.len()];
    for split in splits {
        intake.merge(&split.intake);
        for (ours, theirs) in refusals.iter_mut().zip(&split.refusals) {
            ours.merge(theirs.clone());
        }
    }
    layout.customer.1.check(&refusals[0])?;
    layout.time.1.check(&refusals[1])?;
    for ((_, id), refusals) in layout.ids.iter().chain(&layout.labels).zip(&refusals[2..]) {
        id.check(refusals)?;
    }
    intake.check(options.nulls, layout.amount.as_ref().map(|(_, amount)| amount.unit))?;
    Ok(intake)
}
