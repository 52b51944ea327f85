//! Morsels as tables, to be written to a file and read again.

use arrow::array::RecordBatch;

use crate::columns::{IpcColumn, IpcReader, Keys, hash_bytes, to_ipc};
use crate::error::Result;

use super::layout::Layout;
use super::morsel::MorselColumns;

impl MorselColumns {
    /// The rows as a table. Hashes are made again when it is read.
    pub(crate) fn pack(self) -> Result<RecordBatch> {
        let mut columns = vec![IpcColumn::Keys(self.keys), IpcColumn::Times(self.time)];
        columns.extend(self.amount.map(IpcColumn::from));
        for (ids, valid) in self.ids {
            columns.extend([IpcColumn::Keys(ids), IpcColumn::Bools(valid)]);
        }
        columns.extend(self.labels.into_iter().map(IpcColumn::Codes));
        columns.extend(self.numbers.into_iter().map(IpcColumn::Floats));
        to_ipc(columns)
    }

    /// The rows that a table holds.
    pub(crate) fn unpack(layout: &Layout, table: &RecordBatch) -> Result<Self> {
        let mut columns = IpcReader::of(table);
        let keys = columns.ids(&layout.customer.1.none())?;
        let hashes = match &keys {
            Keys::Bits(_) => Vec::new(),
            Keys::Bytes(bytes) => (0..bytes.len()).map(|row| hash_bytes(bytes.get(row))).collect(),
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
