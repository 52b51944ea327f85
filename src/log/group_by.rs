//! What an analysis is broken down by: a label of the events, or what is known of the customers.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;

use super::attributes::Attribute;
use super::category::Category;
use super::grouped::Log;
use super::partition::Partition;
use crate::columns::NONE;
use crate::error::Result;

/// Where a value to break an analysis down by comes from.
#[derive(Debug, Clone)]
pub enum GroupBy {
    /// A label of the log, by its place.
    Category(usize),
    /// What is known of the customer.
    Attribute(Arc<Attribute>),
}

impl GroupBy {
    /// The code of a row of a customer in the partition `at`.
    #[must_use]
    pub fn code(&self, partition: &Partition, at: usize, customer: usize, row: usize) -> u32 {
        match self {
            Self::Category(label) => partition.labels[*label][row],
            Self::Attribute(attribute) => attribute.codes[at][customer],
        }
    }

    /// The values by their codes.
    #[must_use]
    pub fn label<'a>(&'a self, log: &'a Log) -> &'a Category {
        match self {
            Self::Category(label) => &log.labels[*label],
            Self::Attribute(attribute) => &attribute.label,
        }
    }

    /// A column of the values of parts of groups, under a name.
    ///
    /// # Errors
    /// If Arrow cannot build the array.
    pub fn column(&self, log: &Log, name: &str, parts: impl Iterator<Item = i64>) -> Result<(FieldRef, ArrayRef)> {
        let (field, array) = self
            .label(log)
            .restore(parts.map(|part| u32::try_from(part).unwrap_or(NONE)))?;
        Ok((field.as_ref().clone().with_name(name).into(), array))
    }
}

/// A code as a part of a group: nulls come last.
#[must_use]
pub fn group_key(code: u32) -> i64 {
    if code == NONE { i64::MAX } else { i64::from(code) }
}
