//! Which rows of a piece are left out, and why.

use super::intake::Reason;

/// The reason of each row that is left out. Nothing is kept while all rows are fine, as most pieces' are.
#[derive(Debug, Default)]
pub(super) struct Marks {
    rows: usize,
    reasons: Vec<Option<Reason>>,
}

impl Marks {
    /// That many more rows.
    pub(super) fn grow(&mut self, rows: usize) {
        self.rows += rows;
        if !self.reasons.is_empty() {
            self.reasons.resize(self.rows, None);
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Leave a row out, unless an earlier reason does.
    pub(super) fn mark(&mut self, row: usize, reason: Reason) {
        self.reasons.resize(self.rows, None);
        self.reasons[row].get_or_insert(reason);
    }

    /// Whether no row is left out.
    pub(super) fn clean(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Why a row is left out, if it is.
    pub(super) fn reason(&self, row: usize) -> Option<Reason> {
        self.reasons.get(row).copied().flatten()
    }
}
