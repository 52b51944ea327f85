//! Per-row reject mask of a morsel: which rows are left out, and why.

use crate::log::RejectReason;

/// The reason of each row that is left out. Nothing is kept while all rows are fine, as most pieces' are.
#[derive(Debug, Default)]
pub(crate) struct RejectMask {
    rows: usize,
    reasons: Vec<Option<RejectReason>>,
}

impl RejectMask {
    /// That many more rows.
    pub(crate) fn grow(&mut self, rows: usize) {
        self.rows += rows;
        if !self.reasons.is_empty() {
            self.reasons.resize(self.rows, None);
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Leave a row out, unless an earlier reason does.
    pub(crate) fn reject(&mut self, row: usize, reason: RejectReason) {
        self.reasons.resize(self.rows, None);
        self.reasons[row].get_or_insert(reason);
    }

    /// Whether no row is left out.
    pub(crate) fn clean(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Why a row is left out, if it is.
    pub(crate) fn reason(&self, row: usize) -> Option<RejectReason> {
        self.reasons.get(row).copied().flatten()
    }
}
