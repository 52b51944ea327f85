//! Encoder and decoder of states: little-endian numbers behind each other, lengths before lists, and values instead of
//! the codes of categories, so that any engine can ship it and any log can read it.

use std::collections::HashMap;

use crate::columns::{Bytes, Keys, NONE};
use crate::error::{Error, Result};
use crate::log::{Category, group_key};

use super::GroupKey;
use crate::params::{Params, Value};

/// The place of a null among the values of a dictionary.
const NULL: u32 = u32::MAX;

/// Writes a state.
#[derive(Debug)]
pub struct Encoder<'a> {
    bytes: Vec<u8>,
    categories: Vec<Option<&'a Category>>,
    /// By category: the codes met, in the order of their first use, and the place of each.
    used: Vec<(Vec<u32>, HashMap<u32, u32>)>,
}

/// Reads a state.
#[derive(Debug)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
    /// By category: the code of each value at hand; none where the position holds plain numbers.
    codes: Vec<Option<Vec<u32>>>,
}

macro_rules! numbers {
    ($($name:ident: $Type:ty,)*) => {
        impl Encoder<'_> {
            $(
                /// A number, little-endian.
                pub fn $name(&mut self, value: $Type) {
                    self.bytes.extend_from_slice(&value.to_le_bytes());
                }
            )*
        }

        impl Decoder<'_> {
            $(
                /// A number.
                ///
                /// # Errors
                /// If the bytes end before it.
                pub fn $name(&mut self) -> Result<$Type> {
                    let bytes = self.take(size_of::<$Type>())?;
                    Ok(<$Type>::from_le_bytes(bytes.try_into().map_err(|_| ended())?))
                }
            )*
        }
    };
}

numbers! {
    u8: u8,
    u16: u16,
    u32: u32,
    u64: u64,
    i64: i64,
    i128: i128,
    u128: u128,
    f64: f64,
}

fn ended() -> Error {
    Error::State("the state ends before all of it was read; compute it again".into())
}

impl<'a> Encoder<'a> {
    pub(super) fn new(categories: Vec<Option<&'a Category>>) -> Self {
        Self {
            bytes: Vec::new(),
            used: vec![(Vec::new(), HashMap::new()); categories.len()],
            categories,
        }
    }

    /// How many items follow.
    pub fn length(&mut self, length: usize) {
        self.u64(length as u64);
    }

    /// Text.
    pub fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A number that may be missing.
    pub fn opt_i64(&mut self, value: Option<i64>) {
        self.u8(u8::from(value.is_some()));
        self.i64(value.unwrap_or_default());
    }

    /// An amount, where there is one.
    pub fn opt_i128(&mut self, value: Option<i128>) {
        self.u8(u8::from(value.is_some()));
        self.i128(value.unwrap_or_default());
    }

    /// A list, each item by a function.
    pub fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.length(items.len());
        for item in items {
            each(self, item);
        }
    }

    /// A code of the category at a position, by its value.
    pub fn code(&mut self, position: usize, code: u32) {
        let (order, places) = &mut self.used[position];
        let place = if code == NONE {
            NULL
        } else {
            // A category has fewer than 2³² values.
            *places.entry(code).or_insert_with(|| {
                order.push(code);
                u32::try_from(order.len() - 1).unwrap_or(NULL)
            })
        };
        self.u32(place);
    }

    /// A group key: values for codes, numbers for the rest.
    pub fn group(&mut self, group: &[i64]) {
        self.length(group.len());
        for (position, &part) in group.iter().enumerate() {
            match self.categories.get(position) {
                Some(Some(_)) => self.code(position, u32::try_from(part).unwrap_or(NONE)),
                _ => self.i64(part),
            }
        }
    }

    /// Keys of customers.
    pub fn keys(&mut self, keys: &Keys) {
        match keys {
            Keys::Bits(bits) => {
                self.u8(0);
                self.list(bits, |to, bits| to.u64(*bits));
            }
            Keys::Bytes(bytes) => {
                self.u8(1);
                self.length(bytes.len());
                for at in 0..bytes.len() {
                    let value = bytes.get(at);
                    self.length(value.len());
                    self.bytes.extend_from_slice(value);
                }
            }
        }
    }

    /// Parameters.
    pub(super) fn params(&mut self, params: &Params) {
        self.length(params.0.len());
        for (name, value) in &params.0 {
            self.text(name);
            self.value(value);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.u8(0),
            Value::Bool(value) => {
                self.u8(1);
                self.u8(u8::from(*value));
            }
            Value::Int(value) => {
                self.u8(2);
                self.i64(*value);
            }
            Value::Float(value) => {
                self.u8(3);
                self.f64(*value);
            }
            // No plan is made of the last two.
            Value::Text(value) | Value::Large(value) | Value::Other(value) => {
                self.u8(4);
                self.text(value);
            }
            Value::List(values) => {
                self.u8(5);
                self.list(values, Self::value);
            }
        }
    }

    /// The values of the codes that were used, category by category, then what was written.
    pub(super) fn finish(self, to: &mut Encoder<'_>) {
        to.length(self.used.len());
        for ((order, _), category) in self.used.iter().zip(&self.categories) {
            match category {
                Some(category) => {
                    to.u8(1);
                    to.keys(&category.values_of(order));
                }
                None => to.u8(0),
            }
        }
        to.bytes.extend_from_slice(&self.bytes);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            codes: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        if length > self.bytes.len() {
            return Err(ended());
        }
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        Ok(taken)
    }

    /// How many items follow: no more than there are bytes, so that a wrong length costs no memory.
    ///
    /// # Errors
    /// If the bytes end before so many items.
    pub fn length(&mut self) -> Result<usize> {
        let length = usize::try_from(self.u64()?).map_err(|_| ended())?;
        if length > self.bytes.len() {
            Err(ended())
        } else {
            Ok(length)
        }
    }

    /// Text.
    ///
    /// # Errors
    /// If the bytes end before it, or are no text.
    pub fn text(&mut self) -> Result<String> {
        let length = self.length()?;
        let bytes = self.take(length)?.to_vec();
        String::from_utf8(bytes).map_err(|_| Error::State("the state holds bytes where text should be".into()))
    }

    /// A number that may be missing.
    ///
    /// # Errors
    /// If the bytes end before it.
    pub fn opt_i64(&mut self) -> Result<Option<i64>> {
        let known = self.u8()? == 1;
        let value = self.i64()?;
        Ok(known.then_some(value))
    }

    /// An amount, where there is one.
    ///
    /// # Errors
    /// If the bytes end before it.
    pub fn opt_i128(&mut self) -> Result<Option<i128>> {
        let known = self.u8()? == 1;
        let value = self.i128()?;
        Ok(known.then_some(value))
    }

    /// A list, each item by a function.
    ///
    /// # Errors
    /// If the bytes end before it.
    pub fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let length = self.length()?;
        (0..length).map(|_| each(self)).collect()
    }

    /// A code of the category at a position.
    ///
    /// # Errors
    /// If the state names a value that it does not hold.
    pub fn code(&mut self, position: usize) -> Result<u32> {
        match self.u32()? {
            NULL => Ok(NONE),
            place => {
                let codes = self.codes.get(position).and_then(Option::as_ref);
                let code = codes.and_then(|codes| codes.get(place as usize));
                code.copied()
                    .ok_or_else(|| Error::State("the state names a value that it does not hold".into()))
            }
        }
    }

    /// A group key.
    ///
    /// # Errors
    /// If the bytes end before it.
    pub fn group(&mut self) -> Result<GroupKey> {
        let length = self.length()?;
        let part = |from: &mut Self, position: usize| match from.codes.get(position) {
            Some(Some(_)) => Ok(group_key(from.code(position)?)),
            _ => from.i64(),
        };
        (0..length).map(|position| part(self, position)).collect()
    }

    /// Keys of customers.
    ///
    /// # Errors
    /// If the bytes end before them.
    pub fn keys(&mut self) -> Result<Keys> {
        if self.u8()? == 0 {
            return Ok(Keys::Bits(self.list(Self::u64)?));
        }
        let mut keys = Bytes::default();
        for _ in 0..self.length()? {
            let length = self.length()?;
            keys.push(self.take(length)?);
        }
        Ok(Keys::Bytes(keys))
    }

    pub(super) fn params(&mut self) -> Result<Params> {
        let length = self.length()?;
        let pairs = (0..length).map(|_| Ok((self.text()?, self.value()?)));
        Ok(Params(pairs.collect::<Result<_>>()?))
    }

    fn value(&mut self) -> Result<Value> {
        Ok(match self.u8()? {
            0 => Value::Null,
            1 => Value::Bool(self.u8()? == 1),
            2 => Value::Int(self.i64()?),
            3 => Value::Float(self.f64()?),
            4 => Value::Text(self.text()?),
            _ => Value::List(self.list(Self::value)?),
        })
    }

    /// Read the values of the codes, and find each in the dictionaries at hand.
    pub(super) fn dictionaries(&mut self, categories: &[Option<&Category>]) -> Result<()> {
        let count = self.length()?;
        if count != categories.len() {
            return Err(Error::State("the state is broken down by other columns".into()));
        }
        let mut codes = Vec::with_capacity(count);
        for category in categories {
            codes.push(match (self.u8()?, category) {
                (0, None) => None,
                (1, Some(category)) => Some(category.codes_of(&self.keys()?)?),
                _ => return Err(Error::State("the state is broken down by other columns".into())),
            });
        }
        self.codes = codes;
        Ok(())
    }

    /// Whether all of it was read.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}
