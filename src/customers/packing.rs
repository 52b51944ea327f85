//! Chunks and partitions as tables, to be written to a file and read again.

use arrow::array::RecordBatch;

use crate::columns::{Ids, Packed, Unpacked, hash_bytes, pack};
use crate::error::Result;

use super::chunk::Chunk;
use super::layout::Layout;
use super::partition::Partition;

impl Chunk {
    /// The rows as a table. Hashes are made again when it is read.
    pub(super) fn pack(self) -> Result<RecordBatch> {
        let mut columns = vec![Packed::Ids(self.keys), Packed::Times(self.time)];
        columns.extend(self.amount.map(Packed::from));
        for (ids, valid) in self.ids {
            columns.extend([Packed::Ids(ids), Packed::Bools(valid)]);
        }
        columns.extend(self.labels.into_iter().map(Packed::Codes));
        columns.extend(self.numbers.into_iter().map(Packed::Floats));
        pack(columns)
    }

    /// The rows that a table holds.
    pub(super) fn unpack(layout: &Layout, table: &RecordBatch) -> Result<Self> {
        let mut columns = Unpacked::of(table);
        let keys = columns.ids(&layout.customer.1.none())?;
        let hashes = match &keys {
            Ids::Bits(_) => Vec::new(),
            Ids::Bytes(bytes) => (0..bytes.len()).map(|row| hash_bytes(bytes.get(row))).collect(),
        };
        let time = columns.times()?;
        let amount = layout.amount.as_ref().map(|(_, amount)| amount.none());
        let amount = amount.map(|kind| columns.amounts(&kind)).transpose()?;
        let ids = layout.ids.iter();
        let ids = ids.map(|(_, id)| Ok((columns.ids(&id.none())?, columns.bools()?)));
        Ok(Self {
            keys,
            hashes,
            time,
            amount,
            ids: ids.collect::<Result<_>>()?,
            labels: layout.labels.iter().map(|_| columns.codes()).collect::<Result<_>>()?,
            numbers: layout.numbers.iter().map(|_| columns.floats()).collect::<Result<_>>()?,
        })
    }
}

impl Partition {
    /// The rows as a table, and the order numbers as another; what stays is the customers.
    pub(super) fn pack(mut self) -> Result<(Self, RecordBatch, Option<RecordBatch>)> {
        let mut columns = vec![Packed::Times(std::mem::take(&mut self.time))];
        columns.extend(self.amount.take().map(Packed::from));
        columns.extend(self.ids.iter_mut().map(std::mem::take).map(Packed::Codes));
        columns.extend(self.labels.iter_mut().map(std::mem::take).map(Packed::Codes));
        columns.extend(self.numbers.iter_mut().map(std::mem::take).map(Packed::Floats));
        let orders = self.orders.take().map(|orders| pack(vec![Packed::Ids(orders)]));
        Ok((self, pack(columns)?, orders.transpose()?))
    }

    /// The partition again, out of what stayed and the tables.
    pub(super) fn unpack(&self, kinds: &Kinds, rows: &RecordBatch, orders: Option<&RecordBatch>) -> Result<Self> {
        let mut columns = Unpacked::of(rows);
        let orders =
            orders.map(|table| Unpacked::of(table).ids(kinds.orders.as_ref().unwrap_or(&Ids::Bits(Vec::new()))));
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
pub(super) struct Kinds {
    amount: Option<crate::columns::Amounts>,
    orders: Option<Ids>,
}

impl Kinds {
    pub(super) fn of(layout: &Layout) -> Self {
        Self {
            amount: layout.amount.as_ref().map(|(_, amount)| amount.none()),
            orders: layout.ids.first().map(|(_, id)| id.none()),
        }
    }
}
