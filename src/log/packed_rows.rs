//! The rows of a partition as a log keeps them: in few bits. Each analysis has them in their full width, partition by
//! partition, in memory that stays in a near cache: widening takes about as much as it spares to read half from the far one.

use std::sync::Arc;

use super::partition::Partition;
use crate::columns::{Amounts, Keys};
use crate::packed::{Cents, Codes, Packed, PackedAmounts, Seconds, ShortCodes};

/// The columns of the rows of a partition, as [`Partition`] has them.
#[derive(Debug)]
pub(crate) struct PackedRows {
    time: Packed<Seconds>,
    amount: Option<PackedAmounts>,
    ids: Vec<Packed<ShortCodes>>,
    orders: Option<Arc<Keys>>,
    labels: Vec<Packed<Codes>>,
    numbers: Vec<Packed<Cents>>,
}

impl PackedRows {
    /// The rows of a partition.
    pub(crate) fn new(of: &Partition) -> Self {
        Self {
            time: Packed::new(&of.time),
            amount: of.amount.as_ref().map(|amount| match amount {
                Amounts::Float(values) => PackedAmounts::Float(Packed::new(values)),
                Amounts::Exact(values) => PackedAmounts::Exact(Packed::new(values)),
            }),
            ids: of.ids.iter().map(|codes| Packed::new(codes)).collect(),
            orders: of.orders.clone(),
            labels: of.labels.iter().map(|codes| Packed::new(codes)).collect(),
            numbers: of.numbers.iter().map(|values| Packed::new(values)).collect(),
        }
    }

    /// The partition again, out of its head and its rows.
    pub(crate) fn partition(&self, head: &Partition) -> Partition {
        Partition {
            customers: head.customers.clone(),
            starts: head.starts.clone(),
            range: head.range,
            time: self.time.to_wide(),
            amount: self.amount.as_ref().map(PackedAmounts::to_wide),
            ids: self.ids.iter().map(Packed::to_wide).collect(),
            orders: self.orders.clone(),
            labels: self.labels.iter().map(Packed::to_wide).collect(),
            numbers: self.numbers.iter().map(Packed::to_wide).collect(),
        }
    }

    /// What they take in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.time.bytes()
            + self.amount.as_ref().map_or(0, PackedAmounts::bytes)
            + self.ids.iter().map(Packed::bytes).sum::<usize>()
            + self.orders.as_ref().map_or(0, |orders| orders.size())
            + self.labels.iter().map(Packed::bytes).sum::<usize>()
            + self.numbers.iter().map(Packed::bytes).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::NONE;
    use proptest::prelude::*;

    /// Columns that fit in few bits, and columns of which one value may not.
    fn partition(rows: usize) -> impl Strategy<Value = Partition> {
        let time = prop_oneof![99 => (0i64..2_000_000_000).prop_map(|at| at * 1_000_000), 1 => any::<i64>()];
        let float = prop_oneof![97 => (-9_999i32..9_999).prop_map(|cents| f64::from(cents) / 100.0), 3 => any::<f64>()];
        let exact = prop_oneof![99 => -9_999i128..9_999, 1 => any::<i128>()];
        let code = prop_oneof![97 => 0u32..200, 2 => Just(NONE), 1 => 0u32..99_999];
        let amount = prop_oneof![
            prop::collection::vec(float.clone(), rows).prop_map(Amounts::Float),
            prop::collection::vec(exact, rows).prop_map(Amounts::Exact),
        ];
        let codes = || prop::collection::vec(prop::collection::vec(code.clone(), rows), 0..3);
        (
            prop::collection::vec(time, rows),
            prop::option::of(amount),
            codes(),
            codes(),
            prop::collection::vec(prop::collection::vec(float, rows), 0..3),
        )
            .prop_map(move |(time, amount, ids, labels, numbers)| Partition {
                customers: Arc::new(Keys::Bits(vec![7])),
                starts: Arc::new(vec![0, u32::try_from(rows).unwrap()]),
                range: time.iter().copied().min().zip(time.iter().copied().max()),
                orders: (!ids.is_empty()).then(|| Arc::new(Keys::Bits(vec![1, 2, 3]))),
                time,
                amount,
                ids,
                labels,
                numbers,
            })
    }

    /// All of a partition, as text in which each double is written so that it is read as the same.
    fn written(partition: &Partition) -> String {
        format!("{partition:?}")
    }

    proptest! {
        #[test]
        fn rows_come_back(partition in (0usize..40).prop_flat_map(partition)) {
            let rows = PackedRows::new(&partition);
            let before = written(&partition);
            let head = partition.into_head();
            prop_assert!(head.time.is_empty() && head.amount.is_none() && head.labels.is_empty());
            prop_assert_eq!(written(&rows.partition(&head)), before);
        }
    }

    #[test]
    fn rows_take_few_bytes_where_they_fit() {
        let rows = 1_000usize;
        let codes: Vec<u32> = (0..200).chain([NONE]).cycle().take(rows).collect();
        let partition = Partition {
            customers: Arc::new(Keys::Bits(vec![7])),
            starts: Arc::new(vec![0, 1_000]),
            range: None,
            time: (0..1_000).map(|at| at * 1_000_000).collect(),
            amount: Some(Amounts::Float(vec![19.9; rows])),
            ids: vec![codes.clone()],
            orders: None,
            labels: vec![codes],
            numbers: vec![vec![2.5; rows]],
        };
        assert_eq!(PackedRows::new(&partition).bytes(), rows * (4 + 4 + 2 + 1 + 4));
    }
}
