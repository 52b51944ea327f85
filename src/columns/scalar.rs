//! Scalars: one value that a caller names, and whole numbers as text writes them.

use crate::error::Result;
use crate::params::{FromValue, Value, echo, unlike, words};

words! {
    /// What names are told apart by.
    pub enum Names {
        /// The type that the source has given them.
        Typed = "typed",
        /// The text of a file; where all are whole numbers, these.
        Text = "text",
    }
}

/// One value that a caller names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A whole number.
    Int(i64),
    /// A string.
    Text(String),
}

impl Scalar {
    /// The value as the name of something; [`std::fmt::Display`] is for messages.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Int(value) => value.to_string(),
            Self::Text(value) => value.clone(),
        }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{:?}", echo(value)),
        }
    }
}

impl FromValue for Scalar {
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(Self::Text(text.clone())),
            Value::Int(number) => Ok(Self::Int(*number)),
            other => unlike(option, other, "text or a whole number"),
        }
    }
}

/// The whole number that a text writes as whole numbers write themselves: "815", not "0815", "+815" or "8e2".
#[must_use]
pub fn whole_number(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let first = digits.first()?;
    let padded = *first == b'0' && (digits.len() > 1 || digits.len() < text.len());
    if padded || digits.len() > 19 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits
        .iter()
        .fold(0i128, |number, digit| number * 10 + i128::from(digit - b'0'));
    i64::try_from(if digits.len() < text.len() { -number } else { number }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_number_writes_is_one() {
        for (text, number) in [
            ("0", Some(0)),
            ("815", Some(815)),
            ("-7", Some(-7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("0815", None),
            ("00", None),
            ("-0", None),
            ("+1", None),
            ("1.0", None),
            ("3E2", None),
            (" 1", None),
            ("", None),
            ("-", None),
            ("12345678901234567890", None),
        ] {
            assert_eq!(whole_number(text.as_bytes()), number, "{text:?}");
        }
    }
}
