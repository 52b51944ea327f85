//! Parse errors: the first value of a column that cannot be read, and how many there are.

use arrow::array::ArrayRef;
use arrow::util::display::array_value_to_string;

use crate::error::{Error, Result};

/// What could not be read in one column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParseErrors {
    first: Option<(u64, String)>,
    count: u64,
}

/// A value as it is shown in a message.
pub(crate) fn shown(array: &ArrayRef, row: usize) -> String {
    array_value_to_string(array, row).unwrap_or_else(|error| error.to_string())
}

impl ParseErrors {
    /// Note the value in row `row`.
    pub fn push(&mut self, row: u64, value: impl FnOnce() -> String) {
        if self.first.is_none() {
            self.first = Some((row, value()));
        }
        self.count += 1;
    }

    /// Put the errors of a later part of the column behind these.
    pub fn merge(&mut self, later: Self) {
        self.first = self.first.take().or(later.first);
        self.count += later.count;
    }

    /// Turn the errors, if any, into an error.
    ///
    /// # Errors
    /// [`Error::BadValues`] with the first of them.
    pub fn to_result(&self, role: &str, name: &str, what: &str, help: &str) -> Result<()> {
        let Some((row, value)) = &self.first else { return Ok(()) };
        Err(Error::BadValues {
            role: role.into(),
            name: name.into(),
            what: what.into(),
            row: *row,
            value: value.clone(),
            count: self.count,
            help: help.into(),
        })
    }
}
