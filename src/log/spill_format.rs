//! Partitions, and the totals of their customers, as tables, to be written to a file and read again.

use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::columns::{Amounts, IpcColumn, IpcReader, Keys, to_ipc};
use crate::error::Result;

use super::partition::Partition;
use super::spill::{Block, Spill};
use super::totals::{PartitionTotals, Purchases};

impl Partition {
    /// The rows as a table, and the order numbers as another; what stays is the customers.
    pub(crate) fn pack(mut self) -> Result<(Self, RecordBatch, Option<RecordBatch>)> {
        let mut columns = vec![IpcColumn::Times(std::mem::take(&mut self.time))];
        columns.extend(self.amount.take().map(IpcColumn::from));
        columns.extend(self.ids.iter_mut().map(std::mem::take).map(IpcColumn::Codes));
        columns.extend(self.labels.iter_mut().map(std::mem::take).map(IpcColumn::Codes));
        columns.extend(self.numbers.iter_mut().map(std::mem::take).map(IpcColumn::Floats));
        let orders = self
            .orders
            .take()
            .map(|orders| to_ipc(vec![IpcColumn::Keys(Arc::unwrap_or_clone(orders))]));
        Ok((self, to_ipc(columns)?, orders.transpose()?))
    }

    /// The partition again, out of what stayed and the tables.
    pub(crate) fn unpack(&self, kinds: &SpillSchema, rows: &RecordBatch, orders: Option<&RecordBatch>) -> Result<Self> {
        let mut columns = IpcReader::of(rows);
        let orders =
            orders.map(|table| IpcReader::of(table).ids(kinds.orders.as_ref().unwrap_or(&Keys::Bits(Vec::new()))));
        Ok(Self {
            customers: self.customers.clone(),
            starts: self.starts.clone(),
            range: self.range,
            time: columns.times()?,
            amount: kinds.amount.as_ref().map(|kind| columns.amounts(kind)).transpose()?,
            ids: self.ids.iter().map(|_| columns.codes()).collect::<Result<_>>()?,
            labels: self.labels.iter().map(|_| columns.codes()).collect::<Result<_>>()?,
            numbers: self.numbers.iter().map(|_| columns.floats()).collect::<Result<_>>()?,
            orders: orders.transpose()?.map(Arc::new),
        })
    }
}

/// The kinds of the columns that have several.
#[derive(Debug, Clone)]
pub(crate) struct SpillSchema {
    amount: Option<Amounts>,
    orders: Option<Keys>,
}

impl SpillSchema {
    /// Those of empty columns.
    pub(crate) fn new(amount: Option<Amounts>, orders: Option<Keys>) -> Self {
        Self { amount, orders }
    }
}

/// The totals of a partition in a file.
#[derive(Debug)]
pub(crate) struct SpilledTotals {
    range: Option<(i64, i64)>,
    purchases: Block,
    refunded: Block,
}

impl PartitionTotals {
    /// Write them to a file.
    pub(crate) fn write(&self, file: &Spill) -> Result<SpilledTotals> {
        let (of, back) = (&self.purchases, &self.refunded);
        let times = |time: fn(&Purchases) -> i64| IpcColumn::Times(of.iter().map(time).collect());
        let counts = |count: fn(&Purchases) -> u32| IpcColumn::Codes(of.iter().map(count).collect());
        let purchases = to_ipc(vec![
            times(|of| of.first),
            times(|of| of.last),
            counts(|of| of.orders),
            counts(|of| of.days),
            counts(|of| of.rows),
            counts(|of| of.refunds),
            IpcColumn::Exact(of.iter().map(|of| of.money).collect()),
        ])?;
        let refunded = to_ipc(vec![
            IpcColumn::Codes(back.iter().map(|back| back.0).collect()),
            IpcColumn::Exact(back.iter().map(|back| back.1).collect()),
        ])?;
        Ok(SpilledTotals {
            range: self.range,
            purchases: file.write(&purchases)?,
            refunded: file.write(&refunded)?,
        })
    }
}

impl SpilledTotals {
    /// Read them again.
    pub(crate) fn read(&self, file: &Spill) -> Result<PartitionTotals> {
        let mut columns = IpcReader::of(&file.read(self.purchases)?);
        let times = columns.times()?.into_iter().zip(columns.times()?);
        let orders = columns.codes()?.into_iter().zip(columns.codes()?);
        let rows = columns.codes()?.into_iter().zip(columns.codes()?);
        let one = |(((first, last), ((orders, days), (rows, refunds))), money)| Purchases {
            first,
            last,
            orders,
            days,
            rows,
            refunds,
            money,
        };
        let purchases = times.zip(orders.zip(rows)).zip(columns.exact()?).map(one).collect();
        let mut columns = IpcReader::of(&file.read(self.refunded)?);
        let refunded = columns.codes()?.into_iter().zip(columns.exact()?).collect();
        Ok(PartitionTotals {
            range: self.range,
            purchases: Arc::new(purchases),
            refunded: Arc::new(refunded),
        })
    }
}
