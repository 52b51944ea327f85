//! The hours and weekdays of events, by the wall clock of the log's zone.

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::Log;
use crate::runtime::{self, Task};
use crate::stats::{Peak, overdispersion, peaks};
use crate::time::{Calendar, DAY, SECOND};

const HOURS: usize = 24;
const HOUR: i64 = 3600 * SECOND;
/// The level at which a peak is one.
const LEVEL: f64 = 0.01;
/// Clocks are changed by quarters of an hour, at the finest.
const QUARTER: i64 = HOUR / 4;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RhythmPlan {
    /// The label that names the event.
    pub event: usize,
    /// Whether events of a code count.
    pub counted: Vec<bool>,
    /// Which events count: from, and before.
    pub within: (i64, i64),
}

/// Events and customers by hour and weekday.
#[derive(Debug, Clone, Default)]
pub struct Rhythm {
    /// By day since the first one: events of each hour.
    days: Vec<Vec<f64>>,
    first_day: i64,
    range: Option<(i64, i64)>,
    customers: [u64; HOURS],
    weekday_customers: [u64; 7],
    /// Hours of each kind that passed between the first and the last event.
    seen: Vec<f64>,
    /// How much more counts vary than Poisson's law has it.
    pub overdispersion: f64,
    /// The hours at which a day has its peaks, the highest first.
    pub peaks: Vec<Peak>,
}

/// Find the rhythm of a log.
///
/// # Errors
/// If the caller asked to stop.
pub fn rhythm(log: &Log, plan: &RhythmPlan, task: &Task) -> Result<Rhythm> {
    let Some((first, last)) = log.range() else {
        return Ok(Rhythm::default());
    };
    let first_day = Calendar::new(&log.zone).day(first.max(plan.within.0));
    let end = plan.within.1.saturating_sub(1).min(last);
    let count = usize::try_from(Calendar::new(&log.zone).day(end) - first_day + 1).unwrap_or(0);
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let mut calendar = Calendar::new(&log.zone);
        let mut to = Rhythm {
            days: vec![vec![0.0; HOURS]; count],
            ..Rhythm::default()
        };
        for customer in 0..partition.len() {
            let (mut hours, mut weekdays) = (0u32, 0u32);
            for row in partition.rows(customer) {
                let time = partition.time[row];
                let inside = plan.within.0 <= time && time < plan.within.1;
                if inside && plan.counted[partition.labels[plan.event][row] as usize] {
                    let (day, hour) = place(calendar.local(time));
                    to.days[usize::try_from(day - first_day).unwrap_or(0)][hour] += 1.0;
                    hours |= 1 << hour;
                    weekdays |= 1 << weekday(day);
                    let (from, until) = to.range.unwrap_or((time, time));
                    to.range = Some((from.min(time), until.max(time)));
                }
            }
            (0..HOURS).for_each(|hour| to.customers[hour] += u64::from(hours >> hour & 1));
            (0..7).for_each(|day| to.weekday_customers[day] += u64::from(weekdays >> day & 1));
        }
        Ok(to)
    })?;
    let mut all = Rhythm {
        days: vec![vec![0.0; HOURS]; count],
        first_day,
        ..Rhythm::default()
    };
    for part in parts {
        all.add(part);
    }
    all.finish(&mut Calendar::new(&log.zone));
    Ok(all)
}

/// The day and the hour of a wall clock.
fn place(local: i64) -> (i64, usize) {
    (
        local.div_euclid(DAY),
        usize::try_from(local.rem_euclid(DAY) / HOUR).unwrap_or(0),
    )
}

/// The weekday of a day since 1970-01-01, a Thursday: 0 is Monday.
fn weekday(day: i64) -> usize {
    usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)
}

impl Rhythm {
    fn add(&mut self, part: Self) {
        for (ours, theirs) in self.days.iter_mut().zip(part.days) {
            ours.iter_mut().zip(theirs).for_each(|(all, some)| *all += some);
        }
        self.customers
            .iter_mut()
            .zip(part.customers)
            .for_each(|(all, some)| *all += some);
        self.weekday_customers
            .iter_mut()
            .zip(part.weekday_customers)
            .for_each(|(all, some)| *all += some);
        self.range = match (self.range, part.range) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }

    /// A change of the clock takes an hour away, or gives one twice: what passed of each hour is counted by the clock.
    fn finish(&mut self, calendar: &mut Calendar<'_>) {
        self.seen = vec![0.0; HOURS];
        let Some((first, last)) = self.range else { return };
        let mut at = first - first.rem_euclid(QUARTER);
        while at <= last {
            self.seen[place(calendar.local(at)).1] += 0.25;
            at += QUARTER;
        }
        self.overdispersion = overdispersion(&self.days);
        self.peaks = peaks(&self.by_hour(), &self.seen, self.overdispersion, LEVEL);
    }

    fn by_hour(&self) -> Vec<f64> {
        (0..HOURS)
            .map(|hour| self.days.iter().map(|day| day[hour]).sum())
            .collect()
    }

    /// One row per hour.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_possible_truncation)] // Whole counts.
    pub fn hours(&self) -> Result<RecordBatch> {
        let counts = self.by_hour();
        let total: f64 = counts.iter().sum();
        let peak = |hour: usize| self.peaks.iter().find(|peak| peak.at == hour);
        let mut columns = Columns::default();
        columns.ints("hour", 0..24);
        columns.ints("events", counts.iter().map(|count| *count as i64));
        columns.ints("customers", self.customers.iter().map(|count| count.cast_signed()));
        columns.maybe_floats("share", counts.iter().map(|count| (total > 0.0).then(|| count / total)));
        let rate = |hour: usize| {
            self.seen
                .get(hour)
                .filter(|seen| **seen > 0.0)
                .map(|seen| counts[hour] / seen)
        };
        columns.maybe_floats("events_per_hour", (0..HOURS).map(rate));
        columns.bools("peak", (0..HOURS).map(|hour| peak(hour).is_some()));
        columns.maybe_floats("p_adjusted", (0..HOURS).map(|hour| peak(hour).map(|peak| peak.p)));
        columns.finish()
    }

    /// One row per weekday; 1 is Monday.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_possible_truncation)]
    pub fn weekdays(&self) -> Result<RecordBatch> {
        let (mut counts, mut days) = ([0.0; 7], [0; 7]);
        for (day, hours) in (self.first_day..).zip(&self.days) {
            counts[weekday(day)] += hours.iter().sum::<f64>();
            days[weekday(day)] += 1;
        }
        let total: f64 = counts.iter().sum();
        let mut columns = Columns::default();
        columns.ints("weekday", 1..8);
        columns.ints("events", counts.iter().map(|count| *count as i64));
        columns.ints(
            "customers",
            self.weekday_customers.iter().map(|count| count.cast_signed()),
        );
        columns.maybe_floats("share", counts.iter().map(|count| (total > 0.0).then(|| count / total)));
        let mean = |(count, days): (&f64, &i32)| (*days > 0).then(|| count / f64::from(*days));
        columns.maybe_floats("events_per_day", counts.iter().zip(&days).map(mean));
        columns.finish()
    }
}
