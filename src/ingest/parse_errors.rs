//! Parse errors of every column of a log, by role.

use crate::columns::ParseErrors;
use crate::error::Result;

use super::layout::{Layout, NumberType};

/// What could not be read, column by column.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogParseErrors {
    pub(crate) customer: ParseErrors,
    pub(crate) time: ParseErrors,
    pub(crate) amount: ParseErrors,
    pub(crate) ids: Vec<ParseErrors>,
    pub(crate) labels: Vec<ParseErrors>,
    pub(crate) numbers: Vec<ParseErrors>,
}

impl LogParseErrors {
    pub(crate) fn new(layout: &Layout) -> Self {
        Self {
            ids: vec![ParseErrors::default(); layout.ids.len()],
            labels: vec![ParseErrors::default(); layout.labels.len()],
            numbers: vec![ParseErrors::default(); layout.numbers.len()],
            ..Self::default()
        }
    }

    /// Put those of later rows behind these.
    pub(crate) fn merge(&mut self, later: Self) {
        self.customer.merge(later.customer);
        self.time.merge(later.time);
        self.amount.merge(later.amount);
        let ours = self.ids.iter_mut().chain(&mut self.labels).chain(&mut self.numbers);
        let theirs = later.ids.into_iter().chain(later.labels).chain(later.numbers);
        ours.zip(theirs).for_each(|(ours, theirs)| ours.merge(theirs));
    }

    /// Refuse the first column of which a value could not be read.
    pub(crate) fn check(&self, layout: &Layout) -> Result<()> {
        layout.customer.1.check(&self.customer)?;
        layout.time.1.check(&self.time)?;
        if let Some((_, amount)) = &layout.amount {
            amount.check(&self.amount)?;
        }
        for ((_, id), errors) in layout.ids.iter().zip(&self.ids) {
            id.check(errors)?;
        }
        for ((_, label), errors) in layout.labels.iter().zip(&self.labels) {
            label.check(errors)?;
        }
        for (number, errors) in layout.numbers.iter().zip(&self.numbers) {
            match number {
                NumberType::Number(_, number) => number.check(errors)?,
                NumberType::Moment(_, times) => times.check(errors)?,
                NumberType::Told => {}
            }
        }
        Ok(())
    }
}
