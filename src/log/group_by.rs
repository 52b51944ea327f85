//! GROUP BY: what an analysis is broken down by, a category of the rows or an attribute of the customers.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;

use super::attributes::{Attribute, TableId};
use super::bands::Bands;
use super::category::Category;
use super::facts::Facts;
use super::partition::Partition;
use super::population::CustomerIndex;
use crate::columns::NONE;
use crate::error::Result;

/// Where a value to break an analysis down by comes from.
#[derive(Debug, Clone)]
pub enum GroupBy {
    /// A category of the log, by its place.
    Category(usize),
    /// An attribute of the customers.
    Attribute(Arc<Attribute>),
    /// Either, cut into bands.
    Bands(Arc<Bands>),
}

impl GroupBy {
    /// The code of a row of a customer.
    #[must_use]
    pub fn code(&self, partition: &Partition, customer: CustomerIndex, row: usize) -> u32 {
        match self {
            Self::Category(category) => partition.labels[*category][row],
            Self::Attribute(attribute) => attribute.code(customer),
            Self::Bands(bands) => bands.code(partition, customer, row),
        }
    }

    /// The code of each customer of a table of attributes, where it comes from that table.
    #[must_use]
    pub fn of_table(&self, table: TableId) -> Option<Vec<u32>> {
        match self {
            Self::Category(_) => None,
            Self::Attribute(attribute) => (attribute.table == table).then(|| attribute.all.to_vec()),
            Self::Bands(bands) => bands.of_table(table),
        }
    }

    /// Whether each row has its own value, and not each customer.
    #[must_use]
    pub fn is_of_rows(&self) -> bool {
        match self {
            Self::Category(_) => true,
            Self::Attribute(_) => false,
            Self::Bands(bands) => bands.is_of_rows(),
        }
    }

    /// The values by their codes.
    #[must_use]
    pub fn category<'a>(&'a self, facts: &'a Facts) -> &'a Category {
        match self {
            Self::Category(category) => &facts.categories[*category],
            Self::Attribute(attribute) => &attribute.label,
            Self::Bands(bands) => bands.category(),
        }
    }

    /// A column of the values of parts of groups, under a name.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn column(&self, facts: &Facts, name: &str, parts: impl Iterator<Item = i64>) -> Result<(FieldRef, ArrayRef)> {
        let (field, array) = self
            .category(facts)
            .restore(parts.map(|part| u32::try_from(part).unwrap_or(NONE)))?;
        Ok((field.as_ref().clone().with_name(name).into(), array))
    }
}

/// A code as a part of a group: nulls come last.
#[must_use]
pub fn group_key(code: u32) -> i64 {
    if code == NONE { i64::MAX } else { i64::from(code) }
}
