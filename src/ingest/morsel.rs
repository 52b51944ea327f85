//! Columns of scattered rows that wait for their partition, in the order they were read.

use std::ops::Range;

use crate::columns::{Amounts, Bytes, Keys, hash_bytes};
use crate::error::Result;
use crate::runtime;

use super::layout::Layout;
use super::slices::{PartitionSlices, exact, floats};

/// The columns of some rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MorselColumns {
    pub(crate) keys: Keys,
    /// Hashes of the keys, where these are bytes.
    pub(crate) hashes: Vec<u64>,
    pub(crate) time: Vec<i64>,
    pub(crate) amount: Option<Amounts>,
    pub(crate) ids: Vec<(Keys, Vec<bool>)>,
    pub(crate) labels: Vec<Vec<u32>>,
    pub(crate) numbers: Vec<Vec<f64>>,
}

impl MorselColumns {
    /// The rows of some runs, with the codes of labels translated.
    pub(crate) fn gather(layout: &Layout, runs: PartitionSlices<'_>) -> Result<Self> {
        let ids = (0..layout.ids.len()).map(|role| {
            let kind = layout.ids[role].1.none();
            Ok((
                runs.ids(&kind, |chunk| &chunk.ids[role].0)?,
                runs.column(|chunk| &chunk.ids[role].1),
            ))
        });
        let keys = layout.customer.1.none();
        Ok(Self {
            hashes: match keys {
                Keys::Bits(_) => Vec::new(),
                Keys::Bytes(_) => runs.column(|chunk| &chunk.hashes),
            },
            keys: runs.ids(&keys, |chunk| &chunk.keys)?,
            time: runs.column(|chunk| &chunk.time),
            amount: amounts(layout, runs)?,
            ids: ids.collect::<Result<_>>()?,
            labels: (0..layout.labels.len())
                .map(|label| runs.labels(label).collect())
                .collect(),
            numbers: (0..layout.numbers.len())
                .map(|number| runs.column(|chunk| &chunk.numbers[number]))
                .collect(),
        })
    }

    /// Some rows, in an order.
    pub(crate) fn take(&self, order: &[u32]) -> Self {
        Self {
            keys: gather_ids(&self.keys, order),
            hashes: match self.keys {
                Keys::Bits(_) => Vec::new(),
                Keys::Bytes(_) => gather(&self.hashes, order),
            },
            time: gather(&self.time, order),
            amount: self.amount.as_ref().map(|amount| match amount {
                Amounts::Float(values) => Amounts::Float(gather(values, order)),
                Amounts::Exact(values) => Amounts::Exact(gather(values, order)),
            }),
            ids: self
                .ids
                .iter()
                .map(|(ids, valid)| (gather_ids(ids, order), gather(valid, order)))
                .collect(),
            labels: self.labels.iter().map(|codes| gather(codes, order)).collect(),
            numbers: self.numbers.iter().map(|values| gather(values, order)).collect(),
        }
    }

    /// Hashes of keys, where these are bytes.
    pub(crate) fn hashes(keys: &Keys) -> Vec<u64> {
        match keys {
            Keys::Bits(_) => Vec::new(),
            Keys::Bytes(bytes) => (0..bytes.len()).map(|row| hash_bytes(bytes.get(row))).collect(),
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.time.len()
    }

    /// Give the memory of some rows back; they are not read again.
    pub(crate) fn release(&mut self, rows: Range<usize>) {
        let keys = |keys: &mut Keys| match keys {
            Keys::Bits(bits) => runtime::release(&mut bits[rows.clone()]),
            Keys::Bytes(bytes) => bytes.release(rows.clone()),
        };
        keys(&mut self.keys);
        self.ids.iter_mut().for_each(|(ids, _)| keys(ids));
        if !self.hashes.is_empty() {
            runtime::release(&mut self.hashes[rows.clone()]);
        }
        runtime::release(&mut self.time[rows.clone()]);
        match &mut self.amount {
            Some(Amounts::Float(values)) => runtime::release(&mut values[rows.clone()]),
            Some(Amounts::Exact(values)) => runtime::release(&mut values[rows.clone()]),
            None => {}
        }
        self.labels
            .iter_mut()
            .for_each(|codes| runtime::release(&mut codes[rows.clone()]));
        self.numbers
            .iter_mut()
            .for_each(|values| runtime::release(&mut values[rows.clone()]));
    }

    /// What it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        let ids = |(ids, valid): &(Keys, Vec<bool>)| ids.size() + valid.len();
        let words = self.time.len() + self.hashes.len() + self.numbers.iter().map(Vec::len).sum::<usize>();
        let codes = self.labels.iter().map(Vec::len).sum::<usize>();
        words * size_of::<u64>()
            + codes * size_of::<u32>()
            + self.keys.size()
            + self.amount.as_ref().map_or(0, Amounts::size)
            + self.ids.iter().map(ids).sum::<usize>()
    }
}

/// The amounts of some runs.
fn amounts(layout: &Layout, runs: PartitionSlices<'_>) -> Result<Option<Amounts>> {
    let Some((_, amount)) = &layout.amount else {
        return Ok(None);
    };
    Ok(Some(match amount.none() {
        Amounts::Float(_) => Amounts::Float(runs.typed_column(floats)?),
        Amounts::Exact(_) => Amounts::Exact(runs.typed_column(exact)?),
    }))
}

fn gather<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&row| values[row as usize]).collect()
}

fn gather_ids(ids: &Keys, order: &[u32]) -> Keys {
    match ids {
        Keys::Bits(bits) => Keys::Bits(gather(bits, order)),
        Keys::Bytes(bytes) => {
            let mut to = Bytes::default();
            for &row in order {
                to.push(bytes.get(row as usize));
            }
            Keys::Bytes(to)
        }
    }
}
