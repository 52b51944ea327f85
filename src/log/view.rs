//! A view of a log: the period that counts, and the attributes that are known of its customers. Names that a caller
//! types are resolved here.

use std::sync::Arc;

use crate::columns::{Op, Scalar};
use crate::error::{Error, Result, THE_TABLE};

use super::attributes::Attribute;
use super::bands::Bands;
use super::category::Category;
use super::facts::Facts;
use super::group_by::GroupBy;
use super::grouped::Log;
use super::registrations::Registrations;
use super::window::{Scope, TimePoint, Window};

/// A log as an analysis sees it; nothing is copied.
#[derive(Debug, Clone)]
pub struct View {
    /// The rows.
    pub log: Arc<Log>,
    /// The period that counts.
    pub window: Window,
    /// What is known of its customers.
    pub attributes: Vec<Arc<Attribute>>,
    /// Numbers cut into bands.
    pub bands: Vec<Arc<Bands>>,
    /// When its customers registered, where that was asked for.
    pub registrations: Option<Arc<Registrations>>,
}

impl View {
    /// All of a log.
    #[must_use]
    pub fn new(log: Arc<Log>) -> Self {
        Self {
            log,
            window: Window::default(),
            attributes: Vec::new(),
            bands: Vec::new(),
            registrations: None,
        }
    }

    /// What is known of the log beside its rows.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.log.facts
    }

    /// The scope of an analysis.
    ///
    /// # Errors
    /// If `as_of` lies beyond the window.
    pub fn scope(&self, as_of: Option<TimePoint>, lookback: Option<i64>) -> Result<Scope> {
        self.facts().scope(self.window, as_of, lookback)
    }

    /// A role, a column or an attribute.
    ///
    /// # Errors
    /// If there is none of that name, or two.
    pub fn group_by(&self, name: &str) -> Result<GroupBy> {
        self.group_by_of("by", name)
    }

    fn group_by_of(&self, argument: &str, name: &str) -> Result<GroupBy> {
        if let Some(bands) = self.bands.iter().find(|bands| bands.name == name) {
            return Ok(GroupBy::Bands(bands.clone()));
        }
        let is = |attribute: &&Arc<Attribute>| attribute.name == name || attribute.role == name;
        match (self.find_category(name), self.attributes.iter().find(is)) {
            (Some(_), Some(_)) => Err(Error::Argument(format!(
                "{argument}={name:?} names a column of the log and an attribute of the customers; rename one of them"
            ))),
            (Some(category), None) => Ok(GroupBy::Category(category)),
            (None, Some(attribute)) => Ok(GroupBy::Attribute(attribute.clone())),
            (None, None) => Err(self.missing(argument, name, self.attributes.iter().map(|known| known.name.clone()))),
        }
    }

    /// The same view, with a column cut at edges under a name.
    ///
    /// # Errors
    /// If there is no such column, it holds no numbers, or the edges do not rise.
    pub fn with_bands(&self, name: String, column: &str, edges: Vec<f64>) -> Result<Self> {
        let bands = if let Some(at) = self.find_number(column) {
            Bands::of_number(name, &self.facts().roles.numbers[at].1, at, edges)?
        } else {
            let by = self.group_by(column)?;
            let shown = by.category(self.facts()).kind().name().to_string();
            Bands::of_group(name, &shown, by, self.facts(), edges)?
        };
        let mut view = self.clone();
        view.bands.push(Arc::new(bands));
        Ok(view)
    }

    /// Two periods as instants (from, and before), the first over when the second begins; cut to the window.
    ///
    /// # Errors
    /// If they are no such periods.
    pub fn two_periods(
        &self,
        method: &str,
        before: (TimePoint, TimePoint),
        after: (TimePoint, TimePoint),
    ) -> Result<[(i64, i64); 2]> {
        let (zone, scope) = (&self.facts().zone, self.scope(None, None)?);
        let [before, after] = [before, after].map(|(from, to)| (from.start(zone), to.start(zone)));
        if before.0 >= before.1 || after.0 >= after.1 || before.1 > after.0 {
            return Err(Error::Argument(format!(
                "{method}(before, after): give two periods, each from a start to before a later end, the first over when \
                 the second begins, as in (\"2024-01-01\", \"2024-02-01\"), (\"2024-02-01\", \"2024-03-01\")"
            )));
        }
        Ok([before, after].map(|(from, to)| (from.max(scope.since), to.min(scope.until))))
    }

    /// The sources of `by=`, and the names that they have in the result.
    ///
    /// # Errors
    /// If there is none of a name, or two.
    pub fn group_bys(&self, given: Vec<(String, String)>) -> Result<(Vec<GroupBy>, Vec<String>)> {
        self.group_bys_of("by", given)
    }

    /// The same of another argument.
    ///
    /// # Errors
    /// If there is none of a name, or two.
    pub fn group_bys_of(&self, argument: &str, given: Vec<(String, String)>) -> Result<(Vec<GroupBy>, Vec<String>)> {
        let (sources, names): (Vec<String>, Vec<String>) = given.into_iter().unzip();
        let by = sources.iter().map(|name| self.group_by_of(argument, name));
        Ok((by.collect::<Result<_>>()?, names))
    }

    /// A category of the log, by its role or column.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn category(&self, argument: &str, name: &str) -> Result<usize> {
        self.find_category(name).ok_or_else(|| self.missing(argument, name, []))
    }

    /// Several categories of the log.
    ///
    /// # Errors
    /// If there is none of a name.
    pub fn categories(&self, argument: &str, names: &[String]) -> Result<Vec<usize>> {
        names.iter().map(|name| self.category(argument, name)).collect()
    }

    /// The category that names the event.
    ///
    /// # Errors
    /// If the log is none of events.
    pub fn event(&self) -> Result<usize> {
        self.category("event", "event")
    }

    /// A number of the log, by its role or column.
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn number(&self, name: &str) -> Result<usize> {
        let numbers = &self.facts().roles.numbers;
        self.find_number(name).ok_or_else(|| Error::MissingColumn {
            role: "value".into(),
            table: THE_TABLE.into(),
            name: name.into(),
            found: numbers.iter().map(|(_, column)| column.clone()).collect(),
        })
    }

    /// A number of the log, if there is one of that name.
    #[must_use]
    pub fn find_number(&self, name: &str) -> Option<usize> {
        let is = |(role, column): &(String, String)| role == name || column == name;
        self.facts().roles.numbers.iter().position(is)
    }

    /// Which event codes have one of some names; at least one of them must occur.
    ///
    /// # Errors
    /// If none occurs.
    pub fn events_named(&self, events: &[Scalar]) -> Result<Vec<bool>> {
        let category = &self.facts().categories[self.event()?];
        let codes = self.events_or_none(events)?;
        if codes.contains(&true) || category.is_empty() {
            return Ok(codes);
        }
        let names: Vec<String> = events.iter().map(ToString::to_string).collect();
        let known = category.texts()?;
        Err(Error::Argument(format!(
            "no event of the log is named {}; give one of {}",
            names.join(" or "),
            known[..known.len().min(20)].join(", ")
        )))
    }

    /// Which event codes have one of some names; none where no such event occurs.
    ///
    /// # Errors
    /// If the column cannot hold such a value.
    pub fn events_or_none(&self, events: &[Scalar]) -> Result<Vec<bool>> {
        let category = &self.facts().categories[self.event()?];
        let mut codes = vec![false; category.len()];
        for event in events {
            for (code, found) in codes.iter_mut().zip(category.compared(Op::Equal, event)?) {
                *code |= found;
            }
        }
        Ok(codes)
    }

    /// Which event codes have one of some names; all where none is given.
    ///
    /// # Errors
    /// If names are given and none occurs.
    pub fn events_or_all(&self, events: Option<&[Scalar]>) -> Result<Vec<bool>> {
        match events {
            Some(events) => self.events_named(events),
            None => Ok(vec![true; self.facts().categories[self.event()?].len()]),
        }
    }

    /// The dictionary of a source of groups.
    #[must_use]
    pub fn dictionary<'a>(&'a self, by: &'a GroupBy) -> &'a Category {
        by.category(self.facts())
    }

    /// A category of the log, if there is one of that role or column.
    #[must_use]
    pub fn find_category(&self, name: &str) -> Option<usize> {
        let is = |(role, column): &(String, String)| role == name || column == name;
        self.facts().roles.labels.iter().position(is)
    }

    fn missing(&self, role: &str, name: &str, more: impl IntoIterator<Item = String>) -> Error {
        let found = self.facts().roles.labels.iter().map(|(_, column)| column.clone());
        Error::MissingColumn {
            role: role.into(),
            table: THE_TABLE.into(),
            name: name.into(),
            found: found.chain(more).collect(),
        }
    }
}
