//! Comparisons that a caller writes.

use std::cmp::Ordering;

use crate::error::{Error, Result};
use crate::params::{FromValue, Value};

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// Greater.
    More,
    /// Greater or equal.
    AtLeast,
    /// Equal.
    Equal,
    /// Not equal.
    Other,
}

impl std::str::FromStr for Op {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match text {
            "<" => Self::Less,
            "<=" => Self::AtMost,
            ">" => Self::More,
            ">=" => Self::AtLeast,
            "==" => Self::Equal,
            "!=" => Self::Other,
            other => {
                return Err(Error::Argument(format!(
                    "where= cannot compare by {other:?}: give one of <, <=, >, >=, ==, !="
                )));
            }
        })
    }
}

impl Op {
    /// Whether two values so ordered meet it.
    #[must_use]
    pub fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Equal => order.is_eq(),
            Self::Other => order.is_ne(),
        }
    }

    /// Whether two numbers meet it; what is no number meets nothing.
    #[must_use]
    pub fn holds(self, value: f64, other: f64) -> bool {
        value.partial_cmp(&other).is_some_and(|order| self.accepts(order))
    }
}

impl FromValue for Op {
    fn from_value(option: &str, value: &Value) -> Result<Self> {
        String::from_value(option, value)?.parse()
    }
}
