//! A log: what was read, grouped by customer once and kept.

use std::sync::Arc;

use crate::columns::{KeyType, Keys, Scalar};
use crate::error::{Error, Result};
use crate::runtime::{self, Task};

use super::facts::Facts;
use super::partition::Partition;
use super::population::{CustomerIndex, Population};
use super::spill::Spill;
use super::spill_format::SpillSchema;
use super::store::{StoredPartition, UngroupedRows};
use super::totals::PartitionTotals;
use super::ungrouped::Ungrouped;

/// A table of dated rows, by customer.
#[derive(Debug)]
pub struct Log {
    /// What is known of it beside its rows.
    pub facts: Facts,
    /// Its customers; their chunks are the partitions.
    pub population: Population,
    /// Whole customers in each partition.
    stored: Vec<StoredPartition>,
    /// The rows of nobody, as if of one customer.
    guests: Option<StoredPartition>,
    /// The rows of partitions that are not grouped yet.
    ungrouped: Ungrouped,
    /// The partitions in the order in which they are begun: one that holds most rows, as those of one customer, would
    /// otherwise be left to one thread when the others are done.
    largest_first: Vec<u32>,
    file: Option<(Spill, SpillSchema)>,
    /// What the codes of the categories become in a partition that is read, where the log has taken over the dictionaries of
    /// others.
    recode: Option<Vec<Vec<u32>>>,
}

impl Log {
    pub(crate) fn new(
        facts: Facts,
        stored: Vec<StoredPartition>,
        guests: Option<StoredPartition>,
        ungrouped: Option<Arc<dyn UngroupedRows>>,
        file: Option<(Spill, SpillSchema)>,
    ) -> Self {
        let chunks = stored.iter().map(|stored| stored.head().customers.clone()).collect();
        let rows = |at: &u32| stored[*at as usize].head().starts.last().copied();
        let mut largest_first: Vec<u32> = (0..).take(stored.len()).collect();
        largest_first.sort_by_key(|at| std::cmp::Reverse(rows(at)));
        Self {
            largest_first,
            population: Population::new(facts.key.clone(), chunks),
            ungrouped: Ungrouped::new(ungrouped, stored.len()),
            facts,
            stored,
            guests,
            file,
            recode: None,
        }
    }

    /// Make logs that were read apart one in all but their rows: each takes over the facts of all.
    ///
    /// # Errors
    /// If they were read differently.
    pub fn share_facts(logs: &mut [Self]) -> Result<()> {
        let Some((first, others)) = logs.split_first() else {
            return Ok(());
        };
        let mut all = first.facts.clone();
        for log in others {
            all.merge(&log.facts)?;
        }
        for log in logs {
            let mut facts = all.clone();
            // Merging once more, what each code becomes is found, and nothing else changes.
            let [_, codes] = facts.merge(&log.facts)?;
            log.recode(codes);
            log.facts = all.clone();
        }
        Ok(())
    }

    fn recode(&mut self, codes: Vec<Vec<u32>>) {
        self.recode = Some(match self.recode.take() {
            None => codes,
            Some(mut before) => {
                for (before, codes) in before.iter_mut().zip(&codes) {
                    for code in before {
                        *code = codes[*code as usize];
                    }
                }
                before
            }
        });
    }

    /// How keys are read.
    #[must_use]
    pub fn key(&self) -> &KeyType {
        &self.facts.key
    }

    /// How many partitions there are.
    #[must_use]
    pub fn partitions(&self) -> usize {
        self.stored.len()
    }

    /// A partition in full width; read from its file where memory had no room for it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn partition(&self, at: usize) -> Result<Partition> {
        self.whole(at, &self.stored[at])
    }

    /// A partition that is looked at once: where its rows wait, they wait on.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn partition_once(&self, at: usize) -> Result<Partition> {
        if let StoredPartition::Ungrouped(head, _, grouped) = &self.stored[at]
            && grouped.get().is_none()
            && let Some(mut partition) = self.ungrouped.build(at, head)?
        {
            self.recoded(&mut partition);
            return Ok(partition);
        }
        self.partition(at)
    }

    /// The rows of guests, as if of one customer.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn guests(&self) -> Result<Option<Partition>> {
        let guests = self.guests.as_ref();
        guests.map(|guests| self.whole(self.stored.len(), guests)).transpose()
    }

    fn whole(&self, at: usize, stored: &StoredPartition) -> Result<Partition> {
        let found = match stored.whole(self.file.as_ref())? {
            Some(partition) => Some(partition),
            None => match stored {
                StoredPartition::Ungrouped(head, _, grouped) => Some(self.ungrouped.group((at, head), grouped)?),
                StoredPartition::Waiting(head, _) => self.ungrouped.build(at, head)?,
                StoredPartition::InMemory(..) | StoredPartition::Spilled(..) => None,
            },
        };
        let mut partition = found.ok_or_else(|| Error::Internal("a partition without rows".into()))?;
        self.recoded(&mut partition);
        Ok(partition)
    }

    /// Give the categories of a partition that was made just now the codes of the log.
    fn recoded(&self, partition: &mut Partition) {
        if let Some(codes) = &self.recode {
            partition.recode(codes);
        }
    }

    /// The totals of the customers of a partition, where they are known without its rows.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn totals(&self, at: usize) -> Result<Option<PartitionTotals>> {
        self.stored[at].totals(self.file.as_ref())
    }

    /// Something of each partition, on all threads, the largest first.
    ///
    /// # Errors
    /// If the caller asked to stop, or `of` fails.
    pub fn each<T: Send>(&self, task: &Task, of: impl Fn(u32) -> Result<T> + Sync) -> Result<Vec<T>> {
        runtime::map_in(&self.largest_first, task, of)
    }

    /// Something of each partition, on all threads; a spilled one is read, and given up again.
    ///
    /// # Errors
    /// If the caller asked to stop, or a partition cannot be read.
    pub fn scan<T: Send>(&self, task: &Task, of: impl Fn(u32, &Partition) -> Result<T> + Sync) -> Result<Vec<T>> {
        self.each(task, |at| of(at, &self.partition(at as usize)?))
    }

    /// Where the rows of each customer of a partition start; one more than there are customers.
    #[must_use]
    pub fn starts_in(&self, at: usize) -> &[u32] {
        &self.stored[at].head().starts
    }

    /// The customers of a partition.
    #[must_use]
    pub fn customers_in(&self, at: usize) -> &Keys {
        &self.stored[at].head().customers
    }

    /// Whether the rows are in a file.
    #[must_use]
    pub fn spilled(&self) -> bool {
        self.file.is_some()
    }

    /// What the rows take in memory, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let all = self.stored.iter().chain(&self.guests);
        all.map(StoredPartition::bytes).sum::<usize>() + self.ungrouped.bytes()
    }

    /// How many customers have a row that is used.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.population.len()
    }

    /// Where a customer stands.
    ///
    /// # Errors
    /// If the log has no such customer, or its key cannot hold such a value.
    pub fn find(&self, key: &Scalar, task: &Task) -> Result<CustomerIndex> {
        let wanted = self.key().scalar(key)?;
        let same = |at: usize, customers: &Keys| self.key().same((customers, at), (&wanted, 0));
        let found = runtime::map(self.partitions(), task, |at| {
            let customers = self.customers_in(at);
            Ok((0..customers.len()).find(|customer| same(*customer, customers)))
        })?;
        let place =
            |(at, customer): (usize, Option<usize>)| Some((u32::try_from(at).ok()?, u32::try_from(customer?).ok()?));
        found.into_iter().enumerate().find_map(place).ok_or_else(|| {
            Error::Argument(format!(
                "no customer of the log has the key {key}, in the column {:?}",
                self.key().name()
            ))
        })
    }
}
