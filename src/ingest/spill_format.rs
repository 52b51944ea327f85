//! Morsels as tables, to be written to a file and read again, as narrow as they wait.

use arrow::array::RecordBatch;

use crate::columns::{Amounts, IpcColumn, IpcReader, Keys, to_ipc};
use crate::error::Result;
use crate::log::{Block, Spill};

use super::layout::Layout;
use super::morsel::MorselColumns;
use super::morsel_keys::MorselKeys;
use crate::packed::{Codes, Packed, PackedAmounts, Seconds};

impl MorselColumns {
    /// The rows as a table. Hashes are made again when it is read.
    fn pack(self) -> Result<RecordBatch> {
        let mut columns = vec![keys(self.keys), times(self.time)];
        columns.extend(self.amount.map(amounts));
        for (ids, valid) in self.ids {
            columns.extend([keys(ids), IpcColumn::Bools(valid)]);
        }
        columns.extend(self.labels.into_iter().map(codes));
        columns.extend(self.numbers.into_iter().map(IpcColumn::Floats));
        to_ipc(columns)
    }

    /// Write the rows to a file. Numbers that are packed are as few bytes as they can be; text is not.
    pub(crate) fn write(self, file: &Spill) -> Result<Block> {
        let text = |keys: &MorselKeys| matches!(keys, MorselKeys::Bytes(_));
        if text(&self.keys) || self.ids.iter().any(|(ids, _)| text(ids)) {
            file.compress(&self.pack()?)
        } else {
            file.write(&self.pack()?)
        }
    }

    /// The rows that a table holds.
    pub(crate) fn unpack(layout: &Layout, table: &RecordBatch) -> Result<Self> {
        let mut columns = IpcReader::of(table);
        let (keys, hashes) = read_keys(&mut columns, &layout.customer.1.none())?;
        let time = read_times(&mut columns)?;
        let amount = layout.amount.as_ref().map(|(_, amount)| amount.none());
        let amount = amount.map(|kind| read_amounts(&mut columns, &kind)).transpose()?;
        let ids = layout.ids.iter();
        let ids = ids.map(|(_, id)| Ok((read_keys(&mut columns, &id.none())?.0, columns.bools()?)));
        let ids = ids.collect::<Result<_>>()?;
        let labels = layout.labels.iter().map(|_| read_codes(&mut columns));
        Ok(Self {
            hashes,
            keys,
            time,
            amount,
            ids,
            labels: labels.collect::<Result<_>>()?,
            numbers: layout.numbers.iter().map(|_| columns.floats()).collect::<Result<_>>()?,
        })
    }
}

fn keys(keys: MorselKeys) -> IpcColumn {
    match keys {
        MorselKeys::Bits(Packed::Narrow(base, small)) => IpcColumn::Above(base.cast_signed(), small),
        wide => IpcColumn::Keys(wide.into()),
    }
}

/// Keys, and their hashes, where they are bytes.
fn read_keys(columns: &mut IpcReader, kind: &Keys) -> Result<(MorselKeys, Vec<u64>)> {
    if let Some((base, small)) = columns.above() {
        return Ok((
            MorselKeys::Bits(Packed::Narrow(base.cast_unsigned(), small)),
            Vec::new(),
        ));
    }
    let keys = columns.ids(kind)?;
    let hashes = MorselColumns::hashes(&keys);
    Ok((keys.into(), hashes))
}

fn times(times: Packed<Seconds>) -> IpcColumn {
    match times {
        Packed::Narrow(base, small) => IpcColumn::Above(base, small),
        Packed::Wide(times) => IpcColumn::Times(times),
    }
}

fn read_times(columns: &mut IpcReader) -> Result<Packed<Seconds>> {
    Ok(match columns.above() {
        Some((base, small)) => Packed::Narrow(base, small),
        None => Packed::Wide(columns.times()?),
    })
}

fn amounts(amounts: PackedAmounts) -> IpcColumn {
    match amounts {
        PackedAmounts::Float(Packed::Narrow((), small)) | PackedAmounts::Exact(Packed::Narrow((), small)) => {
            IpcColumn::Counts(small)
        }
        wide => Amounts::from(wide).into(),
    }
}

fn read_amounts(columns: &mut IpcReader, kind: &Amounts) -> Result<PackedAmounts> {
    Ok(match (columns.counts(), kind) {
        (Some(small), Amounts::Float(_)) => PackedAmounts::Float(Packed::Narrow((), small)),
        (Some(small), Amounts::Exact(_)) => PackedAmounts::Exact(Packed::Narrow((), small)),
        (None, kind) => columns.amounts(kind)?.into(),
    })
}

fn codes(codes: Packed<Codes>) -> IpcColumn {
    match codes {
        Packed::Narrow((), small) => IpcColumn::ByteCodes(small),
        Packed::Wide(codes) => IpcColumn::Codes(codes),
    }
}

fn read_codes(columns: &mut IpcReader) -> Result<Packed<Codes>> {
    Ok(match columns.byte_codes() {
        Some(small) => Packed::Narrow((), small),
        None => Packed::Wide(columns.codes()?),
    })
}
