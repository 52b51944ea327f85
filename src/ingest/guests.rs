//! Guests: rows without a customer. A line without one belongs to the customer that other lines of its order name; the
//! others stay guests.

use crate::columns::{KeyInterner, Keys};
use crate::error::Result;

use super::layout::Layout;
use super::morsel::MorselColumns;
use super::scatter::ScatteredMorsel;

/// The customers that own the orders of guests.
#[derive(Debug)]
pub(crate) struct Owners<'a> {
    layout: &'a Layout,
    role: usize,
    wanted: KeyInterner,
    /// By order: the smallest key that a line of it names.
    owner: Vec<Option<Keys>>,
}

impl<'a> Owners<'a> {
    /// For the orders of some guests; none where no role numbers orders, or no guest has a number.
    pub(crate) fn of(layout: &'a Layout, guests: &MorselColumns) -> Option<Self> {
        let role = layout.order_id()?;
        let mut wanted = KeyInterner::new(&layout.ids[role].1);
        let (ids, valid) = &guests.ids[role];
        let ids = ids.in_rows(0..guests.len());
        for row in (0..guests.len()).filter(|row| valid[*row]) {
            wanted.intern(&ids, row);
        }
        let owner = vec![None; wanted.len()];
        (!owner.is_empty()).then_some(Self {
            layout,
            role,
            wanted,
            owner,
        })
    }

    /// Look for the orders among rows that have a customer.
    pub(crate) fn meet(&mut self, chunk: &MorselColumns, rows: std::ops::Range<usize>) {
        let (ids, valid) = &chunk.ids[self.role];
        let (first, ids) = (rows.start, ids.in_rows(rows.clone()));
        for row in rows.filter(|row| valid[*row]) {
            let Some(order) = self.wanted.find(&ids, row - first) else {
                continue;
            };
            let key = chunk.keys.in_rows(row..row + 1);
            let owner = &mut self.owner[order as usize];
            if owner.as_ref().is_none_or(|owner| precedes(self.layout, &key, owner)) {
                *owner = Some(key);
            }
        }
    }

    /// The guests by partition, those whose order has an owner with him.
    pub(crate) fn adopt(&self, mut guests: MorselColumns, partitions: usize) -> Result<ScatteredMorsel> {
        let (ids, valid) = &guests.ids[self.role];
        let (ids, own) = (ids.in_rows(0..guests.len()), guests.keys.in_rows(0..guests.len()));
        let mut keys = self.layout.customer.1.none();
        let mut orphans = vec![false; guests.len()];
        for row in 0..guests.len() {
            let order = valid[row].then(|| self.wanted.find(&ids, row)).flatten();
            if let Some(owner) = order.and_then(|order| self.owner[order as usize].as_ref()) {
                keys.push_from(owner, 0)?;
            } else {
                orphans[row] = true;
                keys.push_from(&own, row)?;
            }
        }
        guests.hashes = MorselColumns::hashes(&keys);
        guests.keys = keys.into();
        Ok(ScatteredMorsel::adopted(self.layout, &guests, &orphans, partitions))
    }
}

/// Whether one key comes before another. Keys of text do so by their text, whole numbers or not: where memory is limited, that
/// is not known yet.
fn precedes(layout: &Layout, one: &Keys, other: &Keys) -> bool {
    match (one, other) {
        (Keys::Bits(one), Keys::Bits(other)) if layout.written_keys => {
            let text = |key: &[u64]| key[0].cast_signed().to_string();
            text(one) < text(other)
        }
        _ => layout.customer.1.precedes(one, other),
    }
}
