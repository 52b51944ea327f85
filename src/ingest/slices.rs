//! Partition slices: the rows of one partition, wherever they wait, in morsels or in what comes back from a file.

use std::ops::Range;

use crate::columns::{Keys, NONE};
use crate::error::{Error, Result};

use super::morsel::MorselColumns;
use super::morsel_keys::MorselKeys;
use crate::packed::{Cents, Column, Counts, Packed, PackedAmounts};

/// Rows of one partition that stand side by side in a chunk.
#[derive(Debug, Clone)]
pub(crate) struct PartitionSlice<'a> {
    pub(crate) chunk: &'a MorselColumns,
    pub(crate) rows: Range<usize>,
    /// What the codes of each label become.
    pub(crate) codes: &'a [Vec<u32>],
}

impl<'a> PartitionSlice<'a> {
    /// All rows of a chunk.
    pub(crate) fn whole(chunk: &'a MorselColumns, codes: &'a [Vec<u32>]) -> Self {
        let rows = 0..chunk.len();
        Self { chunk, rows, codes }
    }

    /// What a code of a label becomes.
    pub(crate) fn recode(&self, label: usize, code: u32) -> u32 {
        if code == NONE {
            NONE
        } else {
            self.codes[label][code as usize]
        }
    }
}

/// Slices that follow each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartitionSlices<'a>(pub(crate) &'a [PartitionSlice<'a>]);

impl<'a> PartitionSlices<'a> {
    /// How many rows there are.
    pub(crate) fn rows(self) -> usize {
        self.0.iter().map(|run| run.rows.len()).sum()
    }

    /// The column of each run, with its rows; while one is read, the next is asked for.
    ///
    /// # Errors
    /// If a chunk holds it in another type.
    pub(crate) fn each<C: Column + 'a>(
        self,
        column: impl Fn(&'a MorselColumns) -> Result<&'a C>,
        mut read: impl FnMut(&'a C, Range<usize>),
    ) -> Result<()> {
        for (number, run) in self.0.iter().enumerate() {
            if let Some(next) = self.0.get(number + 1) {
                column(next.chunk)?.prefetch(next.rows.clone());
            }
            read(column(run.chunk)?, run.rows.clone());
        }
        Ok(())
    }

    /// A column, one run after another.
    ///
    /// # Errors
    /// If a chunk holds it in another type.
    pub(crate) fn column<C: Column + 'a>(
        self,
        column: impl Fn(&'a MorselColumns) -> Result<&'a C>,
    ) -> Result<Vec<C::Value>> {
        let mut to = Vec::with_capacity(self.rows());
        self.each(column, |column, rows| column.append(rows, &mut to))?;
        Ok(to)
    }

    /// The codes of a label, translated.
    pub(crate) fn labels(self, label: usize) -> Vec<u32> {
        let mut to = Vec::with_capacity(self.rows());
        for run in self.0 {
            let start = to.len();
            run.chunk.labels[label].append(run.rows.clone(), &mut to);
            to[start..].iter_mut().for_each(|code| *code = run.recode(label, *code));
        }
        to
    }

    /// Keys, one run after another.
    ///
    /// # Errors
    /// If a chunk holds them in another type.
    pub(crate) fn keys(self, kind: &Keys, column: impl Fn(&'a MorselColumns) -> &'a MorselKeys) -> Result<Keys> {
        match kind {
            Keys::Bits(_) => Ok(Keys::Bits(self.column(|chunk| column(chunk).bits())?)),
            Keys::Bytes(_) => {
                let mut to = kind.clone();
                for run in self.0 {
                    let keys = column(run.chunk).in_rows(run.rows.clone());
                    to.extend_from(&keys, 0..keys.len())?;
                }
                Ok(to)
            }
        }
    }
}

/// The amounts of a chunk, where they are doubles.
pub(crate) fn floats(chunk: &MorselColumns) -> Result<&Packed<Cents>> {
    match &chunk.amount {
        Some(PackedAmounts::Float(values)) => Ok(values),
        _ => Err(Error::Internal("amounts of two types in one column".into())),
    }
}

/// The amounts of a chunk, where they are exact.
pub(crate) fn exact(chunk: &MorselColumns) -> Result<&Packed<Counts>> {
    match &chunk.amount {
        Some(PackedAmounts::Exact(values)) => Ok(values),
        _ => Err(Error::Internal("amounts of two types in one column".into())),
    }
}
