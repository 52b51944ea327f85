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
    /// The first time that shows a wall clock and the first with an offset, and how many there are of each.
    clocks: [(Option<(u64, String)>, u64); 2],
}

/// What a text of a time shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// A wall clock, of a zone that it does not name.
    Wall,
    /// An instant, by its offset.
    Offset,
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
        for (ours, theirs) in self.clocks.iter_mut().zip(later.clocks) {
            *ours = (ours.0.take().or(theirs.0), ours.1 + theirs.1);
        }
    }

    /// Note what the time in row `row` shows.
    pub fn clock(&mut self, clock: Clock, row: u64, text: impl FnOnce() -> String) {
        let (first, count) = &mut self.clocks[clock as usize];
        if first.is_none() {
            *first = Some((row, text()));
        }
        *count += 1;
    }

    /// Refuse times of which some state their offset and others do not: the fewer of the two.
    ///
    /// # Errors
    /// [`Error::BadValues`] with the first of them.
    pub fn one_clock(&self, role: &str, name: &str) -> Result<()> {
        let [(Some(wall), walls), (Some(offset), offsets)] = &self.clocks else {
            return Ok(());
        };
        let (first, count, what) = if walls <= offsets {
            (wall, *walls, "without an offset among others with one")
        } else {
            (offset, *offsets, "with an offset among others without one")
        };
        Err(Error::BadValues {
            role: role.into(),
            name: name.into(),
            what: what.into(),
            row: first.0,
            value: format!("{:?}", first.1),
            count,
            help: "say whose clock those without one show, as in timezone=\"Asia/Shanghai\", or write all times alike"
                .into(),
        })
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
