//! Retention of buyers: of those who first bought in a period, how many buy in a later one, how often, and what each of
//! them has brought so far. Cells that cannot be known yet are null.

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, Scope, View, Window, group_key};
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
    ages: Vec<i64>,
    cells: FoldGroups<CohortCell>,
    sizes: FoldGroups<u64>,
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
            ages: Vec::new(),
            cells: FoldGroups::default(),
            sizes: FoldGroups::default(),
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
        let row = scratch
            .builder
            .first_line(customer, &self.by, |order| order.kind == OrderKind::Purchase);
        let code = |by: &GroupBy| {
            row.map_or(i64::MAX, |row| {
                group_key(by.code(customer.partition, customer.index, row))
            })
        };
        scratch.key.clear();
        scratch.key.extend(self.by.iter().map(code));
        self.add(first, scratch);
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut BuyerCohorts) {
        state.cells.extend(scratch.cells);
        state.sizes.extend(scratch.sizes);
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
            ages,
            cells,
            sizes,
        } = scratch;
        let begun = calendar.day(first);
        let cohort = self.period.index(begun);
        key.push(cohort);
        *sizes.of(key) += 1;
        let cohort_key = key.len();
        ages.clear();
        for order in builder.formed() {
            let day = calendar.day(order.time);
            let bought = order.kind == OrderKind::Purchase;
            self.ages(cohort, begun, day, |age| {
                key.truncate(cohort_key);
                key.push(age);
                let cell = cells.of(key);
                cell.money += order.money;
                cell.orders += u64::from(bought);
                if bought {
                    ages.push(age);
                }
            });
        }
        ages.sort_unstable();
        ages.dedup();
        if self.kind == RetentionKind::Rolling {
            let latest = ages.last().copied().unwrap_or(-1);
            ages.clear();
            ages.extend(0..=latest);
        }
        for &age in ages.iter() {
            key.truncate(cohort_key);
            key.push(age);
            cells.of(key).customers += 1;
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
