//! The first order of a customer, and the line of it whose values stand for the customer.

use crate::analysis::{Customer, GroupKey};
use crate::log::{GroupBy, group_key};

use super::builder::{Order, OrderBuilder, OrderKind};

impl OrderBuilder<'_> {
    /// The row whose values count for a customer, of the orders formed last: the largest line of the first order that was
    /// bought (of the first order where nothing was), of lines of one size that of the smallest values.
    pub fn first_line(
        &self,
        customer: &Customer<'_>,
        by: &[GroupBy],
        bought: impl Fn(&Order) -> bool,
    ) -> Option<usize> {
        if !by.iter().any(GroupBy::is_of_rows) {
            return customer.rows().next();
        }
        let codes = |row: usize| {
            let code = move |by: &GroupBy| by.code(customer.partition, customer.index, row);
            by.iter().map(code)
        };
        let first = |order: &Order| (!bought(order), order.time);
        let earliest = self.formed().iter().map(first).min()?;
        let tied = self.formed().iter().filter(|order| first(order) == earliest);
        self.largest_line(tied.flat_map(|order| self.rows_of(order)), codes)
    }

    /// The parts of a key for the values that count for a customer: those of [`Self::first_line`] of what was bought.
    pub fn first_values(&self, customer: &Customer<'_>, by: &[GroupBy], key: &mut GroupKey) {
        let row = self.first_line(customer, by, |order| order.kind == OrderKind::Purchase);
        let part = |by: &GroupBy| {
            row.map_or(i64::MAX, |row| {
                group_key(by.code(customer.partition, customer.index, row))
            })
        };
        key.clear();
        key.extend(by.iter().map(part));
    }
}
