//! Identities: customers, order numbers and labels, told apart by 64 bits or by their bytes, and brought back in the
//! type they came in.

use std::cmp::Ordering;
use std::sync::Arc;

use super::bytes::Bytes;
use super::identities::Keys;
use super::interner::KeyInterner;
use super::key_arrays::{all_strings, plain_bytes, restore_type};
use super::scalar::{Scalar, whole_number};
use crate::error::{Error, Result};
use arrow::array::{Array, ArrayRef, Float64Array, Int64Array, UInt64Array};
use arrow::datatypes::{DataType, Field, FieldRef};

/// How the values of a column are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Signed,
    Unsigned,
    WholeFloat,
    Float,
    Bytes,
}

/// How a column of identities is read, and brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyType {
    role: String,
    field: FieldRef,
    pub(super) kind: KeyKind,
}

impl KeyType {
    /// The type of a key: integers, whole floats, strings, binary values, and dictionaries of them.
    ///
    /// # Errors
    /// If the column holds something else.
    pub fn key(role: &str, field: &Field) -> Result<Self> {
        match kind(field.data_type()) {
            Some(KeyKind::Float) => Ok(Self::of(role, field, KeyKind::WholeFloat)),
            Some(kind) if *field.data_type() != DataType::Boolean && !field.data_type().is_temporal() => {
                Ok(Self::of(role, field, kind))
            }
            _ => Err(Error::ColumnType {
                role: role.into(),
                name: field.name().clone(),
                found: field.data_type().to_string(),
                accepted: "integers, strings, binary values, UUIDs and dictionaries of them are accepted".into(),
            }),
        }
    }

    /// The type of a label: as a key, and true or false, any float, dates and times.
    ///
    /// # Errors
    /// If the column holds something else.
    pub fn label(role: &str, field: &Field) -> Result<Self> {
        kind(field.data_type())
            .map(|kind| Self::of(role, field, kind))
            .ok_or_else(|| Error::ColumnType {
                role: role.into(),
                name: field.name().clone(),
                found: field.data_type().to_string(),
                accepted: "strings, numbers, true and false, dates and times are accepted".into(),
            })
    }

    fn of(role: &str, field: &Field, kind: KeyKind) -> Self {
        Self {
            role: role.into(),
            field: Arc::new(field.clone()),
            kind,
        }
    }

    /// The role of the column.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The name of the column.
    #[must_use]
    pub fn name(&self) -> &str {
        self.field.name()
    }

    /// Whether equal values of the two types have the same bits or bytes.
    #[must_use]
    pub fn comparable(&self, other: &Self) -> bool {
        let empty = |id: &Self| *id.field.data_type() == DataType::Null;
        self.kind == other.kind || (self.is_whole() && other.is_whole()) || empty(self) || empty(other)
    }

    /// Whether values of the two types can be the same identity: the text "815" is the whole number 815, and "0815" none.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.comparable(other) || (self.is_text() && other.is_whole()) || (self.is_whole() && other.is_text())
    }

    fn is_whole(&self) -> bool {
        matches!(self.kind, KeyKind::Signed | KeyKind::Unsigned | KeyKind::WholeFloat)
    }

    /// Whether the values are strings.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.kind == KeyKind::Bytes && is_text(self.field.data_type())
    }

    /// The type of the same values as strings.
    #[must_use]
    pub fn as_text(&self) -> Self {
        if self.kind == KeyKind::Bytes {
            return self.clone();
        }
        self.retyped(DataType::LargeUtf8, KeyKind::Bytes)
    }

    /// The type of the same values as whole numbers, where all strings of a column write one.
    #[must_use]
    pub fn as_integers(&self) -> Self {
        self.retyped(DataType::Int64, KeyKind::Signed)
    }

    fn retyped(&self, data_type: DataType, kind: KeyKind) -> Self {
        Self {
            role: self.role.clone(),
            field: Arc::new(self.field.as_ref().clone().with_data_type(data_type)),
            kind,
        }
    }

    /// Whether a number of this type is one that the other type cannot hold: of a signed and an unsigned type, what has
    /// the highest bit set is negative in one and too large in the other, whatever its bits look like.
    #[must_use]
    pub fn beyond(&self, other: &Self, bits: u64) -> bool {
        let unsigned = |id: &Self| id.kind == KeyKind::Unsigned;
        unsigned(self) != unsigned(other) && bits >> 63 == 1
    }

    /// The code in a table of the other type that has the same value.
    #[must_use]
    pub fn find_in(&self, other: &Self, table: &KeyInterner, ids: &Keys, row: usize) -> Option<u32> {
        match ids {
            Keys::Bits(bits) if other.kind == KeyKind::Bytes => {
                let mut text = Bytes::default();
                text.push(self.written(bits[row]).as_bytes());
                table.find(&Keys::Bytes(text), 0)
            }
            Keys::Bytes(bytes) if other.kind != KeyKind::Bytes => {
                let number = whole_number(bytes.get(row))?.cast_unsigned();
                let negative = other.kind == KeyKind::Unsigned && number >> 63 == 1;
                (!negative).then(|| table.find(&Keys::Bits(vec![number]), 0))?
            }
            Keys::Bits(bits) if self.beyond(other, bits[row]) => None,
            _ => table.find(ids, row),
        }
    }

    /// A number of this type as it is written.
    fn written(&self, bits: u64) -> String {
        if self.kind == KeyKind::Unsigned {
            bits.to_string()
        } else {
            bits.cast_signed().to_string()
        }
    }

    /// No identities of this type yet.
    #[must_use]
    pub fn none(&self) -> Keys {
        if self.kind == KeyKind::Bytes {
            Keys::Bytes(Bytes::default())
        } else {
            Keys::Bits(Vec::new())
        }
    }

    /// A value that a caller names, as an identity of this type.
    ///
    /// # Errors
    /// If the column cannot hold it.
    pub fn scalar(&self, value: &Scalar) -> Result<Keys> {
        match (self.kind, value) {
            (KeyKind::Bytes, Scalar::Text(text)) => {
                let mut bytes = Bytes::default();
                bytes.push(text.as_bytes());
                Ok(Keys::Bytes(bytes))
            }
            (KeyKind::Bytes, Scalar::Int(number)) if self.is_text() => self.scalar(&Scalar::Text(number.to_string())),
            (KeyKind::Signed | KeyKind::Unsigned | KeyKind::WholeFloat, Scalar::Text(text))
                if let Some(number) = whole_number(text.as_bytes()) =>
            {
                self.scalar(&Scalar::Int(number))
            }
            (KeyKind::Signed | KeyKind::Unsigned | KeyKind::WholeFloat, Scalar::Int(value)) => {
                Ok(Keys::Bits(vec![value.cast_unsigned()]))
            }
            #[allow(clippy::cast_precision_loss)] // What a label holds is a double.
            (KeyKind::Float, Scalar::Int(value)) => Ok(Keys::Bits(vec![(*value as f64).to_bits()])),
            _ => Err(Error::Argument(format!(
                "{value} cannot stand in {}={:?}, which holds {}",
                self.role,
                self.name(),
                self.field.data_type()
            ))),
        }
    }

    /// The order of two identities, by value.
    #[must_use]
    pub fn compare(&self, ids: &Keys, a: usize, b: usize) -> Ordering {
        match ids {
            Keys::Bytes(bytes) => bytes.get(a).cmp(bytes.get(b)),
            Keys::Bits(bits) => self.sort_key(bits[a]).cmp(&self.sort_key(bits[b])),
        }
    }

    /// Whether one identity comes before another.
    #[must_use]
    pub fn precedes(&self, one: &Keys, other: &Keys) -> bool {
        match (one, other) {
            (Keys::Bytes(one), Keys::Bytes(other)) => one.get(0) < other.get(0),
            (Keys::Bits(one), Keys::Bits(other)) => self.sort_key(one[0]) < self.sort_key(other[0]),
            _ => false,
        }
    }

    /// Whether two identities are the same.
    #[must_use]
    pub fn same(&self, (a, at): (&Keys, usize), (b, other): (&Keys, usize)) -> bool {
        match (a, b) {
            (Keys::Bits(a), Keys::Bits(b)) => a[at] == b[other],
            (Keys::Bytes(a), Keys::Bytes(b)) => a.get(at) == b.get(other),
            _ => false,
        }
    }

    /// A number that sorts as the value does.
    #[must_use]
    pub fn sort_key(&self, bits: u64) -> u64 {
        const SIGN: u64 = 1 << 63;
        match self.kind {
            KeyKind::Unsigned => bits,
            KeyKind::Float if bits & SIGN != 0 => !bits,
            _ => bits ^ SIGN,
        }
    }

    /// The identities as an array of the type they came in (whole floats as integers), with the field it stands under.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn restore(&self, ids: &Keys, rows: impl Iterator<Item = Option<usize>>) -> Result<(FieldRef, ArrayRef)> {
        let plain: ArrayRef = match (ids, self.kind) {
            (Keys::Bits(bits), KeyKind::Unsigned) => {
                Arc::new(rows.map(|row| row.map(|row| bits[row])).collect::<UInt64Array>())
            }
            (Keys::Bits(bits), KeyKind::Float) => Arc::new(
                rows.map(|row| row.map(|row| f64::from_bits(bits[row])))
                    .collect::<Float64Array>(),
            ),
            (Keys::Bits(bits), _) => Arc::new(
                rows.map(|row| row.map(|row| bits[row].cast_signed()))
                    .collect::<Int64Array>(),
            ),
            (Keys::Bytes(bytes), _) => plain_bytes(bytes, rows, self.wanted())?,
        };
        self.typed(&plain)
    }

    /// Identities, all of them and in their order, as a column of the source's type.
    ///
    /// # Errors
    /// If Arrow cannot convert them.
    pub fn restore_all(&self, ids: Keys) -> Result<(FieldRef, ArrayRef)> {
        match (ids, self.wanted(), self.kind) {
            (Keys::Bytes(bytes), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, _) => {
                self.typed(&all_strings(bytes)?)
            }
            (Keys::Bits(bits), _, KeyKind::Signed | KeyKind::WholeFloat) => {
                let values: Vec<i64> = bits.into_iter().map(u64::cast_signed).collect();
                self.typed(&(Arc::new(Int64Array::from(values)) as ArrayRef))
            }
            (ids, ..) => self.restore(&ids, (0..ids.len()).map(Some)),
        }
    }

    /// The type that identities come back in.
    fn wanted(&self) -> &DataType {
        match self.kind {
            KeyKind::WholeFloat => &DataType::Int64,
            _ => self.field.data_type(),
        }
    }

    fn typed(&self, plain: &ArrayRef) -> Result<(FieldRef, ArrayRef)> {
        let array = restore_type(plain, self.wanted())?;
        let field = self
            .field
            .as_ref()
            .clone()
            .with_data_type(array.data_type().clone())
            .with_nullable(true);
        Ok((Arc::new(field), array))
    }
}

/// Whether a type is one of strings.
#[must_use]
pub fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        _ => false,
    }
}

fn kind(data_type: &DataType) -> Option<KeyKind> {
    Some(match data_type {
        DataType::Dictionary(_, values) => return kind(values),
        DataType::UInt64 => KeyKind::Unsigned,
        data_type if data_type.is_integer() => KeyKind::Signed,
        data_type if data_type.is_floating() => KeyKind::Float,
        DataType::Boolean | DataType::Timestamp(_, _) | DataType::Date32 | DataType::Date64 => KeyKind::Signed,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => KeyKind::Bytes,
        other if other.is_binary() || matches!(other, DataType::FixedSizeBinary(_)) => KeyKind::Bytes,
        _ => return None,
    })
}
