//! Some rows of one partition, out of one group of pieces, in the order they were read.

use crate::columns::{Amounts, Ids, NONE};

use super::ahead;
use super::layout::Layout;
use super::scatter::Split;

/// Rows of one partition that are not yet side by side by customer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chunk {
    pub(super) keys: Ids,
    /// Hashes of the keys, where these are bytes.
    pub(super) hashes: Vec<u64>,
    pub(super) time: Vec<i64>,
    pub(super) amount: Option<Amounts>,
    pub(super) ids: Vec<(Ids, Vec<bool>)>,
    /// Codes in the order in which the log met the values.
    pub(super) labels: Vec<Vec<u32>>,
    pub(super) numbers: Vec<Vec<f64>>,
}

impl Chunk {
    /// The rows of a group that go to a partition; `codes` translates the label codes of each piece.
    pub(super) fn gather(layout: &Layout, splits: &[Split], codes: &[Vec<Vec<u32>>], at: usize) -> Self {
        let rows = splits.iter().map(|split| split.rows(at).len()).sum();
        let from = From { splits, at, rows };
        let ids = (0..layout.ids.len()).map(|role| {
            let valid = from.column(|split| &split.ids[role].1);
            (from.ids(&layout.ids[role].1.none(), |split| &split.ids[role].0), valid)
        });
        Self {
            keys: from.ids(&layout.customer.1.none(), |split| &split.keys),
            hashes: if matches!(layout.customer.1.none(), Ids::Bytes(_)) {
                from.column(|split| &split.hashes)
            } else {
                Vec::new()
            },
            time: from.column(|split| &split.time),
            amount: layout.amount.as_ref().map(|(_, amount)| from.amounts(&amount.none())),
            ids: ids.collect(),
            labels: (0..layout.labels.len())
                .map(|label| from.labels(label, &codes[label]))
                .collect(),
            numbers: (0..layout.numbers.len())
                .map(|number| from.column(|split| &split.numbers[number]))
                .collect(),
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.time.len()
    }

    /// The keys, where they are numbers.
    pub(super) fn bits(&self) -> &[u64] {
        self.keys.bits()
    }

    /// What it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        let ids = |(ids, valid): &(Ids, Vec<bool>)| ids.size() + valid.len();
        let words = self.time.len() + self.hashes.len() + self.numbers.iter().map(Vec::len).sum::<usize>();
        words * size_of::<u64>()
            + self.keys.size()
            + self.amount.as_ref().map_or(0, Amounts::size)
            + self.ids.iter().map(ids).sum::<usize>()
            + self
                .labels
                .iter()
                .map(|codes| codes.len() * size_of::<u32>())
                .sum::<usize>()
    }
}

/// The rows of one partition in a group.
#[derive(Clone, Copy)]
struct From<'a> {
    splits: &'a [Split],
    at: usize,
    rows: usize,
}

impl<'a> From<'a> {
    /// The rows of each split; while one is read, the next is asked for.
    fn runs<T: 'a>(self, column: impl Fn(&'a Split) -> &'a [T]) -> impl Iterator<Item = &'a [T]> {
        let run = move |split: &'a Split| &column(split)[split.rows(self.at)];
        self.splits.iter().enumerate().map(move |(number, split)| {
            if let Some(next) = self.splits.get(number + 1) {
                ahead::fetch(run(next));
            }
            run(split)
        })
    }

    fn column<T: Copy + 'a>(self, column: impl Fn(&'a Split) -> &'a [T]) -> Vec<T> {
        let mut to = Vec::with_capacity(self.rows);
        self.runs(column).for_each(|run| to.extend_from_slice(run));
        to
    }

    fn ids(self, kind: &Ids, column: impl Fn(&'a Split) -> &'a Ids) -> Ids {
        match kind {
            Ids::Bits(_) => Ids::Bits(self.column(|split| column(split).bits())),
            Ids::Bytes(_) => {
                let mut to = kind.clone();
                for split in self.splits {
                    to.extend_from(column(split), split.rows(self.at));
                }
                to
            }
        }
    }

    fn amounts(self, kind: &Amounts) -> Amounts {
        match kind {
            Amounts::Float(_) => Amounts::Float(self.column(|split| match &split.amount {
                Some(Amounts::Float(values)) => values,
                _ => &[],
            })),
            Amounts::Exact(_) => Amounts::Exact(self.column(|split| match &split.amount {
                Some(Amounts::Exact(values)) => values,
                _ => &[],
            })),
        }
    }

    fn labels(self, label: usize, codes: &[Vec<u32>]) -> Vec<u32> {
        let mut to = Vec::with_capacity(self.rows);
        for (run, codes) in self.runs(|split| &split.labels[label].1).zip(codes) {
            let code = |&code: &u32| if code == NONE { NONE } else { codes[code as usize] };
            to.extend(run.iter().map(code));
        }
        to
    }
}
