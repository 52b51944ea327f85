//! The customers of a log or of merged states, chunk by chunk, and their order by key.

use std::sync::{Arc, OnceLock};

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;

use crate::columns::{KeyType, Keys};
use crate::error::Result;
use crate::runtime::Task;

use super::key_order;

/// The chunk of guests, who are no customers.
pub const GUESTS: u32 = u32::MAX;

/// Where a customer stands: the chunk (a partition), and the customer in it.
pub type CustomerIndex = (u32, u32);

/// Customers by chunk; each of them is in one chunk only.
#[derive(Debug)]
pub struct Population {
    key: KeyType,
    chunks: Vec<Arc<Keys>>,
    order: OnceLock<Vec<CustomerIndex>>,
}

impl Population {
    /// Customers with keys of a type.
    #[must_use]
    pub fn new(key: KeyType, chunks: Vec<Arc<Keys>>) -> Self {
        Self {
            key,
            chunks,
            order: OnceLock::new(),
        }
    }

    /// The keys, chunk by chunk.
    #[must_use]
    pub fn chunks(&self) -> &[Arc<Keys>] {
        &self.chunks
    }

    /// How many customers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every customer, sorted by key.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn sorted_by_key(&self, task: &Task) -> Result<&[CustomerIndex]> {
        if let Some(order) = self.order.get() {
            return Ok(order);
        }
        let all = self.chunks.iter().zip(0..);
        let places = all.flat_map(|(chunk, at)| (0..).take(chunk.len()).map(move |customer| (at, customer)));
        let sorted = match self.key.none() {
            Keys::Bits(_) => {
                let sort_key = |place: CustomerIndex| match &*self.chunks[place.0 as usize] {
                    Keys::Bits(bits) => self.key.sort_key(bits[place.1 as usize]),
                    Keys::Bytes(_) => 0,
                };
                let mut keyed: Vec<(u64, CustomerIndex)> = places.map(|place| (sort_key(place), place)).collect();
                key_order::radix_sort(&mut keyed, task)?;
                keyed.into_iter().map(|(_, place)| place).collect()
            }
            Keys::Bytes(_) => {
                let key = |place: CustomerIndex| match &*self.chunks[place.0 as usize] {
                    Keys::Bytes(bytes) => bytes.get(place.1 as usize),
                    Keys::Bits(_) => &[],
                };
                key_order::order_of_bytes(places, key, task)?
            }
        };
        Ok(self.order.get_or_init(|| sorted))
    }

    /// The keys of some customers, in the type they came in.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn keys(&self, customers: &[CustomerIndex]) -> Result<(FieldRef, ArrayRef)> {
        let mut keys = self.key.none();
        for &(chunk, customer) in customers {
            keys.push_from(&self.chunks[chunk as usize], customer as usize)?;
        }
        self.key.restore(&keys, (0..customers.len()).map(Some))
    }
}
