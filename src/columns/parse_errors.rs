//! Parse errors: the first value of a column that cannot be read, and how many there are.

use arrow::array::ArrayRef;
use arrow::util::display::array_value_to_string;

use super::money_text::DecimalMark;
use crate::error::{Error, Result};

/// What could not be read in one column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParseErrors {
    first: Option<(u64, String)>,
    count: u64,
    /// The first text with a decimal point, and the first with a decimal comma.
    marks: [Option<String>; 2],
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
        for (ours, theirs) in self.marks.iter_mut().zip(later.marks) {
            *ours = ours.take().or(theirs);
        }
    }

    /// Note the decimal mark that a text shows.
    pub fn mark(&mut self, mark: DecimalMark, text: impl FnOnce() -> String) {
        let first = &mut self.marks[mark as usize];
        if first.is_none() {
            *first = Some(text());
        }
    }

    /// A text with a decimal point and one with a comma, where there are both.
    #[must_use]
    pub fn two_marks(&self) -> Option<String> {
        match &self.marks {
            [Some(point), Some(comma)] => Some(format!("{point:?}, {comma:?}")),
            _ => None,
        }
    }

    /// The first value, as it is shown.
    #[must_use]
    pub fn first_value(&self) -> Option<&str> {
        self.first.as_ref().map(|(_, value)| value.as_str())
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
