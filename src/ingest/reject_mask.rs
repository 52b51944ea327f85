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

    /// Leave out those of all rows for which a flag is up, unless an earlier reason does.
    pub(crate) fn reject_where(&mut self, out: &[bool], reason: RejectReason) {
        self.reasons.resize(self.rows, None);
        for (of, &out) in self.reasons.iter_mut().zip(out) {
            // Chosen and not branched to: which rows are left out follows no order.
            *of = if out & of.is_none() { Some(reason) } else { *of };
        }
    }

    /// The reason of each row; none at all while all rows are fine.
    pub(crate) fn reasons(&self) -> &[Option<RejectReason>] {
        &self.reasons
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
