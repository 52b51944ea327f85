//! Rhythm: activity by hour and weekday, by the wall clock of the log's zone, and the peaks of the day.

use arrow::array::RecordBatch;

use crate::analysis::{
    Analysis, Context, Customer, Decoder, Encoder, Outcome, PartitionView, Range, State, state_of_fields,
};
use crate::columns::{Columns, Scalar};
use crate::error::Result;
use crate::log::View;
use crate::params::options;
use crate::stats::{CountVariance, Peak, overdispersion, peaks};
use crate::time::{Calendar, DAY, SECOND};

const HOURS: usize = 24;
const HOUR: i64 = 3600 * SECOND;
/// The level at which a peak is one.
const LEVEL: f64 = 0.01;
/// Clocks are changed by quarters of an hour, at the finest.
const QUARTER: i64 = HOUR / 4;

options! {
    /// What is asked for.
    pub struct RhythmOptions {
        /// The events that count; all where none is given.
        pub events: Option<Vec<Scalar>>,
    }
}

/// Activity by hour and weekday.
#[derive(Debug)]
pub struct Rhythm {
    event: usize,
    /// By event code: whether it counts.
    counted: Vec<bool>,
    /// Which instants count: from, and before.
    within: (i64, i64),
    /// The days that are looked at: the first, and how many.
    days: (i64, usize),
}

/// Events and customers by hour and weekday.
#[derive(Debug, Default)]
pub struct Activity {
    days: DayCounts,
    range: Range,
    customers: [u64; HOURS],
    weekday_customers: [u64; 7],
    /// Over the customers, the sums of the products of their events in each two hours, the earlier of them first.
    products: [[u64; HOURS]; HOURS],
}

/// Events by hour, of days that follow each other.
#[derive(Debug, Default)]
struct DayCounts {
    first: i64,
    hours: Vec<[u64; HOURS]>,
}

state_of_fields!(Activity {
    days,
    range,
    customers,
    weekday_customers,
    products
});

impl State for DayCounts {
    fn merge(&mut self, other: Self) -> Result<()> {
        for (day, hours) in (other.first..).zip(other.hours) {
            let to = self.day(day);
            to.iter_mut().zip(hours).for_each(|(all, some)| *all += some);
        }
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.i64(self.first);
        to.list(&self.hours, |to, hours| hours.encode(to));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self {
            first: from.i64()?,
            hours: from.list(State::decode)?,
        })
    }
}

impl DayCounts {
    /// The hours of a day; days before and behind those that there are become empty ones.
    fn day(&mut self, day: i64) -> &mut [u64; HOURS] {
        if self.hours.is_empty() {
            self.first = day;
        }
        let before = usize::try_from(self.first - day).unwrap_or(0);
        if before > 0 {
            self.hours.splice(0..0, std::iter::repeat_n([0; HOURS], before));
            self.first = day;
        }
        let at = usize::try_from(day - self.first).unwrap_or(0);
        if at >= self.hours.len() {
            self.hours.resize(at + 1, [0; HOURS]);
        }
        &mut self.hours[at]
    }
}

impl Analysis for Rhythm {
    const NAME: &'static str = "rhythm";
    const VERSION: u16 = 2;

    type Options = RhythmOptions;
    type State = Activity;
    type Rows = ();
    type Scratch<'a> = Calendar<'a>;
    type Output = Outcome;

    fn plan(options: RhythmOptions, view: &View) -> Result<Self> {
        let (within, facts) = (view.window.bounds(), view.facts());
        let mut calendar = Calendar::new(&facts.zone);
        let days = facts.range.map_or((0, 0), |(first, last)| {
            let first = calendar.day(first.max(within.0));
            let end = calendar.day(within.1.saturating_sub(1).min(last));
            (first, usize::try_from(end - first + 1).unwrap_or(0))
        });
        Ok(Self {
            event: view.event()?,
            counted: view.events_or_all(options.events.as_deref())?,
            within,
            days,
        })
    }

    fn start(&self) -> Activity {
        // All days that there can be, so that none is moved later.
        Activity {
            days: DayCounts {
                first: self.days.0,
                hours: vec![[0; HOURS]; self.days.1],
            },
            ..Activity::default()
        }
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Calendar<'a> {
        Calendar::new(&part.facts.zone)
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        calendar: &mut Calendar<'a>,
        state: &mut Activity,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let partition = customer.partition;
        let (mut hours, mut weekdays) = (0u32, 0u32);
        let mut own = [0u64; HOURS];
        for row in customer.rows() {
            let time = partition.time[row];
            let inside = self.within.0 <= time && time < self.within.1;
            if inside && self.counted[partition.labels[self.event][row] as usize] {
                let (day, hour) = place(calendar.local(time));
                state.days.day(day)[hour] += 1;
                own[hour] += 1;
                hours |= 1 << hour;
                weekdays |= 1 << weekday(day);
                state.range.add(time);
            }
        }
        (0..HOURS).for_each(|hour| state.customers[hour] += u64::from(hours >> hour & 1));
        let mut active = [0; HOURS];
        let mut count = 0;
        for hour in (0..HOURS).filter(|hour| own[*hour] > 0) {
            active[count] = hour;
            count += 1;
        }
        for (at, row) in active[..count].iter().enumerate() {
            for column in &active[at..count] {
                state.products[*row][*column] += own[*row] * own[*column];
            }
        }
        (0..7).for_each(|day| state.weekday_customers[day] += u64::from(weekdays >> day & 1));
        Ok(())
    }

    fn finish(&self, state: Activity, context: &Context<'_>) -> Result<Outcome> {
        let found = Found::new(state, &mut Calendar::new(&context.facts.zone));
        Ok(Outcome::table(found.hours()?)
            .and("weekdays", found.weekdays()?)
            .with("overdispersion", found.overdispersion))
    }
}

/// What the activity says.
struct Found {
    activity: Activity,
    /// Hours of each kind that passed between the first and the last event.
    seen: Vec<f64>,
    /// Pearson's χ² by the degrees of freedom (quasi-Poisson).
    overdispersion: f64,
    /// The hours at which a day has its peaks, the highest first.
    peaks: Vec<Peak>,
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

impl Found {
    /// A change of the clock takes an hour away, or gives one twice: what passed of each hour is counted by the clock.
    fn new(activity: Activity, calendar: &mut Calendar<'_>) -> Self {
        let mut found = Self {
            activity,
            seen: vec![0.0; HOURS],
            overdispersion: 0.0,
            peaks: Vec::new(),
        };
        let Some((first, last)) = found.activity.range.0 else {
            return found;
        };
        let mut at = first - first.rem_euclid(QUARTER);
        while at <= last {
            found.seen[place(calendar.local(at)).1] += 0.25;
            at += QUARTER;
        }
        #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
        let day = |hours: &[u64; HOURS]| hours.iter().map(|count| *count as f64).collect();
        let days: Vec<Vec<f64>> = found.activity.days.hours.iter().map(day).collect();
        found.overdispersion = overdispersion(&days);
        #[allow(clippy::cast_precision_loss)] // Sums of squares lie below 2⁵³ for all but the largest logs.
        let product = |a: usize, b: usize| found.activity.products[a.min(b)][a.max(b)] as f64;
        let varies = CountVariance {
            products: (0..HOURS)
                .map(|a| (0..HOURS).map(|b| product(a, b)).collect())
                .collect(),
            overdispersion: found.overdispersion,
        };
        found.peaks = peaks(&found.by_hour(), &found.seen, &varies, LEVEL);
        found
    }

    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn by_hour(&self) -> Vec<f64> {
        let days = || self.activity.days.hours.iter();
        (0..HOURS)
            .map(|hour| days().map(|day| day[hour]).sum::<u64>() as f64)
            .collect()
    }

    /// One row per hour.
    #[allow(clippy::cast_possible_truncation)] // Whole counts.
    fn hours(&self) -> Result<RecordBatch> {
        let counts = self.by_hour();
        let total: f64 = counts.iter().sum();
        let peak = |hour: usize| self.peaks.iter().find(|peak| peak.at == hour);
        let mut columns = Columns::default();
        columns.ints("hour", 0..24);
        columns.ints("events", counts.iter().map(|count| *count as i64));
        columns.ints(
            "customers",
            self.activity.customers.iter().map(|count| count.cast_signed()),
        );
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
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    fn weekdays(&self) -> Result<RecordBatch> {
        let (mut counts, mut days) = ([0.0; 7], [0; 7]);
        for (day, hours) in (self.activity.days.first..).zip(&self.activity.days.hours) {
            counts[weekday(day)] += hours.iter().sum::<u64>() as f64;
            days[weekday(day)] += 1;
        }
        let total: f64 = counts.iter().sum();
        let mut columns = Columns::default();
        columns.ints("weekday", 1..8);
        columns.ints("events", counts.iter().map(|count| *count as i64));
        columns.ints(
            "customers",
            self.activity.weekday_customers.iter().map(|count| count.cast_signed()),
        );
        columns.maybe_floats("share", counts.iter().map(|count| (total > 0.0).then(|| count / total)));
        let mean = |(count, days): (&f64, &i32)| (*days > 0).then(|| count / f64::from(*days));
        columns.maybe_floats("events_per_day", counts.iter().zip(&days).map(mean));
        columns.finish()
    }
}
