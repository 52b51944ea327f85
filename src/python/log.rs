//! Logs: grouped once, kept, and shared by every view of them.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::customers::CustomerTable;
use super::foreign::ForeignTable;
use super::runtime::detach;
use super::table::Table;
use crate::analysis::Outcome;
use crate::columns::{Op, Scalar, TimeOptions};
use crate::ingest::{ReadOptions, read_log};
use crate::log::{self, TimePoint, View, Window};
use crate::orders::{self, Days, Refunds, Summary, SummaryPlan, check_refunds, summarize, summarize_guests};
use crate::params::{FromParams, Params};
use crate::runtime;

/// A view of a log: its rows, the period that counts, and what is known of its customers.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Log {
    pub(super) view: View,
}

#[pymethods]
impl Log {
    /// Read and group a source.
    #[new]
    fn new(py: Python<'_>, mut source: ForeignTable, params: Params) -> PyResult<Self> {
        let (roles, options, preparation) = ReadOptions::from_params(&params)?.split();
        let log = detach(py, |task| {
            let labels: Vec<&str> = roles.labels.iter().map(|(_, name)| name.as_str()).collect();
            let mut stream = source
                .stream(&roles.all())?
                .with_dictionaries(&labels)
                .prepared(preparation)?;
            let log = read_log(&mut stream, roles, &options, task)?;
            check_refunds(&log, task)?;
            runtime::give_back()?;
            Ok(log)
        })?;
        Ok(Self {
            view: View::new(Arc::new(log)),
        })
    }

    /// The same rows, of which those from `start` to before `end` count.
    fn between(&self, params: Params) -> PyResult<Self> {
        let instant = |point: Option<TimePoint>| point.map(|point| point.start(&self.view.facts().zone));
        let (start, end) = (instant(params.get("start")?), instant(params.get("end")?));
        let before = self.view.window;
        let window = Window {
            start: start.max(before.start),
            end: [end, before.end].into_iter().flatten().min(),
        };
        if let (Some(start), Some(end)) = (window.start, window.end)
            && start >= end
        {
            return Err(PyValueError::new_err(
                "between(start, end): the period is empty; start must lie before end",
            ));
        }
        Ok(Self {
            view: View {
                window,
                ..self.view.clone()
            },
        })
    }

    /// The same rows, with what is known of their customers.
    fn attach(&self, py: Python<'_>, customers: &CustomerTable) -> PyResult<Self> {
        let more = detach(py, |task| customers.table.attach(&self.view.log, task))?;
        let mut view = self.view.clone();
        view.attributes
            .retain(|old| more.iter().all(|new| new.name != old.name));
        view.attributes.extend(more.into_iter().map(Arc::new));
        Ok(Self { view })
    }

    /// The same rows, with the times at which customers registered.
    fn with_registrations(&self, py: Python<'_>, customers: &CustomerTable, params: Params) -> PyResult<Self> {
        let options = TimeOptions {
            timezone: params.get("timezone")?,
            format: params.get("time_format")?,
            unit: params.get("time_unit")?,
        };
        let registrations = detach(py, |task| customers.table.registrations(&self.view.log, options, task))?;
        let mut view = self.view.clone();
        view.registrations = Some(registrations);
        Ok(Self { view })
    }

    /// The same rows, with a column cut at edges under a name.
    fn with_bands(&self, name: String, column: &str, edges: Vec<f64>) -> PyResult<Self> {
        let view = self.view.with_bands(name, column, edges)?;
        Ok(Self { view })
    }

    /// Rows read, used and left out, with reasons.
    fn quality(&self, py: Python<'_>, params: Params) -> PyResult<Outcome> {
        let plan = SummaryPlan {
            scope: self.view.scope(None, None)?,
            refunds: params.get("refunds")?,
            days: Days::Skip,
        };
        let (log, facts) = (&self.view.log, self.view.facts());
        let (summary, guests) = detach(py, |task| {
            let summary = match facts.roles.customer {
                Some(_) => summarize(log, &plan, task)?,
                None => Summary::default(),
            };
            Ok((summary, summarize_guests(log, &plan)?))
        })?;
        Ok(orders::order_quality(facts, &summary, Some(&guests), "period"))
    }

    /// Rows read, used and left out of a log of events, with reasons.
    fn event_quality(&self, py: Python<'_>) -> PyResult<Outcome> {
        let window = self.view.window;
        let counts = detach(py, |task| log::count_events(&self.view.log, window, task))?;
        Ok(orders::event_quality(self.view.facts(), &counts))
    }

    /// The purchases as a table of events.
    fn purchases(&self, py: Python<'_>, params: Params) -> PyResult<Table> {
        let (refunds, event): (Refunds, String) = (params.get("refunds")?, params.get("event")?);
        Ok(detach(py, |task| orders::purchases(&self.view, refunds, &event, task))?.into())
    }

    /// Signs that the log was read otherwise than its owner means.
    fn smells(&self, py: Python<'_>) -> PyResult<Outcome> {
        detach(py, |task| orders::smells(&self.view.log, task))
    }

    /// All rows as a table of events.
    fn rows(&self, py: Python<'_>) -> PyResult<Table> {
        if self.view.window != Window::default() {
            return Err(PyValueError::new_err(
                "logs are joined whole: call between() on what concat() gives",
            ));
        }
        Ok(detach(py, |task| log::rows(&self.view.log, task))?.into())
    }

    /// Rows that occur more than once.
    fn duplicates(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(detach(py, |task| log::duplicates(&self.view.log, task))?.into())
    }

    /// The roles that name a kind of thing.
    #[getter]
    fn labels(&self) -> Vec<String> {
        let labels = &self.view.facts().roles.labels;
        labels.iter().map(|(role, _)| role.clone()).collect()
    }

    /// The values of a category, as text; none where the log has none of that role.
    fn values(&self, role: &str) -> PyResult<Vec<String>> {
        let facts = self.view.facts();
        let at = facts.roles.labels.iter().position(|(name, _)| name == role);
        Ok(at.map_or_else(|| Ok(Vec::new()), |at| facts.categories[at].texts())?)
    }

    /// The first and the last instant at which the log was watched, in microseconds since 1970.
    #[getter]
    fn range(&self) -> Option<(i64, i64)> {
        self.view.facts().range
    }

    /// The first instant of the period that counts, and the first after it.
    #[getter]
    fn window(&self) -> (Option<i64>, Option<i64>) {
        (self.view.window.start, self.view.window.end)
    }

    /// The roles that hold numbers.
    #[getter]
    fn numbers(&self) -> Vec<&str> {
        let numbers = &self.view.facts().roles.numbers;
        numbers.iter().map(|(role, _)| role.as_str()).collect()
    }

    /// Whether the log has money.
    #[getter]
    fn has_money(&self) -> bool {
        self.view.facts().roles.has_money()
    }

    /// Whether a role names the session of an event.
    #[getter]
    fn names_sessions(&self) -> bool {
        self.view.facts().index.session.is_some()
    }

    /// Which of some values of a category never occur, as text.
    fn unknown(&self, role: &str, params: Params) -> PyResult<Vec<String>> {
        let values: Vec<Scalar> = params.get("values")?;
        let category = &self.view.facts().categories[self.view.category(role, role)?];
        let mut unknown = Vec::new();
        for value in &values {
            if !category.compared(Op::Equal, value)?.contains(&true) {
                unknown.push(value.to_string());
            }
        }
        Ok(unknown)
    }

    /// Whether the rows are in a file, since memory had no room for them.
    #[getter]
    fn spilled(&self) -> bool {
        self.view.log.spilled()
    }

    /// What the rows take in memory, in bytes.
    #[getter]
    fn row_bytes(&self) -> usize {
        self.view.log.bytes()
    }

    /// The end of observation, in microseconds since 1970.
    #[getter]
    fn end(&self) -> Option<i64> {
        self.view.facts().end(self.view.window)
    }

    /// The zone of the calendar; None for naive local time.
    #[getter]
    fn zone(&self) -> Option<&str> {
        self.view.facts().zone.name()
    }

    /// The wall clock in the log's zone at an instant, both in microseconds.
    fn wall_clock(&self, instant: i64) -> i64 {
        self.view.facts().zone.local(instant)
    }
}
