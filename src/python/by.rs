//! What an analysis is broken down by: a role, a column or an attribute, by its name.

use std::sync::Arc;

use super::log::Log;
use crate::error::{Error, Result};
use crate::log::{Attribute, GroupBy};

impl Log {
    /// A role, a column or an attribute.
    pub(super) fn by(&self, name: &str) -> Result<GroupBy> {
        let label = self.label(name);
        let is = |attribute: &&Arc<Attribute>| attribute.name == name || attribute.role == name;
        match (label, self.attributes.iter().find(is)) {
            (Some(_), Some(_)) => Err(Error::Argument(format!(
                "by={name:?} names a column of the log and an attribute of the customers; rename one of them"
            ))),
            (Some(label), None) => Ok(GroupBy::Category(label)),
            (None, Some(attribute)) => Ok(GroupBy::Attribute(attribute.clone())),
            (None, None) => Err(self.missing("by", name, self.attributes.iter().map(|known| known.name.clone()))),
        }
    }

    /// A label of the log, by its role or column.
    pub(super) fn column(&self, argument: &str, name: &str) -> Result<usize> {
        self.label(name).ok_or_else(|| self.missing(argument, name, []))
    }

    fn label(&self, name: &str) -> Option<usize> {
        let is = |(role, column): &(String, String)| role == name || column == name;
        self.rows.roles.labels.iter().position(is)
    }

    fn missing(&self, role: &str, name: &str, more: impl IntoIterator<Item = String>) -> Error {
        let found = self.rows.roles.labels.iter().map(|(_, column)| column.clone());
        Error::MissingColumn {
            role: role.into(),
            name: name.into(),
            found: found.chain(more).collect(),
        }
    }
}
