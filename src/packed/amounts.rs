//! Packed amounts: doubles or exact counts, in few bits where all of them fit.

use std::ops::Range;

use super::column::Packed;
use super::widths::{Cents, Counts};
use crate::columns::Amounts;

/// Amounts of some rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PackedAmounts {
    /// Doubles.
    Float(Packed<Cents>),
    /// Counts of the last digit.
    Exact(Packed<Counts>),
}

impl From<Amounts> for PackedAmounts {
    fn from(amounts: Amounts) -> Self {
        match amounts {
            Amounts::Float(values) => Self::Float(Packed::Wide(values)),
            Amounts::Exact(values) => Self::Exact(Packed::Wide(values)),
        }
    }
}

impl From<PackedAmounts> for Amounts {
    fn from(amounts: PackedAmounts) -> Self {
        match amounts {
            PackedAmounts::Float(values) => Self::Float(values.into_wide()),
            PackedAmounts::Exact(values) => Self::Exact(values.into_wide()),
        }
    }
}

impl PackedAmounts {
    /// The same in as few bits as they fit.
    pub(crate) fn pack(self) -> Self {
        match self {
            Self::Float(values) => Self::Float(values.pack()),
            Self::Exact(values) => Self::Exact(values.pack()),
        }
    }

    /// All as they were.
    pub(crate) fn to_wide(&self) -> Amounts {
        match self {
            Self::Float(values) => Amounts::Float(values.to_wide()),
            Self::Exact(values) => Amounts::Exact(values.to_wide()),
        }
    }

    /// Those of some rows, in an order.
    pub(crate) fn take(&self, order: &[u32]) -> Self {
        match self {
            Self::Float(values) => Self::Float(values.take(order)),
            Self::Exact(values) => Self::Exact(values.take(order)),
        }
    }

    /// What they take in memory.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Float(values) => values.bytes(),
            Self::Exact(values) => values.bytes(),
        }
    }

    /// Give the memory of some rows back; they are not read again.
    pub(crate) fn release(&mut self, rows: Range<usize>) {
        match self {
            Self::Float(values) => values.release(rows),
            Self::Exact(values) => values.release(rows),
        }
    }
}
