//! Cursors: a partition as a fold sees it, and one customer of it.

use crate::log::{CustomerIndex, Facts, GUESTS, Partition, PartitionTotals};

/// A partition, with what is known of its log.
#[derive(Debug, Clone, Copy)]
pub struct PartitionView<'a> {
    /// The rows.
    pub partition: &'a Partition,
    /// What is known of the whole log.
    pub facts: &'a Facts,
    /// The totals of its customers, where they are known.
    pub totals: Option<&'a PartitionTotals>,
    /// The number of the partition.
    pub number: u32,
}

impl<'a> PartitionView<'a> {
    /// Its customers, one after another.
    pub fn customers(&self) -> impl Iterator<Item = Customer<'a>> + use<'a> {
        let (partition, number) = (self.partition, self.number);
        (0..).take(partition.len()).map(move |customer| Customer {
            partition,
            index: (number, customer),
        })
    }
}

/// One customer, whole.
#[derive(Debug, Clone, Copy)]
pub struct Customer<'a> {
    /// The partition it stands in.
    pub partition: &'a Partition,
    /// Where it stands.
    pub index: CustomerIndex,
}

impl Customer<'_> {
    /// Whether the rows are those of guests, of whom no one knows how many they are.
    #[must_use]
    pub fn is_guests(&self) -> bool {
        self.index.0 == GUESTS
    }

    /// The customer in its partition.
    #[must_use]
    pub fn at(&self) -> usize {
        self.index.1 as usize
    }

    /// Its rows; in a log of events, in the order of time.
    #[must_use]
    pub fn rows(&self) -> std::ops::Range<usize> {
        self.partition.rows(self.at())
    }
}
