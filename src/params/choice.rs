//! Words: options with a few values, each by its word.

use super::read::unlike;
use super::value::{Value, echo};
use crate::error::{Error, Result, did_you_mean};

/// The error for a word that an option does not know: `"a": give "b" or "c"`.
pub(crate) fn unknown_word(word: &str, known: &[&str]) -> Error {
    let near = did_you_mean(word, known.iter().copied());
    Error::Argument(format!("{:?}: give {}{near}", echo(word), listed(known)))
}

/// Words, quoted: `"a", "b" or "c"`.
fn listed(known: &[&str]) -> String {
    let quoted: Vec<String> = known.iter().map(|word| format!("{word:?}")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

/// Refuse what is none of some words.
///
/// # Errors
/// If it is no text, or another.
pub fn check_word(option: &str, value: &Value, known: &[&str]) -> Result<()> {
    match value {
        Value::Text(text) if known.contains(&text.as_str()) => Ok(()),
        Value::Text(text) => match unknown_word(text, known) {
            Error::Argument(text) => Err(Error::Argument(format!("{option}={text}"))),
            other => Err(other),
        },
        other => unlike(option, other, &listed(known)),
    }
}

/// A word as its option's value.
pub(crate) fn word<T: std::str::FromStr<Err = Error>>(option: &str, value: &Value, known: &[&str]) -> Result<T> {
    check_word(option, value, known)?;
    <String as super::FromValue>::from_value(option, value)?.parse()
}
