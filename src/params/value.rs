//! One value that a caller typed.

use std::borrow::Cow;
use std::fmt;

/// So many characters of a value stand in a message.
const SHOWN: usize = 300;

/// One value that a caller typed.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond 64 bits, as it is written.
    Large(String),
    /// A number.
    Float(f64),
    /// Text.
    Text(String),
    /// Several values.
    List(Vec<Value>),
    /// What no option takes, as it is shown.
    Other(String),
}

/// Numbers are the same if their bits are: not-a-number, too, is what a caller typed.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Text(a), Self::Text(b)) | (Self::Large(a), Self::Large(b)) | (Self::Other(a), Self::Other(b)) => {
                a == b
            }
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
            Self::Text(value) => write!(f, "{:?}", echo(value)),
            Self::Large(shown) | Self::Other(shown) => f.write_str(&echo(shown)),
            Self::List(values) => {
                let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", echo(&texts.join(", ")))
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

/// A text as it stands in a message: what is long is cut.
#[must_use]
pub fn echo(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut() {
        let long = Value::Text("价".repeat(1000)).to_string();
        assert_eq!(long.chars().count(), SHOWN + 3);
        assert_eq!(Value::List(vec![Value::Int(1), Value::Null]).to_string(), "[1, None]");
        assert!(Value::List(vec![Value::Int(7); 1000]).to_string().chars().count() < SHOWN + 5);
    }
}
