//! Sessions: sessionization by inactivity gap, or by a session column.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, Multiset, Outcome, PartitionView, state_of_fields};
use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{CustomerIndex, Population, SessionCursor, SessionRule, View};
use crate::params::options;
use crate::runtime::{self, Task};
use crate::stats::quantile_of_ints;
use crate::time::{Calendar, SECOND};

use super::daily::{Daily, Days};
use super::histogram::Histogram;

options! {
    /// What is asked for.
    pub struct SessionOptions {
        /// A longer pause begins another session; none where the role `session` names it, else 30 minutes.
        pub gap: Option<i64>,
    }
}

/// What a session is.
#[derive(Debug, Clone, Copy)]
pub struct Sessions {
    pub(super) rule: SessionRule,
    /// The category that names the event.
    pub(super) event: usize,
    /// Which sessions count, whole: those that begin from here, and before here.
    pub(super) starts: (i64, i64),
}

/// One session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    customer: CustomerIndex,
    /// The code of the session, where a category names it; its number, from 1, elsewhere.
    number: u32,
    /// Its first event.
    start: i64,
    /// Its last event.
    end: i64,
    /// How many events it has.
    events: u32,
    /// The code of the first event.
    entry: u32,
    /// The code of the last event.
    exit: u32,
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    calendar: Calendar<'a>,
    /// The days with an event of the customer at hand.
    active: Vec<i64>,
    days: Days,
}

/// Sessions summed up.
#[derive(Debug, Default)]
pub struct SessionSummary {
    /// How long each lasts, in microseconds.
    durations: Multiset,
    /// How many have so many events.
    by_events: Histogram,
    /// How many customers have so many sessions.
    by_sessions: Histogram,
    daily: Daily,
}

state_of_fields!(SessionSummary {
    durations,
    by_events,
    by_sessions,
    daily
});

impl Sessions {
    /// Call `found` with the rows of each session of a customer, in the order of their first events. Sessions are those of
    /// the whole log; the window says which of them count, and cuts none.
    pub(super) fn each(&self, customer: &Customer<'_>, mut found: impl FnMut(u32, &[usize])) {
        let partition = customer.partition;
        let starts = |row: usize| self.starts.0 <= partition.time[row] && partition.time[row] < self.starts.1;
        let rows: Vec<usize> = customer.rows().collect();
        if let SessionRule::Gap(gap) = self.rule {
            let near = |a: &usize, b: &usize| partition.time[*b] - partition.time[*a] <= gap;
            let runs = (1..).zip(rows.chunk_by(near));
            for (number, run) in runs.filter(|(_, run)| starts(run[0])) {
                found(number, run);
            }
            return;
        }
        let mut cursor = SessionCursor::new(self.rule, partition);
        let mut rows: Vec<(u32, usize)> = rows.into_iter().map(|row| (cursor.next(row), row)).collect();
        rows.retain(|(session, _)| *session != NONE);
        rows.sort_unstable();
        let mut runs: Vec<&[(u32, usize)]> = rows.chunk_by(|a, b| a.0 == b.0).collect();
        runs.sort_by_key(|run| run[0].1);
        let mut run_rows = Vec::new();
        for run in runs.into_iter().filter(|run| starts(run[0].1)) {
            run_rows.clear();
            run_rows.extend(run.iter().map(|(_, row)| *row));
            found(run[0].0, &run_rows);
        }
    }

    /// The times in the window at which a customer was in a session.
    fn active<'a>(&self, customer: &Customer<'a>) -> impl Iterator<Item = i64> + use<'a> {
        let (partition, (from, before)) = (customer.partition, self.starts);
        let named = match self.rule {
            SessionRule::Gap(_) => None,
            SessionRule::Named(named) | SessionRule::NamedGap(named, _) => Some(&partition.labels[named.0]),
        };
        let rows = customer
            .rows()
            .filter(move |row| named.is_none_or(|codes| codes[*row] != NONE));
        rows.map(|row| partition.time[row])
            .filter(move |time| (from..before).contains(time))
    }
}

impl Analysis for Sessions {
    const NAME: &'static str = "sessions";

    type Options = SessionOptions;
    type State = SessionSummary;
    /// By customer, in the order of time.
    type Rows = Vec<Session>;
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: SessionOptions, view: &View) -> Result<Self> {
        Ok(Self {
            rule: SessionRule::new(options.gap, view),
            event: view.event()?,
            starts: view.window.bounds(),
        })
    }

    fn start(&self) -> SessionSummary {
        SessionSummary::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Self::Scratch<'a> {
        let mut calendar = Calendar::new(&part.facts.zone);
        let first = part.partition.range().map_or(0, |(first, _)| calendar.day(first));
        Scratch {
            calendar,
            active: Vec::new(),
            days: Days::from(first),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        state: &mut SessionSummary,
        mut rows: Option<&mut Vec<Session>>,
    ) -> Result<()> {
        let Scratch { calendar, active, days } = scratch;
        if let Some(rows) = rows.as_mut().filter(|rows| rows.is_empty()) {
            // There are no more sessions than rows; what is not written is not touched.
            rows.reserve(customer.partition.time.len());
        }
        active.clear();
        let mut sessions = 0;
        self.each(customer, |number, events| {
            let session = self.session(customer, number, events);
            state.durations.add(session.end - session.start);
            state.by_events.add(session.events.into(), 1);
            sessions += 1;
            days.update(calendar.day(session.start), |day| {
                day.sessions += 1;
                day.time += i128::from(session.end - session.start);
            });
            if let Some(rows) = &mut rows {
                rows.push(session);
            }
        });
        if sessions > 0 {
            state.by_sessions.add(sessions, 1);
        }
        active.extend(self.active(customer).map(|time| calendar.day(time)));
        active.sort_unstable();
        active.dedup();
        for day in active {
            days.update(*day, |day| day.active += 1);
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut SessionSummary) {
        state.daily.add(scratch.days);
    }

    fn finish(&self, state: SessionSummary, _: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome::default()
            .and("daily", state.daily.table()?)
            .and("summary", state.table()?))
    }

    fn list(&self, rows: Vec<Vec<Session>>, context: &Context<'_>) -> Result<RecordBatch> {
        self.table(&rows, context)
    }
}

impl SessionSummary {
    /// One row: means, medians and rates of all sessions.
    #[allow(clippy::cast_precision_loss)] // Microseconds of all sessions lie below 2⁵³ for some 285 years of them.
    fn table(self) -> Result<RecordBatch> {
        let (sessions, customers) = (self.by_events.count(), self.by_sessions.count());
        let days: u64 = self.daily.active();
        let mut durations = self.durations.into_values();
        let time: i64 = durations.iter().sum();
        let ratio = |above: f64, below: u64| (below > 0).then(|| above / below as f64);
        let seconds = time as f64 / SECOND as f64;
        let middle = quantile_of_ints(&mut durations, SECOND, 0.5);
        let one = |value: u64| [value.cast_signed()];
        let mut columns = Columns::default();
        columns.ints("sessions", one(sessions));
        columns.ints("customers", one(customers));
        columns.ints("active_days", one(days));
        columns.maybe_floats("events_mean", [self.by_events.mean()]);
        columns.maybe_floats("events_median", [self.by_events.median()]);
        columns.maybe_floats("seconds_mean", [ratio(seconds, sessions)]);
        columns.maybe_floats("seconds_median", [middle]);
        columns.maybe_floats("visits_mean", [self.by_sessions.mean()]);
        columns.maybe_floats("visits_median", [self.by_sessions.median()]);
        let bounces = self.by_events.of(1);
        columns.maybe_floats("bounce_rate", [ratio(bounces as f64, sessions)]);
        columns.maybe_floats("visits_per_active_day", [ratio(sessions as f64, days)]);
        columns.maybe_floats("seconds_per_active_day", [ratio(seconds, days)]);
        columns.finish()
    }
}

/// Customers whose sessions are put in order by one task.
const CHUNK: usize = 1 << 14;

impl Sessions {
    fn session(&self, customer: &Customer<'_>, number: u32, rows: &[usize]) -> Session {
        let (time, last) = (&customer.partition.time, rows[rows.len() - 1]);
        let code = |row: usize| customer.partition.labels[self.event][row];
        Session {
            customer: customer.index,
            number,
            start: time[rows[0]],
            end: time[last],
            events: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            entry: code(rows[0]),
            exit: code(last),
        }
    }

    /// One row per session, in the order of the keys and of time.
    #[allow(clippy::cast_precision_loss)] // Microseconds lie far below 2⁵³.
    fn table(&self, rows: &[Vec<Session>], context: &Context<'_>) -> Result<RecordBatch> {
        let (facts, task) = (context.facts, context.task);
        let all = sorted_by_key(rows, context.population, task)?;
        let each = || all.iter();
        let seconds = |session: &Session| (session.end - session.start) as f64 / SECOND as f64;
        let label = |to: &mut Columns, label: usize, name: &str, code: &dyn Fn(&Session) -> u32| -> Result<()> {
            let (field, array) = facts.categories[label].restore(each().map(code))?;
            to.push((field.as_ref().clone().with_name(name).into(), array));
            Ok(())
        };
        // A column a task: most of what each takes is the first touch of new memory.
        let column = |at: usize, to: &mut Columns| -> Result<()> {
            match (at, self.rule.name()) {
                (0, _) => {
                    let customers: Vec<CustomerIndex> = each().map(|session| session.customer).collect();
                    to.push(context.population.keys(&customers)?);
                }
                (1, None) => to.ints("session", each().map(|session| i64::from(session.number))),
                (1, Some(named)) => label(to, named.0, "session", &|session| session.number)?,
                (2, _) => to.times("start", each().map(|session| session.start), &facts.zone),
                (3, _) => to.times("end", each().map(|session| session.end), &facts.zone),
                (4, _) => to.floats("seconds", each().map(seconds)),
                (5, _) => to.ints("events", each().map(|session| i64::from(session.events))),
                (6, _) => label(to, self.event, "entry", &|session| session.entry)?,
                (7, _) => label(to, self.event, "exit", &|session| session.exit)?,
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

/// The sessions in the order of the keys: side by side, so that each column reads them once from one end to the other.
fn sorted_by_key(rows: &[Vec<Session>], population: &Population, task: &Task) -> Result<Vec<Session>> {
    let order = population.sorted_by_key(task)?;
    let starts = runtime::map(rows.len(), task, |part| {
        Ok(population.starts(part, rows[part].iter().map(|session| session.customer.1)))
    })?;
    let of = |&(part, customer): &CustomerIndex| {
        let (part, customer) = (part as usize, customer as usize);
        &rows[part][starts[part][customer] as usize..starts[part][customer + 1] as usize]
    };
    let chunks: Vec<&[CustomerIndex]> = order.chunks(CHUNK).collect();
    let lengths = runtime::map(chunks.len(), task, |at| {
        Ok(chunks[at].iter().map(|customer| of(customer).len()).sum())
    })?;
    runtime::fill(&lengths, task, |at, to| {
        chunks[at]
            .iter()
            .for_each(|customer| to.extend(of(customer).iter().copied()));
        Ok(())
    })
}
