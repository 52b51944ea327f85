//! Keys of a morsel, in one of several types.

use std::ops::Range;

use crate::columns::{Bytes, Keys};
use crate::error::{Error, Result};
use crate::packed::{Column, Distance, Packed};

/// Keys or order numbers of the rows of a morsel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MorselKeys {
    /// Numbers.
    Bits(Packed<Distance>),
    /// Strings and binary values.
    Bytes(Bytes),
}

impl From<Keys> for MorselKeys {
    fn from(keys: Keys) -> Self {
        match keys {
            Keys::Bits(bits) => Self::Bits(Packed::Wide(bits)),
            Keys::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

impl From<MorselKeys> for Keys {
    fn from(keys: MorselKeys) -> Self {
        match keys {
            MorselKeys::Bits(bits) => Self::Bits(bits.into_wide()),
            MorselKeys::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

impl MorselKeys {
    /// The numbers.
    ///
    /// # Errors
    /// [`Error::Internal`] where they are bytes.
    pub(crate) fn bits(&self) -> Result<&Packed<Distance>> {
        match self {
            Self::Bits(bits) => Ok(bits),
            Self::Bytes(_) => Err(Error::Internal("keys of numbers and of bytes in one column".into())),
        }
    }

    /// The same in as few bits as they fit.
    pub(crate) fn pack(self) -> Self {
        match self {
            Self::Bits(bits) => Self::Bits(bits.pack()),
            Self::Bytes(_) => self,
        }
    }

    /// Those of some rows, in an order.
    pub(crate) fn take(&self, order: &[u32]) -> Self {
        match self {
            Self::Bits(bits) => Self::Bits(bits.take(order)),
            Self::Bytes(bytes) => {
                let mut to = Bytes::with_capacity(order.len(), bytes.data_len());
                for &row in order {
                    to.push_from(bytes, row as usize);
                }
                Self::Bytes(to)
            }
        }
    }

    /// Those of some rows.
    pub(crate) fn in_rows(&self, rows: Range<usize>) -> Keys {
        match self {
            Self::Bits(bits) => {
                let mut to = Vec::with_capacity(rows.len());
                bits.append(rows, &mut to);
                Keys::Bits(to)
            }
            Self::Bytes(bytes) => {
                let mut to = Bytes::default();
                to.extend_from(bytes, rows);
                Keys::Bytes(to)
            }
        }
    }

    /// The text that numbers are written as.
    pub(crate) fn to_text(&self) -> Keys {
        match self {
            Self::Bits(bits) => {
                let (mut numbers, mut to) = (Vec::with_capacity(bits.len()), Bytes::default());
                bits.append(0..bits.len(), &mut numbers);
                for number in numbers {
                    to.push(number.cast_signed().to_string().as_bytes());
                }
                Keys::Bytes(to)
            }
            Self::Bytes(bytes) => Keys::Bytes(bytes.clone()),
        }
    }

    /// None of the same type.
    pub(crate) fn empty(&self) -> Self {
        match self {
            Self::Bits(_) => Self::Bits(Packed::Wide(Vec::new())),
            Self::Bytes(_) => Self::Bytes(Bytes::default()),
        }
    }

    /// What they take in memory.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Bits(bits) => bits.bytes(),
            Self::Bytes(bytes) => bytes.size(),
        }
    }

    /// Give the memory of some rows back; they are not read again.
    pub(crate) fn release(&mut self, rows: Range<usize>) {
        match self {
            Self::Bits(bits) => bits.release(rows),
            Self::Bytes(bytes) => bytes.release(rows),
        }
    }
}
