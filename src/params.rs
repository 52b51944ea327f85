//! Parameters of analyses: what a caller typed, by name, and the structs of options that are read from them.
//!
//! Words are checked here, when options are read, and so before any combination of them is.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::{Error, Result};

/// One value that a caller typed.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(String),
    /// Several values.
    List(Vec<Value>),
}

/// Numbers are the same if their bits are: not-a-number, too, is what a caller typed.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            _ => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("None"),
            Self::Bool(value) => f.write_str(if *value { "True" } else { "False" }),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::List(values) => {
                let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", texts.join(", "))
            }
        }
    }
}

macro_rules! into_value {
    ($($Type:ty => $convert:expr,)*) => {$(
        impl From<$Type> for Value {
            fn from(value: $Type) -> Self {
                $convert(value)
            }
        }
    )*};
}

into_value! {
    bool => Self::Bool,
    i64 => Self::Int,
    f64 => Self::Float,
    String => Self::Text,
    &str => |text: &str| Self::Text(text.into()),
    u64 => |value: u64| i64::try_from(value).map_or(Self::Null, Self::Int),
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// What a caller typed, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params(pub BTreeMap<String, Value>);

impl Params {
    /// One more value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// A value by its name, as the type that its option has.
    ///
    /// # Errors
    /// If it is of another type, or a word that the option does not know.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T> {
        T::from_value(name, self.0.get(name).unwrap_or(&Value::Null))
    }

    /// Refuse names that are no option.
    ///
    /// # Errors
    /// If there is one.
    pub fn only(&self, known: &[&str]) -> Result<()> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(Error::Argument(format!(
                "{name}= is no option here; the options are {}",
                known.join(", ")
            ))),
        }
    }
}

/// Options that are read from parameters.
pub trait FromParams: Sized {
    /// Read every option.
    ///
    /// # Errors
    /// If a parameter is unknown, of another type, or a word that its option does not know.
    fn from_params(params: &Params) -> Result<Self>;
}

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
    Err(Error::ArgumentType(format!("{option}={value}: give {wanted}")))
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
                    Value::Int(number) => Self::try_from(*number).or_else(|_| unlike(option, value, "a smaller number, from 0")),
                    other => unlike(option, other, "a whole number"),
                }
            }
        }
    )*};
}

whole_numbers!(i64, u64, u8, usize);

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

/// A struct of options that is read from parameters by the names of its fields.
macro_rules! options {
    ($(#[$meta:meta])* pub struct $Name:ident { $($(#[$doc:meta])* pub $field:ident: $Type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $Name {
            $($(#[$doc])* pub $field: $Type,)*
        }

        impl crate::params::FromParams for $Name {
            fn from_params(params: &crate::params::Params) -> crate::error::Result<Self> {
                params.only(&[$(stringify!($field)),*])?;
                Ok(Self { $($field: params.get(stringify!($field))?,)* })
            }
        }
    };
}

/// An option with a few values, each by its word.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $Name:ident { $($(#[$doc:meta])* $Variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $Name {
            $($(#[$doc])* $Variant,)*
        }

        impl $Name {
            /// The word for it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$Variant => $word,)*
                }
            }
        }

        impl std::str::FromStr for $Name {
            type Err = crate::error::Error;

            fn from_str(word: &str) -> crate::error::Result<Self> {
                match word {
                    $($word => Ok(Self::$Variant),)*
                    other => Err(crate::params::unknown_word(other, &[$($word),*])),
                }
            }
        }

        impl crate::params::FromValue for $Name {
            fn from_value(option: &str, value: &crate::params::Value) -> crate::error::Result<Self> {
                crate::params::word(option, value)
            }
        }
    };
}

pub(crate) use {options, words};

/// The error for a word that an option does not know: `"a": give "b" or "c"`.
pub(crate) fn unknown_word(word: &str, known: &[&str]) -> Error {
    let quoted: Vec<String> = known.iter().map(|word| format!("{word:?}")).collect();
    let (last, others) = quoted
        .split_last()
        .map_or(("", &[][..]), |(last, others)| (last, others));
    let listed = if others.is_empty() {
        last.to_string()
    } else {
        format!("{} or {last}", others.join(", "))
    };
    Error::Argument(format!("{word:?}: give {listed}"))
}

/// A word as its option's value.
pub(crate) fn word<T: std::str::FromStr<Err = Error>>(option: &str, value: &Value) -> Result<T> {
    let text = String::from_value(option, value)?;
    text.parse().map_err(|error| match error {
        Error::Argument(text) => Error::Argument(format!("{option}={text}")),
        other => other,
    })
}
