//! Retention: of those who began in a period, how many are there in a later one. Cells that cannot be known yet, because
//! the period is not over when the data end, are null.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::{Log, Partition};
use crate::runtime::{self, Task};
use crate::stats::wilson;
use crate::time::{Calendar, Period};

/// When a customer counts as there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With an event in that very period.
    Exact,
    /// With an event in that period or a later one.
    Rolling,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RetentionPlan {
    /// Whether an event of a code begins, and whether it counts as coming back.
    pub begins: Vec<bool>,
    /// Whether an event of a code counts as coming back.
    pub returns: Vec<bool>,
    /// The label that names the event.
    pub event: usize,
    /// The calendar periods.
    pub period: Period,
    /// When a customer counts as there.
    pub kind: Kind,
    /// Cohorts that begin from here, and before here.
    pub starts: (i64, i64),
    /// Rows from here on are cut.
    pub until: i64,
    /// The end of observation.
    pub end: i64,
}

/// Customers by cohort and age, and by cohort.
type Cells = BTreeMap<(i64, i64), u64>;
type Sizes = BTreeMap<i64, u64>;

/// One row per cohort and period after it (0 is its own): customers there, their share with the Wilson interval.
///
/// # Errors
/// If the caller asked to stop, or Arrow cannot build the table.
#[allow(clippy::cast_precision_loss)] // Counts of customers lie far below 2⁵³.
pub fn retention(log: &Log, plan: &RetentionPlan, task: &Task) -> Result<RecordBatch> {
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let (mut cells, mut sizes) = (Cells::new(), Sizes::new());
        let mut calendar = Calendar::new(&log.zone);
        let mut seen = Vec::new();
        for customer in 0..partition.len() {
            let Some(cohort) = of_customer(partition, customer, plan, &mut calendar, &mut seen) else {
                continue;
            };
            *sizes.entry(cohort).or_default() += 1;
            for age in seen.drain(..) {
                *cells.entry((cohort, age)).or_default() += 1;
            }
        }
        Ok((cells, sizes))
    })?;
    let (mut cells, mut sizes) = (Cells::new(), Sizes::new());
    for (some, few) in parts {
        for (cell, count) in some {
            *cells.entry(cell).or_default() += count;
        }
        for (cohort, count) in few {
            *sizes.entry(cohort).or_default() += count;
        }
    }
    let mut calendar = Calendar::new(&log.zone);
    let last = plan.period.index(calendar.day(plan.end));
    // A period is known when it is over; of those who come back later, only what the data hold.
    let over = |index: i64| log.zone.start_of_day(plan.period.first_day(index + 1)) <= plan.end.saturating_add(1);
    let rows: Vec<(i64, i64)> = sizes
        .keys()
        .flat_map(|cohort| (0..=last - cohort).map(move |age| (*cohort, age)))
        .collect();
    let count =
        |(cohort, age): &(i64, i64)| over(cohort + age).then(|| cells.get(&(*cohort, *age)).copied().unwrap_or(0));
    let interval = |cell: &(i64, i64)| wilson(count(cell)?, sizes[&cell.0]);
    let mut columns = Columns::default();
    columns.dates("cohort", rows.iter().map(|cell| plan.period.first_day(cell.0)));
    columns.ints("period", rows.iter().map(|cell| cell.1));
    columns.ints("size", rows.iter().map(|cell| sizes[&cell.0].cast_signed()));
    columns.maybe_ints("customers", rows.iter().map(|cell| Some(count(cell)?.cast_signed())));
    columns.maybe_floats(
        "rate",
        rows.iter()
            .map(|cell| Some(count(cell)? as f64 / sizes[&cell.0] as f64)),
    );
    columns.maybe_floats("low", rows.iter().map(|cell| Some(interval(cell)?.0)));
    columns.maybe_floats("high", rows.iter().map(|cell| Some(interval(cell)?.1)));
    columns.finish()
}

/// The cohort of a customer, and the ages at which it is there.
fn of_customer(
    partition: &Partition,
    customer: usize,
    plan: &RetentionPlan,
    calendar: &mut Calendar<'_>,
    ages: &mut Vec<i64>,
) -> Option<i64> {
    ages.clear();
    let code = |row: usize| partition.labels[plan.event][row] as usize;
    let mut rows = partition.rows(customer).filter(|row| partition.time[*row] < plan.until);
    let first = rows.by_ref().find(|row| plan.begins[code(*row)])?;
    let start = partition.time[first];
    if !(plan.starts.0 <= start && start < plan.starts.1) {
        return None;
    }
    let cohort = plan.period.index(calendar.day(start));
    let later = std::iter::once(first)
        .chain(rows)
        .filter(|row| plan.returns[code(*row)]);
    ages.extend(later.map(|row| plan.period.index(calendar.day(partition.time[row])) - cohort));
    // In the order of time, so that equal ages stand together.
    ages.dedup();
    if plan.kind == Kind::Rolling {
        let latest = ages.last().copied().unwrap_or(-1);
        ages.clear();
        ages.extend(0..=latest);
    }
    Some(cohort)
}
