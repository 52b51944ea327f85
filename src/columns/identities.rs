//! Many identities of one column, side by side.

use super::bytes::Bytes;
use super::parse_errors::ParseErrors;
use super::scalar::whole_number;
use crate::error::{Error, Result};

/// Many identities; the bits of numbers, or bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Numbers, as two's complement or IEEE bits.
    Bits(Vec<u64>),
    /// Strings and binary values.
    Bytes(Bytes),
}

impl Keys {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Bits(bits) => bits.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers.
    ///
    /// # Errors
    /// [`Error::Internal`] where they are bytes.
    pub fn bits(&self) -> Result<&[u64]> {
        match self {
            Self::Bits(bits) => Ok(bits),
            Self::Bytes(_) => Err(Self::mixed()),
        }
    }

    /// The byte strings.
    ///
    /// # Errors
    /// [`Error::Internal`] where they are numbers.
    pub fn bytes(&self) -> Result<&Bytes> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Bits(_) => Err(Self::mixed()),
        }
    }

    /// Note those that a spreadsheet has shortened, as in 1.93068E+15.
    pub fn note_shortened(&self, first_row: u64, errors: &mut ParseErrors) {
        let Self::Bytes(bytes) = self else { return };
        for row in (0..bytes.len()).filter(|row| is_shortened(bytes.get(*row))) {
            errors.push(first_row + row as u64, || {
                format!("{:?}", String::from_utf8_lossy(bytes.get(row)))
            });
        }
    }

    /// Strings as the whole numbers that they write; what writes none is zero.
    #[must_use]
    pub fn to_integers(&self) -> Self {
        match self {
            Self::Bits(_) => self.clone(),
            Self::Bytes(bytes) => {
                let number = |row| whole_number(bytes.get(row)).unwrap_or_default().cast_unsigned();
                Self::Bits((0..bytes.len()).map(number).collect())
            }
        }
    }

    /// The whole numbers that all of them write, but those at the rows of `out`, which become zero; none where one writes
    /// something else, or they are no strings.
    #[must_use]
    pub fn whole_numbers(&self, out: impl Fn(usize) -> bool) -> Option<Vec<u64>> {
        let Self::Bytes(bytes) = self else { return None };
        let number = |row: usize| match whole_number(bytes.get(row)) {
            Some(number) => Some(number.cast_unsigned()),
            None => out(row).then_some(0),
        };
        let mut to = Vec::with_capacity(bytes.len());
        for row in 0..bytes.len() {
            to.push(number(row)?);
        }
        Some(to)
    }

    fn mixed() -> Error {
        Error::Internal("keys of numbers and of bytes in one column".into())
    }

    /// Those in some rows.
    #[must_use]
    pub fn take(&self, rows: impl Iterator<Item = usize>) -> Self {
        match self {
            Self::Bits(bits) => Self::Bits(rows.map(|row| bits[row]).collect()),
            Self::Bytes(bytes) => {
                let mut to = Bytes::default();
                rows.for_each(|row| to.push(bytes.get(row)));
                Self::Bytes(to)
            }
        }
    }

    /// What they take in memory, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Bits(bits) => size_of_val(bits.as_slice()),
            Self::Bytes(bytes) => bytes.size(),
        }
    }

    /// Add those in a range of others of the same type.
    ///
    /// # Errors
    /// [`Error::Internal`] where they are of another.
    pub fn extend_from(&mut self, from: &Self, range: std::ops::Range<usize>) -> Result<()> {
        match (self, from) {
            (Self::Bits(to), Self::Bits(from)) => to.extend_from_slice(&from[range]),
            (Self::Bytes(to), Self::Bytes(from)) => to.extend_from(from, range),
            _ => return Err(Self::mixed()),
        }
        Ok(())
    }

    /// Add the one at `index` of others of the same type.
    ///
    /// # Errors
    /// [`Error::Internal`] where they are of another.
    pub fn push_from(&mut self, from: &Self, index: usize) -> Result<()> {
        match (self, from) {
            (Self::Bits(to), Self::Bits(from)) => to.push(from[index]),
            (Self::Bytes(to), Self::Bytes(from)) => to.push_from(from, index),
            _ => return Err(Self::mixed()),
        }
        Ok(())
    }
}

/// Whether a text is a whole number in scientific notation, as spreadsheets write long ones.
fn is_shortened(text: &[u8]) -> bool {
    let Some(at) = text.iter().position(|byte| *byte == b'E') else {
        return false;
    };
    let (before, power) = (&text[..at], &text[at + 1..]);
    let digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let mantissa = before.len() > 2 && before[1] == b'.' && digits(&before[..1]) && digits(&before[2..]);
    mantissa && power.first() == Some(&b'+') && digits(&power[1..])
}
