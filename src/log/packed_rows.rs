//! The rows of a partition as a log keeps them: in few bits. Each analysis has them in their full width, partition by
//! partition, in memory that stays in a near cache; to read half as much from the far one takes less than to widen it.

use std::sync::Arc;

use super::partition::Partition;
use crate::columns::{Amounts, Keys};
use crate::packed::{Cents, Codes, Packed, PackedAmounts, Seconds, ShortCodes};

/// The columns of the rows of a partition, as [`Partition`] has them.
#[derive(Debug)]
pub(crate) struct PackedRows {
    time: Packed<Seconds>,
    amount: Option<PackedAmounts>,
    ids: Vec<Packed<ShortCodes>>,
    orders: Option<Arc<Keys>>,
    labels: Vec<Packed<Codes>>,
    numbers: Vec<Packed<Cents>>,
}

impl PackedRows {
    /// The rows of a partition.
    pub(crate) fn new(of: &Partition) -> Self {
        Self {
            time: Packed::new(&of.time),
            amount: of.amount.as_ref().map(|amount| match amount {
                Amounts::Float(values) => PackedAmounts::Float(Packed::new(values)),
                Amounts::Exact(values) => PackedAmounts::Exact(Packed::new(values)),
            }),
            ids: of.ids.iter().map(|codes| Packed::new(codes)).collect(),
            orders: of.orders.clone(),
            labels: of.labels.iter().map(|codes| Packed::new(codes)).collect(),
            numbers: of.numbers.iter().map(|values| Packed::new(values)).collect(),
        }
    }

    /// The partition again, out of its head and its rows.
    pub(crate) fn partition(&self, head: &Partition) -> Partition {
        Partition {
            customers: head.customers.clone(),
            starts: head.starts.clone(),
            range: head.range,
            time: self.time.to_wide(),
            amount: self.amount.as_ref().map(PackedAmounts::to_wide),
            ids: self.ids.iter().map(Packed::to_wide).collect(),
            orders: self.orders.clone(),
            labels: self.labels.iter().map(Packed::to_wide).collect(),
            numbers: self.numbers.iter().map(Packed::to_wide).collect(),
        }
    }

    /// What they take in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.time.bytes()
            + self.amount.as_ref().map_or(0, PackedAmounts::bytes)
            + self.ids.iter().map(Packed::bytes).sum::<usize>()
            + self.orders.as_ref().map_or(0, |orders| orders.size())
            + self.labels.iter().map(Packed::bytes).sum::<usize>()
            + self.numbers.iter().map(Packed::bytes).sum::<usize>()
    }
}
