//! Morsels as tables, to be written to a file and read again.

use arrow::array::RecordBatch;

use crate::columns::{Amounts, IpcColumn, IpcReader, to_ipc};
use crate::error::Result;

use super::layout::Layout;
use super::morsel::MorselColumns;
use super::packed::Packed;

impl MorselColumns {
    /// The rows as a table. Hashes are made again when it is read.
    pub(crate) fn pack(self) -> Result<RecordBatch> {
        let mut columns = vec![
            IpcColumn::Keys(self.keys.into()),
            IpcColumn::Times(self.time.into_wide()),
        ];
        columns.extend(self.amount.map(Amounts::from).map(IpcColumn::from));
        for (ids, valid) in self.ids {
            columns.extend([IpcColumn::Keys(ids.into()), IpcColumn::Bools(valid)]);
        }
        columns.extend(self.labels.into_iter().map(Packed::into_wide).map(IpcColumn::Codes));
        columns.extend(self.numbers.into_iter().map(IpcColumn::Floats));
        to_ipc(columns)
    }

    /// The rows that a table holds.
    pub(crate) fn unpack(layout: &Layout, table: &RecordBatch) -> Result<Self> {
        let mut columns = IpcReader::of(table);
        let keys = columns.ids(&layout.customer.1.none())?;
        let time = columns.times()?;
        let amount = layout.amount.as_ref().map(|(_, amount)| amount.none());
        let amount = amount.map(|kind| columns.amounts(&kind)).transpose()?;
        let ids = layout.ids.iter();
        let ids = ids.map(|(_, id)| Ok((columns.ids(&id.none())?.into(), columns.bools()?)));
        let ids = ids.collect::<Result<_>>()?;
        let labels = layout.labels.iter().map(|_| Ok(Packed::Wide(columns.codes()?)));
        Ok(Self {
            hashes: Self::hashes(&keys),
            keys: keys.into(),
            time: Packed::Wide(time),
            amount: amount.map(Into::into),
            ids,
            labels: labels.collect::<Result<_>>()?,
            numbers: layout.numbers.iter().map(|_| columns.floats()).collect::<Result<_>>()?,
        })
    }
}
