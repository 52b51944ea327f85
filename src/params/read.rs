//! What a caller typed, read as the types that options have.

use super::value::Value;
use crate::error::{Error, Result};

/// A type that an option can have.
pub trait FromValue: Sized {
    /// Read a value.
    ///
    /// # Errors
    /// If it is of another type, or a word that the option does not know.
    fn from_value(option: &str, value: &Value) -> Result<Self>;
}

/// The error for a value of another type.
pub(crate) fn unlike<T>(option: &str, value: &Value, wanted: &str) -> Result<T> {
    let text = format!("{option}={value}: give {wanted}");
    // A number that is too large is of the right type.
    Err(if matches!(value, Value::Large(_)) {
        Error::Argument(text)
    } else {
        Error::ArgumentType(text)
    })
}

impl FromValue for bool {
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        match value {
            Value::Bool(value) => Ok(*value),
            other => unlike(option, other, "True or False"),
        }
    }
}

macro_rules! whole_numbers {
    ($($Type:ty),*) => {$(
        impl FromValue for $Type {
            fn from_value(option: &str, value: &Value) -> Result<Self> {
                match value {
                    Value::Int(number) => Self::try_from(*number).or_else(|_| outside(option, value, Self::MIN, Self::MAX)),
                    Value::Large(_) => outside(option, value, Self::MIN, Self::MAX),
                    other => unlike(option, other, "a whole number"),
                }
            }
        }
    )*};
}

whole_numbers!(i64, u64, u8, usize);

/// The error for a whole number that an option cannot hold.
fn outside<T>(option: &str, value: &Value, least: impl std::fmt::Display, most: impl std::fmt::Display) -> Result<T> {
    Err(Error::Argument(format!(
        "{option}={value}: give a whole number from {least} to {most}"
    )))
}

impl FromValue for f64 {
    #[allow(clippy::cast_precision_loss)] // A number that a caller typed as a whole one is meant as a double.
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        match value {
            Value::Float(number) => Ok(*number),
            Value::Int(number) => Ok(*number as Self),
            other => unlike(option, other, "a number"),
        }
    }
}

impl FromValue for String {
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => unlike(option, other, "text"),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(option, value).map(Some).map_err(|error| match error {
                Error::Argument(text) => Error::Argument(format!("{text}, or None")),
                other => other,
            }),
        }
    }
}

fn items<'a>(option: &str, value: &'a Value) -> Result<&'a [Value]> {
    match value {
        Value::List(values) => Ok(values),
        Value::Null => Ok(&[]),
        Value::Text(_) | Value::Int(_) => unlike(option, value, &format!("a list, as in {option}=[{value}]")),
        other => unlike(option, other, "a list"),
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        items(option, value)?
            .iter()
            .map(|item| T::from_value(option, item))
            .collect()
    }
}

impl<T: FromValue, const N: usize> FromValue for [T; N] {
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        let all: Vec<T> = Vec::from_value(option, value)?;
        all.try_into()
            .or_else(|_| unlike(option, value, &format!("{N} values")))
    }
}

macro_rules! tuples {
    ($(($($T:ident $at:tt),*) $count:literal;)*) => {$(
        impl<$($T: FromValue),*> FromValue for ($($T,)*) {
            fn from_value(option: &str, value: &Value) -> Result<Self> {
                let all = items(option, value)?;
                if all.len() != $count {
                    return unlike(option, value, concat!($count, " values"));
                }
                Ok(($($T::from_value(option, &all[$at])?,)*))
            }
        }
    )*};
}

tuples! {
    (A 0, B 1) 2;
    (A 0, B 1, C 2) 3;
    (A 0, B 1, C 2, D 3) 4;
}
