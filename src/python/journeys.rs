//! Carts that are left, visits, the ways through them, and who comes back.

use pyo3::prelude::*;

use super::errors::to_python;
use super::log::{Log, Value, texts};
use super::output::Table;
use super::runtime::run;
use crate::cohorts::{self, Kind, RetentionPlan};
use crate::columns::{Op, Scalar};
use crate::error::{Error, Result};
use crate::journeys::{self, AbandonmentPlan, PathPlan, RhythmPlan, SessionPlan};

/// One row per cart episode. `stages` holds the events of the cart, of what lies behind it, and of the purchase.
#[pyfunction]
#[pyo3(signature = (log, *, stages, names, window, recover_within, session, same, value, shown))]
#[allow(clippy::too_many_arguments)] // One per option of the contract.
pub(super) fn abandonment(
    py: Python<'_>,
    log: &Log,
    stages: Vec<Vec<Value>>,
    names: Vec<String>,
    window: i64,
    recover_within: i64,
    session: Option<&str>,
    same: Vec<String>,
    value: Option<&str>,
    shown: Vec<(String, String)>,
) -> PyResult<Table> {
    let plan = || -> Result<AbandonmentPlan> {
        let event = log.column("event", "event")?;
        let mut of_code = vec![None; log.rows.labels[event].len()];
        let purchase = stages.len() - 1;
        for (stage, events) in (0..).zip(stages) {
            for name in events {
                let found = log.rows.labels[event].compared(Op::Equal, &Scalar::from(name))?;
                let fits = of_code.iter_mut().zip(found).filter(|(_, found)| *found);
                fits.for_each(|(code, _)| *code = Some(stage));
            }
        }
        let mut same = columns(log, "same", &same)?;
        same.extend(session.map(|name| log.column("session", name)).transpose()?);
        let (mut labels, mut numbers) = (Vec::new(), Vec::new());
        for (source, name) in shown {
            match number(log, &source) {
                Ok(at) => numbers.push((name, at)),
                Err(_) => labels.push((name, log.by(&source)?)),
            }
        }
        Ok(AbandonmentPlan {
            stages: of_code,
            purchase: u32::try_from(purchase).unwrap_or(u32::MAX),
            window,
            recover: recover_within.max(window),
            event,
            same,
            value: value.map(|name| number(log, name)).transpose()?,
            labels,
            numbers,
            starts: (log.window.start.unwrap_or(i64::MIN), log.window.end.unwrap_or(i64::MAX)),
            until: log.window.end.unwrap_or(i64::MAX),
            end: log.rows.end(log.window).unwrap_or_default(),
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    Ok(run(py, |task| {
        let parts = journeys::abandonment(&log.rows, &plan, task)?;
        journeys::episode_table(&log.rows, &plan, &parts, &names, task)
    })?
    .into())
}

/// One row per session, and one per day.
#[pyfunction]
#[pyo3(signature = (log, *, gap))]
pub(super) fn sessions(py: Python<'_>, log: &Log, gap: Option<i64>) -> PyResult<(Table, Table)> {
    let plan = visits(log, gap).map_err(|error| to_python(py, &error))?;
    let (table, daily) = run(py, |task| {
        let found = journeys::sessions(&log.rows, &plan, task)?;
        Ok((found.table(&log.rows, task)?, found.daily.table()?))
    })?;
    Ok((table.into(), daily.into()))
}

/// The paths of sessions: transitions, sequences, and how many there are.
#[pyfunction]
#[pyo3(signature = (log, *, gap, start, end, depth, most))]
pub(super) fn paths(
    py: Python<'_>,
    log: &Log,
    gap: Option<i64>,
    start: Option<Vec<Value>>,
    end: Option<Vec<Value>>,
    depth: usize,
    most: usize,
) -> PyResult<(Table, Table, u64)> {
    let plan = || -> Result<PathPlan> {
        let (start, end) = (start.map(scalars), end.map(scalars));
        Ok(PathPlan {
            session: visits(log, gap)?,
            start: start.map(|events| named(log, &events)).transpose()?,
            end: end.map(|events| named(log, &events)).transpose()?,
            depth,
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    let (transitions, sequences, count) = run(py, |task| {
        let found = journeys::paths(&log.rows, &plan, task)?;
        let transitions = found.transitions(&log.rows, plan.session.event)?;
        Ok((transitions, found.sequences(&log.rows, &plan, most)?, found.paths))
    })?;
    Ok((transitions.into(), sequences.into(), count))
}

/// One row per hour, one per weekday, and how much more counts vary than Poisson's law has it.
#[pyfunction]
#[pyo3(signature = (log, *, events))]
pub(super) fn rhythm(py: Python<'_>, log: &Log, events: Option<Vec<Value>>) -> PyResult<(Table, Table, f64)> {
    let plan = || -> Result<RhythmPlan> {
        let event = log.column("event", "event")?;
        Ok(RhythmPlan {
            event,
            counted: match events {
                Some(events) => named(log, &scalars(events))?,
                None => vec![true; log.rows.labels[event].len()],
            },
            within: (log.window.start.unwrap_or(i64::MIN), log.window.end.unwrap_or(i64::MAX)),
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    let (hours, weekdays, overdispersion) = run(py, |task| {
        let found = journeys::rhythm(&log.rows, &plan, task)?;
        Ok((found.hours()?, found.weekdays()?, found.overdispersion))
    })?;
    Ok((hours.into(), weekdays.into(), overdispersion))
}

/// One row per cohort and period.
#[pyfunction]
#[pyo3(signature = (log, *, begins, returns, period, kind))]
pub(super) fn retention(
    py: Python<'_>,
    log: &Log,
    begins: Option<Vec<Value>>,
    returns: Option<Vec<Value>>,
    period: &str,
    kind: &str,
) -> PyResult<Table> {
    let plan = || -> Result<RetentionPlan> {
        let any = |events: Option<Vec<Value>>| match events {
            Some(events) => named(log, &scalars(events)),
            None => Ok(vec![true; log.rows.labels[log.column("event", "event")?].len()]),
        };
        Ok(RetentionPlan {
            begins: any(begins)?,
            returns: any(returns)?,
            event: log.column("event", "event")?,
            period: period.parse()?,
            kind: match kind {
                "exact" => Kind::Exact,
                "rolling" => Kind::Rolling,
                other => {
                    return Err(Error::Argument(format!(
                        "kind={other:?}: give \"exact\" or \"rolling\""
                    )));
                }
            },
            starts: (log.window.start.unwrap_or(i64::MIN), log.window.end.unwrap_or(i64::MAX)),
            until: log.window.end.unwrap_or(i64::MAX),
            end: log.rows.end(log.window).unwrap_or_default(),
        })
    };
    let plan = plan().map_err(|error| to_python(py, &error))?;
    Ok(run(py, |task| cohorts::retention(&log.rows, &plan, task))?.into())
}

/// What a visit is: a run of events without a longer gap, or what the role `session` names.
pub(super) fn visits(log: &Log, gap: Option<i64>) -> Result<SessionPlan> {
    Ok(SessionPlan {
        gap,
        label: match gap {
            Some(_) => None,
            None => Some(log.column("session", "session")?),
        },
        event: log.column("event", "event")?,
        within: (log.window.start.unwrap_or(i64::MIN), log.window.end.unwrap_or(i64::MAX)),
    })
}

pub(super) fn scalars(events: Vec<Value>) -> Vec<Scalar> {
    events.into_iter().map(Scalar::from).collect()
}

/// Which event codes have one of some names; at least one of them must occur.
pub(super) fn named(log: &Log, events: &[Scalar]) -> Result<Vec<bool>> {
    let label = &log.rows.labels[log.column("event", "event")?];
    let mut codes = vec![false; label.len()];
    for event in events {
        for (code, found) in codes.iter_mut().zip(label.compared(Op::Equal, event)?) {
            *code |= found;
        }
    }
    if codes.contains(&true) || label.is_empty() {
        return Ok(codes);
    }
    let names: Vec<String> = events.iter().map(ToString::to_string).collect();
    let known = texts(label)?;
    Err(Error::Argument(format!(
        "no event of the log is named {}; give one of {}",
        names.join(" or "),
        known[..known.len().min(20)].join(", ")
    )))
}

fn columns(log: &Log, argument: &str, names: &[String]) -> Result<Vec<usize>> {
    names.iter().map(|name| log.column(argument, name)).collect()
}

fn number(log: &Log, name: &str) -> Result<usize> {
    let numbers = &log.rows.roles.numbers;
    let is = |(role, column): &(String, String)| role == name || column == name;
    numbers.iter().position(is).ok_or_else(|| Error::MissingColumn {
        role: "value".into(),
        name: name.into(),
        found: numbers.iter().map(|(_, column)| column.clone()).collect(),
    })
}
