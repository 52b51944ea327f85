//! Rows of one partition, wherever they wait: parts of pieces that were read, or of what comes back from a file.

use std::ops::Range;

use crate::columns::{Amounts, Ids, NONE};

use super::ahead;
use super::chunk::Chunk;

/// Rows of one partition that stand side by side in a chunk.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    pub(super) chunk: &'a Chunk,
    pub(super) rows: Range<usize>,
    /// What the codes of each label become.
    pub(super) codes: &'a [Vec<u32>],
}

impl<'a> Run<'a> {
    /// All rows of a chunk.
    pub(super) fn whole(chunk: &'a Chunk, codes: &'a [Vec<u32>]) -> Self {
        let rows = 0..chunk.len();
        Self { chunk, rows, codes }
    }
}

/// Runs that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Runs<'a>(pub(super) &'a [Run<'a>]);

impl<'a> Runs<'a> {
    /// How many rows there are.
    pub(super) fn rows(self) -> usize {
        self.0.iter().map(|run| run.rows.len()).sum()
    }

    /// A column of each run; while one is read, the next is asked for.
    pub(super) fn slices<T: 'a>(self, column: impl Fn(&'a Chunk) -> &'a [T]) -> impl Iterator<Item = &'a [T]> {
        let slice = move |run: &'a Run<'a>| &column(run.chunk)[run.rows.clone()];
        self.0.iter().enumerate().map(move |(number, run)| {
            if let Some(next) = self.0.get(number + 1) {
                ahead::fetch(slice(next));
            }
            slice(run)
        })
    }

    /// A column, one run after another.
    pub(super) fn column<T: Copy + 'a>(self, column: impl Fn(&'a Chunk) -> &'a [T]) -> Vec<T> {
        let mut to = Vec::with_capacity(self.rows());
        self.slices(column).for_each(|slice| to.extend_from_slice(slice));
        to
    }

    /// The codes of a label, translated.
    pub(super) fn labels(self, label: usize) -> impl Iterator<Item = u32> {
        let slices = self.slices(move |chunk| &chunk.labels[label]).zip(self.0);
        slices.flat_map(move |(slice, run)| {
            let codes = &run.codes[label];
            let code = move |&code: &u32| if code == NONE { NONE } else { codes[code as usize] };
            slice.iter().map(code)
        })
    }

    /// Identities, one run after another.
    pub(super) fn ids(self, kind: &Ids, column: impl Fn(&'a Chunk) -> &'a Ids) -> Ids {
        match kind {
            Ids::Bits(_) => Ids::Bits(self.column(|chunk| column(chunk).bits())),
            Ids::Bytes(_) => {
                let mut to = kind.clone();
                for run in self.0 {
                    to.extend_from(column(run.chunk), run.rows.clone());
                }
                to
            }
        }
    }
}

/// The amounts of a chunk, where they are doubles.
pub(super) fn floats(chunk: &Chunk) -> &[f64] {
    match &chunk.amount {
        Some(Amounts::Float(values)) => values,
        _ => &[],
    }
}

/// The amounts of a chunk, where they are exact.
pub(super) fn exact(chunk: &Chunk) -> &[i128] {
    match &chunk.amount {
        Some(Amounts::Exact(values)) => values,
        _ => &[],
    }
}
