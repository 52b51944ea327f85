//! Retention: of those who began in a period, how many are there in a later one. Cells that cannot be known yet,
//! because the period is not over when the data end, are null.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, Groups, Outcome, PartitionView, state_of_fields};
use crate::columns::{Columns, Scalar};
use crate::error::Result;
use crate::log::{View, Window};
use crate::params::{options, words};
use crate::stats::wilson;
use crate::time::{Calendar, Period};

words! {
    /// When a customer counts as there.
    pub enum RetentionKind {
        /// With an event in that very period.
        Exact = "exact",
        /// With an event in that period or a later one.
        Rolling = "rolling",
    }
}

options! {
    /// What is asked for.
    pub struct RetentionOptions {
        /// The events that begin; all where none is given.
        pub first: Option<Vec<Scalar>>,
        /// The events that count as coming back; all where none is given.
        pub returning: Option<Vec<Scalar>>,
        /// The calendar periods.
        pub period: Period,
        /// When a customer counts as there.
        pub kind: RetentionKind,
    }
}

/// Retention by cohort and period.
#[derive(Debug)]
pub struct Retention {
    /// By event code: whether it begins.
    begins: Vec<bool>,
    /// By event code: whether it counts as coming back.
    returns: Vec<bool>,
    event: usize,
    period: Period,
    kind: RetentionKind,
    /// Cohorts that begin from here, and before here.
    starts: (i64, i64),
    window: Window,
}

/// Customers by cohort and age, and by cohort.
#[derive(Debug, Default)]
pub struct Cohorts {
    cells: Groups<u64>,
    sizes: Groups<u64>,
}

state_of_fields!(Cohorts { cells, sizes });

impl Analysis for Retention {
    const NAME: &'static str = "retention";

    type Options = RetentionOptions;
    type State = Cohorts;
    type Rows = ();
    type Scratch<'a> = (Calendar<'a>, Vec<i64>);
    type Output = Outcome;

    fn plan(options: RetentionOptions, view: &View) -> Result<Self> {
        Ok(Self {
            begins: view.events_or_all(options.first.as_deref())?,
            returns: view.events_or_all(options.returning.as_deref())?,
            event: view.event()?,
            period: options.period,
            kind: options.kind,
            starts: view.window.bounds(),
            window: view.window,
        })
    }

    fn start(&self) -> Cohorts {
        Cohorts::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Self::Scratch<'a> {
        (Calendar::new(&part.facts.zone), Vec::new())
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        (calendar, ages): &mut Self::Scratch<'a>,
        state: &mut Cohorts,
        _: Option<&mut ()>,
    ) -> Result<()> {
        if let Some(cohort) = self.cohort(customer, calendar, ages) {
            state.sizes.update(&[cohort], |size| *size += 1);
            for age in ages.drain(..) {
                state.cells.update(&[cohort, age], |customers| *customers += 1);
            }
        }
        Ok(())
    }

    fn finish(&self, state: Cohorts, context: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome::table(self.table(&state, context)?))
    }
}

impl Retention {
    /// The cohort of a customer, and the ages at which it is there.
    fn cohort(&self, customer: &Customer<'_>, calendar: &mut Calendar<'_>, ages: &mut Vec<i64>) -> Option<i64> {
        ages.clear();
        let partition = customer.partition;
        let code = |row: usize| partition.labels[self.event][row] as usize;
        let rows = || customer.rows().filter(|row| partition.time[*row] < self.starts.1);
        let start = partition.time[rows().find(|row| self.begins[code(*row)])?];
        if start < self.starts.0 {
            return None;
        }
        let cohort = self.period.index(calendar.day(start));
        // What happens at the instant of the first event comes after it, whatever the order of the rows.
        let later = rows().filter(|row| partition.time[*row] >= start && self.returns[code(*row)]);
        ages.extend(later.map(|row| self.period.index(calendar.day(partition.time[row])) - cohort));
        // In the order of time, so that equal ages stand together.
        ages.dedup();
        if self.kind == RetentionKind::Rolling {
            let latest = ages.last().copied().unwrap_or(-1);
            ages.clear();
            ages.extend(0..=latest);
        }
        Some(cohort)
    }

    /// One row per cohort and period after it (0 is its own): customers there, their share with the Wilson interval.
    #[allow(clippy::cast_precision_loss)] // Counts of customers lie far below 2⁵³.
    fn table(&self, state: &Cohorts, context: &Context<'_>) -> Result<RecordBatch> {
        let observed = context.facts.observed(self.window);
        let last = observed.map_or(0, |days| self.period.index(days.last));
        // A period is known when its last day was observed; of those who come back later, only what the data hold.
        let over = |index: i64| observed.is_some_and(|days| self.period.first_day(index + 1) - 1 <= days.last);
        let rows: Vec<(i64, i64, u64)> = state
            .sizes
            .iter()
            .flat_map(|(cohort, size)| (0..=last - cohort[0]).map(move |age| (cohort[0], age, *size)))
            .collect();
        let count = |&(cohort, age, _): &(i64, i64, u64)| {
            over(cohort + age).then(|| state.cells.get(&[cohort, age][..]).copied().unwrap_or(0))
        };
        let interval = |row: &(i64, i64, u64)| wilson(count(row)?, row.2);
        let mut columns = Columns::default();
        columns.dates("cohort", rows.iter().map(|row| self.period.first_day(row.0)));
        columns.ints("period", rows.iter().map(|row| row.1));
        columns.ints("size", rows.iter().map(|row| row.2.cast_signed()));
        columns.maybe_ints("customers", rows.iter().map(|row| Some(count(row)?.cast_signed())));
        columns.maybe_floats("rate", rows.iter().map(|row| Some(count(row)? as f64 / row.2 as f64)));
        columns.maybe_floats("low", rows.iter().map(|row| Some(interval(row)?.0)));
        columns.maybe_floats("high", rows.iter().map(|row| Some(interval(row)?.1)));
        columns.finish()
    }
}
