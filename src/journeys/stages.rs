//! Stages of customers on some dates (aware, interested, bought, loyal), and who moved from one to another.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, FoldGroups, Groups, Outcome, PartitionView};
use crate::columns::{Columns, NONE, Scalar};
use crate::error::{Error, Result};
use crate::log::{Facts, TimePoint, View};
use crate::params::options;
use crate::time::Calendar;

/// The words of the stages, in their order; a customer without one is nowhere.
const STAGES: [&str; 5] = ["none", "aware", "interested", "bought", "loyal"];
const NOWHERE: i64 = 0;
const AWARE: i64 = 1;
const INTERESTED: i64 = 2;
const BOUGHT: i64 = 3;
const LOYAL: i64 = 4;

options! {
    /// What is asked for.
    pub struct StageOptions {
        /// The dates, each to its end.
        pub dates: Vec<TimePoint>,
        /// Events that show interest.
        pub interested: Vec<Scalar>,
        /// Events that are purchases.
        pub bought: Vec<Scalar>,
        /// How long an event counts.
        pub contacts: i64,
        /// How long a purchase counts.
        pub purchases: i64,
        /// From how many purchases on a customer is loyal.
        pub loyal: u64,
    }
}

/// Stages of customers.
#[derive(Debug)]
pub struct Stages {
    /// The first instant after each date.
    ends: Vec<i64>,
    event: usize,
    interested: Vec<bool>,
    bought: Vec<bool>,
    contacts: i64,
    purchases: i64,
    loyal: u64,
}

/// What the folds of a partition use again.
#[derive(Debug, Default)]
pub struct Scratch(FoldGroups<u64>);

impl Analysis for Stages {
    const NAME: &'static str = "stages";

    type Options = StageOptions;
    /// Customers by the number of a date and the stage; by the number of a date, the stage then and the stage before too.
    type State = Groups<u64>;
    type Rows = ();
    type Scratch<'a> = Scratch;
    type Output = Outcome;

    fn plan(options: StageOptions, view: &View) -> Result<Self> {
        let zone = &view.facts().zone;
        let ends: Vec<i64> = options.dates.iter().map(|date| date.after(zone)).collect();
        if ends.is_empty() || ends.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Error::Argument(
                "dates=: give dates, each later than the one before, as in [\"2024-03-31\", \"2024-06-30\"]".into(),
            ));
        }
        Ok(Self {
            ends,
            event: view.event()?,
            interested: view.events_named(&options.interested)?,
            bought: view.events_or_none(&options.bought)?,
            contacts: options.contacts,
            purchases: options.purchases,
            loyal: options.loyal,
        })
    }

    fn start(&self) -> Groups<u64> {
        Groups::default()
    }

    fn scratch<'a>(&'a self, _: &PartitionView<'a>) -> Scratch {
        Scratch::default()
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch,
        _: &mut Groups<u64>,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let mut before = None;
        for (number, &end) in (0..).zip(&self.ends) {
            let stage = self.stage(customer, end);
            if stage != NOWHERE {
                *scratch.0.of(&[number, stage]) += 1;
            }
            if let Some(before) = before.filter(|before| (*before, stage) != (NOWHERE, NOWHERE)) {
                *scratch.0.of(&[number, stage, before]) += 1;
            }
            before = Some(stage);
        }
        Ok(())
    }

    fn end_partition(&self, scratch: Scratch, state: &mut Groups<u64>) {
        state.extend(scratch.0);
    }

    fn finish(&self, state: Groups<u64>, context: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome::table(self.counts(&state, context.facts)?).and("flow", self.flow(&state, context.facts)?))
    }
}

impl Stages {
    /// The furthest stage in which a customer is before an instant.
    fn stage(&self, customer: &Customer<'_>, end: i64) -> i64 {
        let partition = customer.partition;
        let (mut furthest, mut bought) = (NOWHERE, 0);
        for row in customer.rows() {
            let (time, code) = (partition.time[row], partition.labels[self.event][row]);
            if time >= end || code == NONE {
                continue;
            }
            let age = end.saturating_sub(time);
            if self.bought[code as usize] {
                bought += u64::from(age <= self.purchases);
            } else if age <= self.contacts {
                let stage = if self.interested[code as usize] {
                    INTERESTED
                } else {
                    AWARE
                };
                furthest = furthest.max(stage);
            }
        }
        match bought {
            0 => furthest,
            bought if bought >= self.loyal => LOYAL,
            _ => BOUGHT,
        }
    }

    /// The days of the dates.
    fn days(&self, facts: &Facts) -> Vec<i64> {
        let mut calendar = Calendar::new(&facts.zone);
        self.ends.iter().map(|end| calendar.day(end - 1)).collect()
    }

    /// One row per date and stage.
    fn counts(&self, state: &Groups<u64>, facts: &Facts) -> Result<RecordBatch> {
        let days = self.days(facts);
        let each = || {
            (0..)
                .zip(&days)
                .flat_map(|(number, day)| (AWARE..=LOYAL).map(move |stage| (number, *day, stage)))
        };
        let customers = |number: i64, stage: i64| state.get([number, stage].as_slice()).copied().unwrap_or_default();
        let all = |number: i64| (AWARE..=LOYAL).map(|stage| customers(number, stage)).sum::<u64>();
        let mut columns = Columns::default();
        columns.dates("date", each().map(|(_, day, _)| day));
        columns.texts("stage", each().map(|(.., stage)| word(stage)));
        columns.ints(
            "customers",
            each().map(|(number, _, stage)| customers(number, stage).cast_signed()),
        );
        columns.maybe_floats(
            "share",
            each().map(|(number, _, stage)| share(customers(number, stage), all(number))),
        );
        columns.finish()
    }

    /// One row per date but the first, stage before and stage: who moved.
    fn flow(&self, state: &Groups<u64>, facts: &Facts) -> Result<RecordBatch> {
        let days = self.days(facts);
        let day = |number: i64| {
            usize::try_from(number)
                .ok()
                .and_then(|at| days.get(at))
                .copied()
                .unwrap_or_default()
        };
        let mut rows: Vec<(i64, i64, i64, u64)> = state
            .iter()
            .filter(|(key, _)| key.len() == 3)
            .map(|(key, customers)| (key[0], key[2], key[1], *customers))
            .collect();
        rows.sort_unstable();
        let of = |number: i64, before: i64| {
            let same = rows.iter().filter(|row| (row.0, row.1) == (number, before));
            same.map(|row| row.3).sum::<u64>()
        };
        let mut columns = Columns::default();
        columns.dates("date", rows.iter().map(|row| day(row.0)));
        columns.texts("from", rows.iter().map(|row| word(row.1)));
        columns.texts("to", rows.iter().map(|row| word(row.2)));
        columns.ints("customers", rows.iter().map(|row| row.3.cast_signed()));
        columns.maybe_floats("share", rows.iter().map(|row| share(row.3, of(row.0, row.1))));
        columns.finish()
    }
}

fn word(stage: i64) -> Option<&'static str> {
    usize::try_from(stage).ok().and_then(|at| STAGES.get(at)).copied()
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn share(of: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}
