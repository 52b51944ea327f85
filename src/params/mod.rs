//! Parameters of analyses: what a caller typed, by name, and the structs of options that are read from them.
//!
//! Words are checked here, when options are read, and so before any combination of them is.

mod choice;
mod read;
mod value;

use std::collections::BTreeMap;

use crate::error::{Error, Result, did_you_mean};

pub use choice::check_word;
pub(crate) use choice::{unknown_word, word};
pub use read::FromValue;
pub(crate) use read::unlike;
pub use value::{Value, echo};

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
                "{name}= is no option here{}; the options are {}",
                did_you_mean(name, known.iter().copied()),
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
            /// The words of all.
            const WORDS: &'static [&'static str] = &[$($word),*];

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
                    other => Err(crate::params::unknown_word(other, Self::WORDS)),
                }
            }
        }

        impl crate::params::FromValue for $Name {
            fn from_value(option: &str, value: &crate::params::Value) -> crate::error::Result<Self> {
                crate::params::word(option, value, Self::WORDS)
            }
        }
    };
}

pub(crate) use {options, words};
