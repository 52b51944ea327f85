//! Visits: runs of a customer's events without a longer gap, or those of a session column.

use arrow::array::RecordBatch;

use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{CustomerIndex, Log, Partition};
use crate::runtime::{self, Task};
use crate::time::{Calendar, SECOND};

use super::daily::Daily;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct SessionPlan {
    /// A longer pause begins another session; `None` where a label names the session.
    pub gap: Option<i64>,
    /// The label that names the session.
    pub label: Option<usize>,
    /// The label that names the event.
    pub event: usize,
    /// Which events count: from, and before.
    pub within: (i64, i64),
}

/// One visit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Session {
    /// The partition of its customer.
    pub part: u32,
    /// Whose, by its customer in the partition.
    pub customer: u32,
    /// The code of the session, where a label names it; its number, from 1, elsewhere.
    pub number: u32,
    /// Its first and its last event.
    pub start: i64,
    /// Its last event.
    pub end: i64,
    /// How many events it has.
    pub events: u32,
    /// The codes of the first and the last event.
    pub entry: u32,
    /// The code of the last event.
    pub exit: u32,
}

/// The visits of a log.
#[derive(Debug)]
pub struct Sessions {
    /// By partition and customer, in the order of time.
    pub parts: Vec<Vec<Session>>,
    /// What each day saw.
    pub daily: Daily,
    plan: SessionPlan,
}

impl SessionPlan {
    /// Call `found` with the rows of each session of a customer, in the order of their first events.
    pub(super) fn each(&self, partition: &Partition, customer: usize, mut found: impl FnMut(u32, &[usize])) {
        let inside = |row: &usize| self.within.0 <= partition.time[*row] && partition.time[*row] < self.within.1;
        let rows: Vec<usize> = partition.rows(customer).filter(inside).collect();
        let Some(label) = self.label else {
            let gap = self.gap.unwrap_or(i64::MAX);
            let near = |a: &usize, b: &usize| partition.time[*b] - partition.time[*a] <= gap;
            let runs = rows.chunk_by(near);
            for (number, run) in (1..).zip(runs) {
                found(number, run);
            }
            return;
        };
        let code = |row: &usize| partition.labels[label][*row];
        let mut rows: Vec<usize> = rows.into_iter().filter(|row| code(row) != NONE).collect();
        rows.sort_by_key(|row| (code(row), *row));
        let mut runs: Vec<&[usize]> = rows.chunk_by(|a, b| code(a) == code(b)).collect();
        runs.sort_by_key(|run| run[0]);
        for run in runs {
            found(code(&run[0]), run);
        }
    }
}

/// Find the visits of a log.
///
/// # Errors
/// If the caller asked to stop.
pub fn sessions(log: &Log, plan: &SessionPlan, task: &Task) -> Result<Sessions> {
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let part = u32::try_from(at).unwrap_or(u32::MAX);
        let mut calendar = Calendar::new(&log.zone);
        let (mut found, mut daily, mut seen) = (Vec::new(), Daily::default(), Vec::new());
        for (number, customer) in (0..).zip(0..partition.len()) {
            seen.clear();
            plan.each(partition, customer, |session, rows| {
                let session = of(partition, plan, (part, number), session, rows);
                let day = daily.0.entry(calendar.day(session.start)).or_default();
                day.sessions += 1;
                day.time += i128::from(session.end - session.start);
                found.push(session);
                seen.extend(rows.iter().map(|row| calendar.day(partition.time[*row])));
            });
            seen.sort_unstable();
            seen.dedup();
            for day in &seen {
                daily.0.entry(*day).or_default().active += 1;
            }
        }
        Ok((found, daily))
    })?;
    let mut daily = Daily::default();
    for (_, more) in &parts {
        daily.merge(more);
    }
    Ok(Sessions {
        daily,
        parts: parts.into_iter().map(|(found, _)| found).collect(),
        plan: *plan,
    })
}

fn of(
    partition: &Partition,
    plan: &SessionPlan,
    (part, customer): CustomerIndex,
    number: u32,
    rows: &[usize],
) -> Session {
    let code = |row: usize| partition.labels[plan.event][row];
    Session {
        part,
        customer,
        number,
        start: partition.time[rows[0]],
        end: partition.time[rows[rows.len() - 1]],
        events: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        entry: code(rows[0]),
        exit: code(rows[rows.len() - 1]),
    }
}

/// Customers whose sessions are put in order by one task.
const CHUNK: usize = 1 << 14;

impl Sessions {
    /// The sessions in the order of the keys: side by side, so that each column reads them once from one end to the other.
    fn in_order(&self, log: &Log, task: &Task) -> Result<Vec<Session>> {
        let order = log.in_order(task)?;
        let parts = runtime::map(order.len().div_ceil(CHUNK), task, |chunk| {
            let mut to = Vec::new();
            for &(part, customer) in &order[chunk * CHUNK..order.len().min((chunk + 1) * CHUNK)] {
                let sessions = &self.parts[part as usize];
                let from = sessions.partition_point(|session| session.customer < customer);
                to.extend(
                    sessions[from..]
                        .iter()
                        .take_while(|session| session.customer == customer),
                );
            }
            Ok(to)
        })?;
        runtime::concat(parts)
    }

    /// One row per session, in the order of the keys and of time.
    ///
    /// # Errors
    /// If the caller asked to stop, or Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)] // Microseconds lie far below 2⁵³.
    pub fn table(&self, log: &Log, task: &Task) -> Result<RecordBatch> {
        let all = self.in_order(log, task)?;
        let each = || all.iter();
        let seconds = |session: &Session| (session.end - session.start) as f64 / SECOND as f64;
        let label = |to: &mut Columns, label: usize, name: &str, code: &dyn Fn(&Session) -> u32| -> Result<()> {
            let (field, array) = log.labels[label].restore(each().map(code))?;
            to.push((field.as_ref().clone().with_name(name).into(), array));
            Ok(())
        };
        // A column a task: most of what each takes is the first touch of new memory.
        let column = |at: usize, to: &mut Columns| -> Result<()> {
            match (at, self.plan.label) {
                (0, _) => {
                    let places: Vec<CustomerIndex> = each().map(|session| (session.part, session.customer)).collect();
                    to.push(log.keys(&places)?);
                }
                (1, None) => to.ints("session", each().map(|session| i64::from(session.number))),
                (1, Some(named)) => label(to, named, "session", &|session| session.number)?,
                (2, _) => to.times("start", each().map(|session| session.start), &log.zone),
                (3, _) => to.times("end", each().map(|session| session.end), &log.zone),
                (4, _) => to.floats("seconds", each().map(seconds)),
                (5, _) => to.ints("events", each().map(|session| i64::from(session.events))),
                (6, _) => label(to, self.plan.event, "entry", &|session| session.entry)?,
                (7, _) => label(to, self.plan.event, "exit", &|session| session.exit)?,
                _ => to.bools("bounce", each().map(|session| session.events == 1)),
            }
            Ok(())
        };
        let parts = runtime::map(9, task, |at| {
            let mut to = Columns::default();
            column(at, &mut to)?;
            Ok(to)
        })?;
        parts.into_iter().fold(Columns::default(), Columns::and).finish()
    }
}
