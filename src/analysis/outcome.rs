//! Outcome of an analysis of the registry: tables and single values, each under a name.

use std::borrow::Cow;

use arrow::array::RecordBatch;

use crate::params::Value;

/// Tables and values by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Tables.
    pub tables: Vec<(Cow<'static, str>, RecordBatch)>,
    /// Single values.
    pub values: Vec<(&'static str, Value)>,
}

impl Outcome {
    /// One table.
    #[must_use]
    pub fn table(table: RecordBatch) -> Self {
        Self::default().and("table", table)
    }

    /// One more table.
    #[must_use]
    pub fn and(mut self, name: impl Into<Cow<'static, str>>, table: RecordBatch) -> Self {
        self.tables.push((name.into(), table));
        self
    }

    /// One more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }
}
