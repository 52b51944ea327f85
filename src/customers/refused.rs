//! Parse errors of every column of a log, by role.

use crate::columns::Refusals;
use crate::error::Result;

use super::layout::Layout;

/// What could not be read, column by column.
#[derive(Debug, Clone, Default)]
pub(super) struct Refused {
    pub(super) customer: Refusals,
    pub(super) time: Refusals,
    pub(super) amount: Refusals,
    pub(super) ids: Vec<Refusals>,
    pub(super) labels: Vec<Refusals>,
    pub(super) numbers: Vec<Refusals>,
}

impl Refused {
    pub(super) fn new(layout: &Layout) -> Self {
        Self {
            ids: vec![Refusals::default(); layout.ids.len()],
            labels: vec![Refusals::default(); layout.labels.len()],
            numbers: vec![Refusals::default(); layout.numbers.len()],
            ..Self::default()
        }
    }

    /// Put those of later rows behind these.
    pub(super) fn merge(&mut self, later: Self) {
        self.customer.merge(later.customer);
        self.time.merge(later.time);
        self.amount.merge(later.amount);
        let ours = self.ids.iter_mut().chain(&mut self.labels).chain(&mut self.numbers);
        let theirs = later.ids.into_iter().chain(later.labels).chain(later.numbers);
        ours.zip(theirs).for_each(|(ours, theirs)| ours.merge(theirs));
    }

    /// Refuse the first column of which a value could not be read.
    pub(super) fn check(&self, layout: &Layout) -> Result<()> {
        layout.customer.1.check(&self.customer)?;
        layout.time.1.check(&self.time)?;
        if let Some((_, amount)) = &layout.amount {
            amount.check(&self.amount)?;
        }
        for ((_, id), refusals) in layout.ids.iter().zip(&self.ids) {
            id.check(refusals)?;
        }
        for ((_, label), refusals) in layout.labels.iter().zip(&self.labels) {
            label.check(refusals)?;
        }
        for ((_, number), refusals) in layout.numbers.iter().zip(&self.numbers) {
            number.check(refusals)?;
        }
        Ok(())
    }
}
