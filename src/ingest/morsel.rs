//! Columns of scattered rows that wait for their partition, in the order they were read.

use std::ops::Range;

use crate::columns::{Amounts, Keys, hash_bits, hash_bytes, whole_number};
use crate::error::Result;
use crate::runtime;

use super::layout::Layout;
use super::morsel_keys::MorselKeys;
use super::slices::{PartitionSlices, exact, floats};
use crate::packed::{Codes, Packed, PackedAmounts, Seconds};

/// The columns of some rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MorselColumns {
    pub(crate) keys: MorselKeys,
    /// Hashes of the keys, where these are bytes.
    pub(crate) hashes: Vec<u64>,
    pub(crate) time: Packed<Seconds>,
    pub(crate) amount: Option<PackedAmounts>,
    pub(crate) ids: Vec<(MorselKeys, Vec<bool>)>,
    pub(crate) labels: Vec<Packed<Codes>>,
    pub(crate) numbers: Vec<Vec<f64>>,
}

impl MorselColumns {
    /// The rows of some runs, in as few bits as they fit, with the codes of labels translated.
    pub(crate) fn gather(layout: &Layout, runs: PartitionSlices<'_>) -> Result<Self> {
        let ids = (0..layout.ids.len()).map(|role| {
            let kind = layout.ids[role].1.none();
            Ok((
                MorselKeys::from(runs.keys(&kind, |chunk| &chunk.ids[role].0)?).pack(),
                runs.column(|chunk| Ok(&chunk.ids[role].1))?,
            ))
        });
        let keys = layout.customer.1.none();
        Ok(Self {
            hashes: match keys {
                Keys::Bits(_) => Vec::new(),
                Keys::Bytes(_) => runs.column(|chunk| Ok(&chunk.hashes))?,
            },
            keys: MorselKeys::from(runs.keys(&keys, |chunk| &chunk.keys)?).pack(),
            time: Packed::Wide(runs.column(|chunk| Ok(&chunk.time))?).pack(),
            amount: amounts(layout, runs)?.map(|amounts| PackedAmounts::from(amounts).pack()),
            ids: ids.collect::<Result<_>>()?,
            labels: (0..layout.labels.len())
                .map(|label| Packed::Wide(runs.labels(label)).pack())
                .collect(),
            numbers: (0..layout.numbers.len())
                .map(|number| runs.column(|chunk| Ok(&chunk.numbers[number])))
                .collect::<Result<_>>()?,
        })
    }

    /// Some rows, in an order, in as few bits as they fit.
    pub(crate) fn take(&self, order: &[u32]) -> Self {
        Self {
            keys: self.keys.take(order),
            hashes: match self.keys {
                MorselKeys::Bits(_) => Vec::new(),
                MorselKeys::Bytes(_) => gather(&self.hashes, order),
            },
            time: self.time.take(order),
            amount: self.amount.as_ref().map(|amount| amount.take(order)),
            ids: self
                .ids
                .iter()
                .map(|(ids, valid)| (ids.take(order), gather(valid, order)))
                .collect(),
            labels: self.labels.iter().map(|codes| codes.take(order)).collect(),
            numbers: self.numbers.iter().map(|values| gather(values, order)).collect(),
        }
    }

    /// Hashes of keys, where these are bytes. What writes a whole number has its hash: other morsels may hold it as one.
    pub(crate) fn hashes(keys: &Keys) -> Vec<u64> {
        let hash = |key: &[u8]| match whole_number(key) {
            Some(number) => hash_bits(number.cast_unsigned()),
            None => hash_bytes(key),
        };
        match keys {
            Keys::Bits(_) => Vec::new(),
            Keys::Bytes(bytes) => (0..bytes.len()).map(|row| hash(bytes.get(row))).collect(),
        }
    }

    /// Keys that wait as whole numbers become text again, where a layout has them so.
    pub(crate) fn write_keys(&mut self, layout: &Layout) {
        if let (MorselKeys::Bits(_), Keys::Bytes(_)) = (&self.keys, layout.customer.1.none()) {
            let keys = self.keys.to_text();
            self.hashes = Self::hashes(&keys);
            self.keys = keys.into();
        }
    }

    /// Order numbers that wait as whole numbers become text again, where a layout has them so.
    pub(crate) fn write_orders(&mut self, layout: &Layout) {
        for ((ids, _), (_, kind)) in self.ids.iter_mut().zip(&layout.ids) {
            if let (MorselKeys::Bits(_), Keys::Bytes(_)) = (&ids, kind.none()) {
                *ids = ids.to_text().into();
            }
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.time.len()
    }

    /// Give the memory of the keys of some rows back; they are not read again.
    pub(crate) fn release_keys(&mut self, rows: Range<usize>) {
        self.keys.release(rows.clone());
        if !self.hashes.is_empty() {
            runtime::release(&mut self.hashes[rows]);
        }
    }

    /// Forget all keys: the customers of the rows are known by number.
    pub(crate) fn drop_keys(&mut self) {
        self.keys = self.keys.empty();
        self.hashes = Vec::new();
    }

    /// Give the memory of some rows back; they are not read again.
    pub(crate) fn release(&mut self, rows: Range<usize>) {
        self.release_keys(rows.clone());
        self.ids.iter_mut().for_each(|(ids, _)| ids.release(rows.clone()));
        self.time.release(rows.clone());
        if let Some(amount) = &mut self.amount {
            amount.release(rows.clone());
        }
        self.labels.iter_mut().for_each(|codes| codes.release(rows.clone()));
        self.numbers
            .iter_mut()
            .for_each(|values| runtime::release(&mut values[rows.clone()]));
    }

    /// What it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        let ids = |(ids, valid): &(MorselKeys, Vec<bool>)| ids.bytes() + valid.len();
        let words = self.hashes.len() + self.numbers.iter().map(Vec::len).sum::<usize>();
        words * size_of::<u64>()
            + self.time.bytes()
            + self.labels.iter().map(Packed::bytes).sum::<usize>()
            + self.keys.bytes()
            + self.amount.as_ref().map_or(0, PackedAmounts::bytes)
            + self.ids.iter().map(ids).sum::<usize>()
    }
}

/// The amounts of some runs.
fn amounts(layout: &Layout, runs: PartitionSlices<'_>) -> Result<Option<Amounts>> {
    let Some((_, amount)) = &layout.amount else {
        return Ok(None);
    };
    Ok(Some(match amount.none() {
        Amounts::Float(_) => Amounts::Float(runs.column(floats)?),
        Amounts::Exact(_) => Amounts::Exact(runs.column(exact)?),
    }))
}

fn gather<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&row| values[row as usize]).collect()
}
