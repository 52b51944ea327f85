//! Logs: grouped once, kept, and shared by every view of them.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3_arrow::input::AnyRecordBatch;

use super::customers::CustomerTable;
use super::errors::to_python;
use super::output::Table;
use super::quality::{event_quality, quality};
use super::runtime::run;
use super::time_point::Moment;
use crate::columns::{Scalar, Stream, TimeOptions};
use crate::error::{Error, Result};
use crate::ingest::{Memory, Options, read_log};
use crate::log;
use crate::log::{Attribute, Category, Moment as When, Nulls, Roles, Window};
use crate::orders::{self, Days, Refunds, check_refunds, summarize};

/// A view of a log: its rows, the period that counts, and what is known of its customers.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Log {
    pub(super) rows: Arc<log::Log>,
    pub(super) window: Window,
    pub(super) attributes: Vec<Arc<Attribute>>,
}

#[derive(FromPyObject)]
pub(super) enum Value {
    Int(i64),
    Text(String),
}

impl From<Value> for Scalar {
    fn from(value: Value) -> Self {
        match value {
            Value::Int(value) => Self::Int(value),
            Value::Text(value) => Self::Text(value),
        }
    }
}

#[pymethods]
impl Log {
    /// Read and group a source.
    #[new]
    #[pyo3(signature = (source, *, customer, time, amount, ids, labels, numbers, timezone, time_format, time_unit,
        nulls, cancelled, only, memory_limit, spill_folder))]
    #[allow(clippy::too_many_arguments)] // One per option of the contract.
    fn new(
        py: Python<'_>,
        source: AnyRecordBatch,
        customer: String,
        time: String,
        amount: Option<String>,
        ids: Vec<(String, String)>,
        labels: Vec<(String, String)>,
        numbers: Vec<(String, String)>,
        timezone: Option<String>,
        time_format: Option<String>,
        time_unit: Option<String>,
        nulls: &str,
        cancelled: Vec<Value>,
        only: Option<Vec<Value>>,
        memory_limit: Option<u64>,
        spill_folder: Option<PathBuf>,
    ) -> PyResult<Self> {
        let roles = Roles {
            customer,
            time,
            amount,
            ids,
            labels,
            numbers,
        };
        let cancelled = cancelled.into_iter().map(Scalar::from);
        let options = Options {
            times: TimeOptions {
                timezone,
                format: time_format,
                unit: time_unit,
            },
            nulls: policy(nulls).map_err(|error| to_python(py, &error))?,
            cancelled: cancelled.collect(),
            only: only.map(|events| events.into_iter().map(Scalar::from).collect()),
            partitions: None,
            group: None,
            memory: Memory {
                limit: memory_limit,
                folder: spill_folder,
            },
        };
        let mut reader = source.into_reader()?;
        let log = run(py, |task| {
            let mut stream = Stream::open(reader.as_mut(), &roles.all())?;
            let log = read_log(&mut stream, roles, &options, task)?;
            check_refunds(&log, task)?;
            Ok(log)
        })?;
        Ok(Self {
            rows: Arc::new(log),
            window: Window::default(),
            attributes: Vec::new(),
        })
    }

    /// The same rows, of which those from `start` to before `end` count.
    fn between(&self, start: Option<Moment>, end: Option<Moment>) -> PyResult<Self> {
        let instant = |moment: Option<Moment>| moment.map(|moment| moment.0.start(&self.rows.zone));
        let (start, end) = (instant(start), instant(end));
        let window = Window {
            start: start.max(self.window.start),
            end: [end, self.window.end].into_iter().flatten().min(),
        };
        if let (Some(start), Some(end)) = (window.start, window.end)
            && start >= end
        {
            return Err(PyValueError::new_err(
                "between(start, end): the period is empty; start must lie before end",
            ));
        }
        Ok(Self {
            rows: self.rows.clone(),
            window,
            attributes: self.attributes.clone(),
        })
    }

    /// The same rows, with what is known of their customers.
    fn attach(&self, py: Python<'_>, customers: &CustomerTable) -> PyResult<Self> {
        let more = run(py, |task| customers.table.attach(&self.rows, task))?;
        let mut attributes = self.attributes.clone();
        attributes.retain(|old| more.iter().all(|new| new.name != old.name));
        attributes.extend(more.into_iter().map(Arc::new));
        Ok(Self {
            rows: self.rows.clone(),
            window: self.window,
            attributes,
        })
    }

    /// Rows read, used and left out, with reasons.
    fn quality<'py>(&self, py: Python<'py>, refunds: &str) -> PyResult<Bound<'py, PyDict>> {
        let refunds = taken(refunds).map_err(|error| to_python(py, &error))?;
        let scope = self.scope(None, None).map_err(|error| to_python(py, &error))?;
        let summary = run(py, |task| summarize(&self.rows, scope, refunds, Days::Skip, task))?;
        quality(py, &self.rows, &summary, "period")
    }

    /// Rows read, used and left out of a log of events, with reasons.
    fn event_quality<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let window = self.window;
        let (customers, before, after) = run(py, |task| log::count_rows(&self.rows, window, task))?;
        event_quality(py, &self.rows, customers, before, after)
    }

    /// The purchases as a table of events.
    fn purchases(&self, py: Python<'_>, refunds: &str, event: &str) -> PyResult<Table> {
        let refunds = taken(refunds).map_err(|error| to_python(py, &error))?;
        let scope = self.scope(None, None).map_err(|error| to_python(py, &error))?;
        Ok(run(py, |task| orders::purchases(&self.rows, scope, refunds, event, task))?.into())
    }

    /// All rows as a table of events.
    fn rows(&self, py: Python<'_>) -> PyResult<Table> {
        if self.window != Window::default() {
            return Err(PyValueError::new_err(
                "logs are joined whole: call between() on what concat() gives",
            ));
        }
        Ok(run(py, |task| log::rows(&self.rows, task))?.into())
    }

    /// Rows that occur more than once.
    fn duplicates(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(run(py, |task| log::duplicates(&self.rows, task))?.into())
    }

    /// The values of a label, as text.
    fn values(&self, py: Python<'_>, role: &str) -> PyResult<Vec<String>> {
        let Some(at) = self.rows.roles.labels.iter().position(|(name, _)| name == role) else {
            return Ok(Vec::new());
        };
        texts(&self.rows.labels[at]).map_err(|error| to_python(py, &error))
    }

    /// Whether the rows are in a file, since memory had no room for them.
    #[getter]
    fn spilled(&self) -> bool {
        self.rows.spilled()
    }

    /// What the rows take in memory, in bytes.
    #[getter]
    fn row_bytes(&self) -> usize {
        self.rows.bytes()
    }

    /// The end of observation, in microseconds since 1970.
    #[getter]
    fn end(&self) -> Option<i64> {
        self.rows.end(self.window)
    }

    /// The zone of the calendar; None for wall clock of no stated zone.
    #[getter]
    fn zone(&self) -> Option<&str> {
        self.rows.zone.name()
    }

    /// The wall clock in the log's zone at an instant, both in microseconds.
    fn wall_clock(&self, instant: i64) -> i64 {
        self.rows.zone.local(instant)
    }
}

impl Log {
    /// The scope of an analysis.
    pub(super) fn scope(&self, as_of: Option<Moment>, lookback: Option<i64>) -> Result<log::Scope> {
        let as_of: Option<When> = as_of.map(|moment| moment.0);
        self.rows.scope(self.window, as_of, lookback)
    }
}

/// The values of a label, as text.
pub(super) fn texts(label: &Category) -> Result<Vec<String>> {
    let (_, values) = label.restore((0..).take(label.len()))?;
    let text = arrow::compute::cast(&values, &arrow::datatypes::DataType::Utf8)?;
    let text = arrow::array::AsArray::as_string::<i32>(&text);
    Ok(text.iter().flatten().map(String::from).collect())
}

fn policy(nulls: &str) -> Result<Nulls> {
    match nulls {
        "drop" => Ok(Nulls::Drop),
        "raise" => Ok(Nulls::Raise),
        other => Err(Error::Argument(format!("nulls={other:?}: give \"drop\" or \"raise\""))),
    }
}

/// What to do with refunds.
pub(super) fn taken(refunds: &str) -> Result<Refunds> {
    match refunds {
        "net" => Ok(Refunds::Net),
        "drop" => Ok(Refunds::Drop),
        other => Err(Error::Argument(format!(
            "refunds={other:?}: give \"net\", \"drop\" or \"raise\""
        ))),
    }
}
