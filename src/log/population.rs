//! The customers of a log or of merged states, chunk by chunk, and their order by key.

use std::sync::{Arc, OnceLock};

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;

use crate::columns::{Bytes, KeyType, Keys};
use crate::error::Result;
use crate::runtime::{self, Task};

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

    /// The name of the column that the keys came from.
    #[must_use]
    pub fn key_name(&self) -> &str {
        self.key.name()
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
        let sorted = match self.key.none() {
            Keys::Bits(_) => self.sorted_by_number(task)?,
            Keys::Bytes(_) => {
                let chunks: Vec<&Bytes> = self.chunks.iter().map(|chunk| chunk.bytes()).collect::<Result<_>>()?;
                let all: Vec<(u32, &&Bytes)> = (0..).zip(&chunks).collect();
                let of_chunk =
                    |&(at, chunk): &(u32, &&Bytes)| (0..).take(chunk.len()).map(move |customer| (at, customer));
                let parts = all.chunks(all.len().div_ceil(runtime::parallelism()?).max(1));
                let parts: Vec<Vec<CustomerIndex>> =
                    parts.map(|part| part.iter().flat_map(of_chunk).collect()).collect();
                let key = |place: CustomerIndex| chunks[place.0 as usize].get(place.1 as usize);
                key_order::order_of_bytes(&parts, key, task)?
            }
        };
        Ok(self.order.get_or_init(|| sorted))
    }

    /// Every customer, sorted by keys that are numbers: each thread sorts some chunks, and what they sorted is merged.
    fn sorted_by_number(&self, task: &Task) -> Result<Vec<CustomerIndex>> {
        let chunks: Vec<(u32, &Keys)> = (0..).zip(self.chunks.iter().map(AsRef::as_ref)).collect();
        let parts: Vec<_> = chunks
            .chunks(chunks.len().div_ceil(runtime::parallelism()?).max(1))
            .collect();
        let sorted = runtime::map(parts.len(), task, |part| {
            let mut keyed: Vec<(u64, CustomerIndex)> = Vec::new();
            for &(at, keys) in parts[part] {
                let keys = keys.bits()?.iter().zip(0..);
                keyed.extend(keys.map(|(&bits, customer)| (self.key.sort_key(bits), (at, customer))));
            }
            key_order::radix_sort(&mut keyed, task)?;
            Ok(keyed)
        })?;
        let merged = runtime::reduce(sorted, task, |one, other| Ok(key_order::merge(&one, &other)))?;
        Ok(key_order::things(&merged.unwrap_or_default()))
    }

    /// Where what is known of each customer of a chunk begins, in a list in their order, and where it ends: a search for each
    /// would miss the cache many times. `customers` says whose each entry of the list is.
    #[must_use]
    pub fn starts(&self, chunk: usize, customers: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut starts = vec![0u32; self.chunks[chunk].len() + 1];
        for customer in customers {
            // A state that came from elsewhere may be damaged.
            if let Some(count) = starts.get_mut(customer as usize + 1) {
                *count += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        starts
    }

    /// What is known of customers, by chunk and in their order there, in the order of the keys.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn in_key_order<'a, T>(
        &self,
        parts: &'a [Vec<T>],
        customer: impl Fn(&T) -> u32,
        task: &Task,
    ) -> Result<Vec<(CustomerIndex, &'a T)>> {
        let known = parts.iter().take(self.chunks.len()).enumerate();
        let starts: Vec<Vec<u32>> = known
            .map(|(chunk, part)| self.starts(chunk, part.iter().map(&customer)))
            .collect();
        let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for &(chunk, number) in self.sorted_by_key(task)? {
            if let (Some(starts), Some(part)) = (starts.get(chunk as usize), parts.get(chunk as usize)) {
                let own = starts[number as usize] as usize..starts[number as usize + 1] as usize;
                all.extend(part[own].iter().map(|one| ((chunk, number), one)));
            }
        }
        Ok(all)
    }

    /// The keys of some customers, in the type they came in.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn keys(&self, customers: &[CustomerIndex]) -> Result<(FieldRef, ArrayRef)> {
        let keys = match self.key.none() {
            Keys::Bits(_) => {
                // They lie all over memory: read without a step between them, several are waited for at once.
                let chunks = self.chunks.iter().map(|chunk| chunk.bits());
                let chunks: Vec<&[u64]> = chunks.collect::<Result<_>>()?;
                let key = |&(chunk, customer): &CustomerIndex| chunks[chunk as usize][customer as usize];
                Keys::Bits(customers.iter().map(key).collect())
            }
            Keys::Bytes(_) => {
                let chunks: Vec<&Bytes> = self.chunks.iter().map(|chunk| chunk.bytes()).collect::<Result<_>>()?;
                let bytes = chunks.iter().map(|chunk| chunk.data_len()).sum();
                let mut keys = Bytes::with_capacity(customers.len(), bytes);
                for &(chunk, customer) in customers {
                    keys.push_from(chunks[chunk as usize], customer as usize);
                }
                Keys::Bytes(keys)
            }
        };
        self.key.restore_all(keys)
    }
}
