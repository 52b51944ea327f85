//! One error for the whole core. A message speaks about the caller's table: what was given, what is accepted, what to
//! type instead.

use crate::params::echo;

/// What messages call the caller's table where it has no name.
pub const THE_TABLE: &str = "the table";

/// What can go wrong, as data; `Display` holds the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A column that was named is not in the table.
    #[error(
        "{role}={:?}: {table} has no such column{}; it has {}",
        echo(name),
        did_you_mean(name, found.iter().map(String::as_str)),
        listed(found)
    )]
    MissingColumn {
        /// The role that names the column.
        role: String,
        /// The name that was given.
        name: String,
        /// What the table is called.
        table: String,
        /// The names that the table has.
        found: Vec<String>,
    },
    /// A column holds a type that its role cannot use.
    #[error("{role}={name:?} holds {found}; {accepted}")]
    ColumnType {
        /// The role of the column.
        role: String,
        /// Its name.
        name: String,
        /// The Arrow type found.
        found: String,
        /// What is accepted, and what to type instead.
        accepted: String,
    },
    /// Values that cannot be used, and that no policy allows to leave out.
    #[error("{role}={name:?}: {count} {} {what}, the first in row {row}: {}; {help}", values(*count), echo(value))]
    BadValues {
        /// The role of the column.
        role: String,
        /// Its name.
        name: String,
        /// What is wrong with the values.
        what: String,
        /// The first bad row, from 0.
        row: u64,
        /// The value found there.
        value: String,
        /// How many there are.
        count: u64,
        /// What to type instead.
        help: String,
    },
    /// The data as a whole cannot be used.
    #[error("{0}")]
    Data(String),
    /// An argument cannot be used.
    #[error("{0}")]
    Argument(String),
    /// An argument is of a type that its option cannot have.
    #[error("{0}")]
    ArgumentType(String),
    /// The bytes of a state cannot be used.
    #[error("{0}")]
    State(String),
    /// The producer of the Arrow data failed.
    #[error("reading the data failed: {0}")]
    Producer(String),
    /// Arrow could not build or convert an array.
    #[error("{0}")]
    Arrow(String),
    /// There is no memory for what was asked.
    #[error("{0}")]
    Memory(String),
    /// No thread could be started.
    #[error("no thread could be started ({0}): the process or the system has reached its limit of threads")]
    Threads(String),
    /// What was thought impossible has happened: a fault of footfall.
    #[error("footfall failed inside ({0}); please report what you typed")]
    Internal(String),
    /// Files for what does not fit the memory could not be written or read.
    #[error("{0}")]
    Disk(String),
    /// A file of results could not be written.
    #[error("{0}")]
    Write(String),
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// The result of everything in the core.
pub type Result<T> = std::result::Result<T, Error>;

impl From<arrow::error::ArrowError> for Error {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::Arrow(error.to_string())
    }
}

impl Error {
    /// The failure of a producer. Python's stream interface hands over a traceback as one text: its last line says what
    /// happened, and a message is one line.
    #[must_use]
    pub fn producer(text: &str) -> Self {
        let told = match text.split_once("Traceback (most recent call last)") {
            Some((_, traceback)) => traceback.lines().rev().find(|line| !line.trim().is_empty()),
            None => text.lines().find(|line| !line.trim().is_empty()),
        };
        let told = told.unwrap_or(text).trim();
        // What our own reader of files refuses is told as it stands.
        match told.split_once("footfall._errors.DataError: ") {
            Some((_, words)) => Self::Data(words.to_string()),
            None => Self::Producer(told.to_string()),
        }
    }
}

fn values(count: u64) -> &'static str {
    if count == 1 { "value" } else { "values" }
}

/// The names that look most like the one given, ready to stand in a message.
pub(crate) fn did_you_mean<'a>(name: &str, found: impl Iterator<Item = &'a str>) -> String {
    let name = echo(name).to_lowercase();
    let mut near: Vec<(f64, &str)> = found
        .map(|other| (strsim::jaro_winkler(&name, &other.to_lowercase()), other))
        .filter(|(likeness, _)| *likeness > 0.7)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    match near.as_slice() {
        [] => String::new(),
        [(_, only)] => format!(" (did you mean {only:?}?)"),
        [(_, first), (_, second), ..] => format!(" (did you mean {first:?} or {second:?}?)"),
    }
}

/// Up to twenty names, quoted.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("{:?}", echo(name)))
        .collect();
    let rest = names.len().saturating_sub(SHOWN);
    match (shown.is_empty(), rest) {
        (true, _) => "no columns".into(),
        (false, 0) => shown.join(", "),
        (false, rest) => format!("{} and {rest} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_column_names_its_nearest() {
        let found = ["CustomerID", "InvoiceDate"].map(String::from).to_vec();
        let error = Error::MissingColumn {
            role: "customer".into(),
            name: "customer_id".into(),
            table: "the table".into(),
            found,
        };
        assert_eq!(
            error.to_string(),
            "customer=\"customer_id\": the table has no such column (did you mean \"CustomerID\"?); \
             it has \"CustomerID\", \"InvoiceDate\""
        );
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..25).map(|i| format!("c{i}")).collect();
        assert!(listed(&names).ends_with("\"c19\" and 5 more"));
        assert_eq!(listed(&[]), "no columns");
    }
}
