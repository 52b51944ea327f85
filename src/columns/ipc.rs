//! Arrow IPC for files and pickles of our own: plain vectors as columns and back, bit for bit, not-a-number included.

use std::io::Cursor;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Float64Array, Int32Array, Int64Array, LargeBinaryArray,
    RecordBatch, UInt8Array, UInt32Array, UInt64Array,
};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{
    DataType, Decimal128Type, Field, FieldRef, Float64Type, Int32Type, Int64Type, Schema, UInt8Type, UInt32Type,
    UInt64Type,
};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;

use super::amounts::Amounts;
use super::bytes::Bytes;
use super::identities::Keys;
use crate::error::{Error, Result};

/// The metadata of a column that tell its base.
const BASE: &str = "base";

/// A vector that can be packed.
#[derive(Debug, Clone, PartialEq)]
pub enum IpcColumn {
    /// Instants.
    Times(Vec<i64>),
    /// Numbers.
    Floats(Vec<f64>),
    /// Codes.
    Codes(Vec<u32>),
    /// Codes of one byte.
    ByteCodes(Vec<u8>),
    /// Counts above a base, whose unit is the caller's.
    Above(i64, Vec<u32>),
    /// Counts.
    Counts(Vec<i32>),
    /// True and false.
    Bools(Vec<bool>),
    /// Identities.
    Keys(Keys),
    /// Exact amounts.
    Exact(Vec<i128>),
}

impl From<Amounts> for IpcColumn {
    fn from(amounts: Amounts) -> Self {
        match amounts {
            Amounts::Float(values) => Self::Floats(values),
            Amounts::Exact(values) => Self::Exact(values),
        }
    }
}

/// A table as an Arrow IPC stream, and behind it its checksum: Arrow panics at some streams that are damaged.
///
/// # Errors
/// If Arrow cannot write it.
pub fn write_stream(table: &RecordBatch) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, &table.schema())?;
    writer.write(table)?;
    writer.finish()?;
    drop(writer);
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    Ok(bytes)
}

/// The table that was written so.
///
/// # Errors
/// If the bytes are not those that were written.
pub fn read_stream(bytes: &[u8]) -> Result<RecordBatch> {
    let split = bytes.split_last_chunk::<4>();
    let Some((stream, _)) = split.filter(|(stream, sum)| crc32fast::hash(stream).to_le_bytes() == **sum) else {
        return Err(Error::Data(
            "the bytes of the table are damaged, or of another version of footfall".into(),
        ));
    };
    let mut tables = StreamReader::try_new(Cursor::new(stream), None)?;
    Ok(tables
        .next()
        .ok_or_else(|| Error::Data("the stream holds no table".into()))??)
}

/// Vectors of one length as a table; none is copied but byte strings and truths.
///
/// # Errors
/// If the lengths differ.
pub fn to_ipc(columns: Vec<IpcColumn>) -> Result<RecordBatch> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (at, column) in columns.into_iter().enumerate() {
        let base = match &column {
            IpcColumn::Above(base, _) => Some((BASE.to_owned(), base.to_string())),
            _ => None,
        };
        let array = array(column);
        let field = Field::new(at.to_string(), array.data_type().clone(), true);
        fields.push(field.with_metadata(base.into_iter().collect()));
        arrays.push(array);
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

fn array(column: IpcColumn) -> ArrayRef {
    match column {
        IpcColumn::Times(values) => Arc::new(Int64Array::from(values)),
        IpcColumn::Floats(values) => Arc::new(Float64Array::from(values)),
        IpcColumn::Codes(values) | IpcColumn::Above(_, values) => Arc::new(UInt32Array::from(values)),
        IpcColumn::ByteCodes(values) => Arc::new(UInt8Array::from(values)),
        IpcColumn::Counts(values) => Arc::new(Int32Array::from(values)),
        IpcColumn::Bools(values) => Arc::new(BooleanArray::from(values)),
        IpcColumn::Exact(values) => Arc::new(Decimal128Array::from(values)),
        IpcColumn::Keys(Keys::Bits(values)) => Arc::new(UInt64Array::from(values)),
        IpcColumn::Keys(Keys::Bytes(values)) => {
            let (lengths, data) = values.into_parts();
            Arc::new(LargeBinaryArray::new(
                OffsetBuffer::from_lengths(lengths),
                data.into(),
                None,
            ))
        }
    }
}

/// The columns of a packed table, taken one after another.
#[derive(Debug)]
pub struct IpcReader(std::iter::Peekable<std::vec::IntoIter<(FieldRef, ArrayRef)>>);

impl IpcReader {
    /// The columns of a table.
    #[must_use]
    pub fn of(table: &RecordBatch) -> Self {
        let fields = table.schema_ref().fields().iter().cloned();
        let columns: Vec<_> = fields.zip(table.columns().iter().cloned()).collect();
        Self(columns.into_iter().peekable())
    }

    /// Counts above a base, where the next column holds such.
    pub fn above(&mut self) -> Option<(i64, Vec<u32>)> {
        let (field, array) = self.0.next_if(|(field, _)| field.metadata().contains_key(BASE))?;
        let base = field.metadata()[BASE].parse().ok()?;
        Some((base, vec(array.as_primitive_opt::<UInt32Type>()?.values())))
    }

    /// Counts, where the next column holds such.
    pub fn counts(&mut self) -> Option<Vec<i32>> {
        let (_, array) = self.0.next_if(|(_, array)| *array.data_type() == DataType::Int32)?;
        Some(vec(array.as_primitive_opt::<Int32Type>()?.values()))
    }

    /// Codes of one byte, where the next column holds such.
    pub fn byte_codes(&mut self) -> Option<Vec<u8>> {
        let (_, array) = self.0.next_if(|(_, array)| *array.data_type() == DataType::UInt8)?;
        Some(vec(array.as_primitive_opt::<UInt8Type>()?.values()))
    }

    fn next(&mut self, wanted: &DataType) -> Result<ArrayRef> {
        match self.0.next() {
            Some((_, array)) if array.data_type() == wanted => Ok(array),
            _ => Err(Error::Disk(
                "a file of rows does not hold what was written to it".into(),
            )),
        }
    }

    /// Instants.
    ///
    /// # Errors
    /// If the next column holds something else.
    pub fn times(&mut self) -> Result<Vec<i64>> {
        Ok(vec(self.next(&DataType::Int64)?.as_primitive::<Int64Type>().values()))
    }

    /// Numbers.
    ///
    /// # Errors
    /// If the next column holds something else.
    pub fn floats(&mut self) -> Result<Vec<f64>> {
        Ok(vec(self
            .next(&DataType::Float64)?
            .as_primitive::<Float64Type>()
            .values()))
    }

    /// Codes.
    ///
    /// # Errors
    /// If the next column holds something else.
    pub fn codes(&mut self) -> Result<Vec<u32>> {
        Ok(vec(self.next(&DataType::UInt32)?.as_primitive::<UInt32Type>().values()))
    }

    /// True and false.
    ///
    /// # Errors
    /// If the next column holds something else.
    pub fn bools(&mut self) -> Result<Vec<bool>> {
        Ok(self.next(&DataType::Boolean)?.as_boolean().values().iter().collect())
    }

    /// Amounts of the same kind as some others.
    ///
    /// # Errors
    /// If the next column holds something else.
    pub fn amounts(&mut self, kind: &Amounts) -> Result<Amounts> {
        Ok(match kind {
            Amounts::Float(_) => Amounts::Float(self.floats()?),
            Amounts::Exact(_) => Amounts::Exact(self.exact()?),
        })
    }

    /// Exact amounts.
    ///
    /// # Errors
    /// If the next column holds something else.
    pub fn exact(&mut self) -> Result<Vec<i128>> {
        let wanted = Decimal128Array::from(Vec::<i128>::new());
        let array = self.next(wanted.data_type())?;
        Ok(vec(array.as_primitive::<Decimal128Type>().values()))
    }

    /// Identities of the same kind as some others.
    ///
    /// # Errors
    /// If the next column holds something else.
    pub fn ids(&mut self, kind: &Keys) -> Result<Keys> {
        Ok(match kind {
            Keys::Bits(_) => Keys::Bits(vec(self.next(&DataType::UInt64)?.as_primitive::<UInt64Type>().values())),
            Keys::Bytes(_) => {
                let mut to = Bytes::default();
                to.append(&self.next(&DataType::LargeBinary)?);
                Keys::Bytes(to)
            }
        })
    }
}

fn vec<T: arrow::datatypes::ArrowNativeType>(values: &ScalarBuffer<T>) -> Vec<T> {
    values.to_vec()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_bit_for_bit() {
        let mut names = Bytes::default();
        for name in ["", "ab", "c"] {
            names.push(name.as_bytes());
        }
        let odd = vec![f64::from_bits(0x7FF8_0000_0000_1234), -0.0, 1.5];
        let (ids, amounts) = (Keys::Bytes(names), Amounts::Exact(vec![i128::MAX, i128::MIN, 3]));
        let columns = vec![
            IpcColumn::Times(vec![1, 2, i64::MIN]),
            IpcColumn::Floats(odd.clone()),
            IpcColumn::Bools(vec![true, false, true]),
            IpcColumn::Keys(ids.clone()),
            amounts.clone().into(),
            IpcColumn::Above(i64::MIN, vec![0, 7, u32::MAX]),
            IpcColumn::Counts(vec![i32::MIN, 0, 5]),
            IpcColumn::ByteCodes(vec![0, 1, 255]),
        ];
        let mut back = IpcReader::of(&to_ipc(columns).unwrap());
        assert_eq!(back.times().unwrap(), [1, 2, i64::MIN]);
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&back.floats().unwrap()), bits(&odd));
        assert_eq!(back.bools().unwrap(), [true, false, true]);
        // What asks whether a column is narrow leaves any other where it is.
        assert!(back.above().is_none() && back.counts().is_none() && back.byte_codes().is_none());
        assert_eq!(back.ids(&ids).unwrap(), ids);
        assert_eq!(back.amounts(&amounts).unwrap(), amounts);
        assert_eq!(back.above(), Some((i64::MIN, vec![0, 7, u32::MAX])));
        assert_eq!(back.counts(), Some(vec![i32::MIN, 0, 5]));
        assert_eq!(back.byte_codes(), Some(vec![0, 1, 255]));
        assert!(back.codes().is_err());
    }
}
