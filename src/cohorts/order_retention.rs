//! Retention of buyers: of those who first bought in a period, how many buy in a later one, how often, and what each of
//! them has brought so far. Cells that cannot be known yet are null.

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, Scope, View, Window};
use crate::orders::{OrderBuilder, OrderKind, Refunds};
use crate::params::options;
use crate::time::{Calendar, Period};

use super::order_table::table;
use super::retention::RetentionKind;

options! {
    /// What is asked for.
    pub struct OrderRetentionOptions {
        /// The calendar periods of cohorts.
        pub period: Period,
        /// When a customer counts as there.
        pub kind: RetentionKind,
        /// What cohorts are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// Days after the first order, from and to, in place of calendar periods.
        pub intervals: Vec<(i64, i64)>,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Retention of buyers by cohort and age.
#[derive(Debug)]
pub struct OrderRetention {
    scope: Scope,
    pub(super) window: Window,
    refunds: Refunds,
    pub(super) period: Period,
    kind: RetentionKind,
    pub(super) by: Vec<GroupBy>,
    pub(super) intervals: Vec<(i64, i64)>,
}

/// What the customers of a cohort did at an age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CohortCell {
    pub(super) customers: u64,
    pub(super) orders: u64,
    pub(super) money: i128,
}

state_of_fields!(CohortCell {
    customers,
    orders,
    money
});

/// Cohorts by values and period, and their cells by age too.
#[derive(Debug, Default)]
pub struct BuyerCohorts {
    pub(super) cells: Groups<CohortCell>,
    pub(super) sizes: Groups<u64>,
}

state_of_fields!(BuyerCohorts { cells, sizes });

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    key: GroupKey,
    cohorts: FoldGroups<Cohort>,
}

/// A cohort of a partition: its size, and its ages.
#[derive(Debug, Default)]
struct Cohort {
    size: u64,
    ages: Vec<Age>,
}

/// What the customers of a cohort did at an age, and the customer that was counted last, from 1.
#[derive(Debug, Clone, Copy, Default)]
struct Age {
    cell: CohortCell,
    counted: u64,
}

impl Analysis for OrderRetention {
    const NAME: &'static str = "order_retention";

    type Options = OrderRetentionOptions;
    type State = BuyerCohorts;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: OrderRetentionOptions, view: &View) -> Result<Self> {
        if options.kind == RetentionKind::Rolling && !options.intervals.is_empty() {
            return Err(Error::Argument(
                "kind=\"rolling\" is for calendar periods: leave it out with periods=".into(),
            ));
        }
        if let Some((from, to)) = options.intervals.iter().find(|(from, to)| *from < 1 || from > to) {
            return Err(Error::Argument(format!(
                "periods=[({from}, {to})]: give first and last day after the first order, as in [(1, 30), (31, 90)]"
            )));
        }
        let (by, _) = view.group_bys(options.by)?;
        Ok(Self {
            scope: view.scope(None, None)?,
            window: view.window,
            refunds: options.refunds,
            period: options.period,
            kind: options.kind,
            by,
            intervals: options.intervals,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        self.by.iter().map(|by| Some(by.category(facts))).collect()
    }

    fn start(&self) -> BuyerCohorts {
        BuyerCohorts::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            calendar: Calendar::new(&part.facts.zone),
            key: GroupKey::new(),
            cohorts: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut BuyerCohorts,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let purchases = scratch.builder.orders(customer.at())?.iter();
        let bought = purchases.filter(|order| order.kind == OrderKind::Purchase);
        let Some(first) = bought
            .map(|order| order.time)
            .min()
            .filter(|first| *first >= self.scope.since)
        else {
            return Ok(());
        };
        scratch.builder.first_values(customer, &self.by, &mut scratch.key);
        self.add(first, scratch);
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut BuyerCohorts) {
        for (mut key, cohort) in scratch.cohorts {
            let width = key.len();
            for (age, found) in (0..)
                .zip(cohort.ages)
                .filter(|(_, age)| age.cell != CohortCell::default())
            {
                key.truncate(width);
                key.push(age);
                state.cells.insert(key.clone(), found.cell);
            }
            key.truncate(width);
            state.sizes.insert(key, cohort.size);
        }
    }

    fn finish(&self, state: BuyerCohorts, context: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome::table(table(self, &state, context.facts)?))
    }
}

impl OrderRetention {
    /// Add the customer whose orders were formed, and who first bought at an instant; its values stand in the key.
    fn add(&self, first: i64, scratch: &mut Scratch<'_>) {
        let Scratch {
            builder,
            calendar,
            key,
            cohorts,
        } = scratch;
        let begun = calendar.day(first);
        let index = self.period.index(begun);
        key.push(index);
        let cohort = cohorts.of(key);
        cohort.size += 1;
        let mut latest = None;
        for order in builder.formed() {
            let day = calendar.day(order.time);
            let bought = order.kind == OrderKind::Purchase;
            self.ages(index, begun, day, |age| {
                let at = usize::try_from(age).unwrap_or_default();
                if cohort.ages.len() <= at {
                    cohort.ages.resize(at + 1, Age::default());
                }
                let found = &mut cohort.ages[at];
                found.cell.money += order.money;
                if bought {
                    found.cell.orders += 1;
                    latest = latest.max(Some(at));
                    // The size is the number of the customer in the cohort.
                    if self.kind == RetentionKind::Exact && found.counted != cohort.size {
                        found.counted = cohort.size;
                        found.cell.customers += 1;
                    }
                }
            });
        }
        if let (RetentionKind::Rolling, Some(latest)) = (self.kind, latest) {
            for found in &mut cohort.ages[..=latest] {
                found.cell.customers += 1;
            }
        }
    }

    /// The ages that a day falls to: of calendar periods one, of intervals of days those that hold it. What lies before
    /// the cohort, as a refund of an order that is not in the data, falls to none.
    fn ages(&self, cohort: i64, begun: i64, day: i64, mut found: impl FnMut(i64)) {
        if self.intervals.is_empty() {
            let age = self.period.index(day) - cohort;
            if age >= 0 {
                found(age);
            }
            return;
        }
        for (age, (from, to)) in (0..).zip(&self.intervals) {
            if (*from..=*to).contains(&(day - begun)) {
                found(age);
            }
        }
    }
}
