//! Partitions as tables, to be written to a file and read again.

use arrow::array::RecordBatch;

use crate::columns::{Amounts, IpcColumn, IpcReader, Keys, to_ipc};
use crate::error::Result;

use super::partition::Partition;

impl Partition {
    /// The rows as a table, and the order numbers as another; what stays is the customers.
    pub(crate) fn pack(mut self) -> Result<(Self, RecordBatch, Option<RecordBatch>)> {
        let mut columns = vec![IpcColumn::Times(std::mem::take(&mut self.time))];
        columns.extend(self.amount.take().map(IpcColumn::from));
        columns.extend(self.ids.iter_mut().map(std::mem::take).map(IpcColumn::Codes));
        columns.extend(self.labels.iter_mut().map(std::mem::take).map(IpcColumn::Codes));
        columns.extend(self.numbers.iter_mut().map(std::mem::take).map(IpcColumn::Floats));
        let orders = self.orders.take().map(|orders| to_ipc(vec![IpcColumn::Keys(orders)]));
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
            orders: orders.transpose()?,
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
