//! Retention of buyers: of those who first bought in a period, how many buy in a later one, how often, and what each of
//! them has brought so far. Cells that cannot be known yet are null.

use std::sync::Arc;

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, Registrations, Scope, View, Window, group_key};
use crate::orders::{OrderBuilder, OrderKind, Refunds};
use crate::params::{options, words};
use crate::time::{Calendar, Period};

use super::order_table::table;
use super::retention::RetentionKind;

words! {
    /// What puts a customer into a cohort.
    pub enum CohortOf {
        /// The first purchase.
        FirstOrder = "first_order",
        /// The registration, whether a purchase followed or not.
        Registered = "registered",
    }
}

options! {
    /// What is asked for.
    pub struct OrderRetentionOptions {
        /// The calendar periods of cohorts.
        pub period: Period,
        /// What puts a customer into a cohort.
        pub cohort: CohortOf,
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
    pub(super) window: Window,
    refunds: Refunds,
    pub(super) period: Period,
    kind: RetentionKind,
    pub(super) by: Vec<GroupBy>,
    pub(super) intervals: Vec<(i64, i64)>,
    /// When customers registered, where that is what puts them into cohorts.
    pub(super) registrations: Option<Arc<Registrations>>,
    scope: Scope,
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
            registrations: match options.cohort {
                CohortOf::FirstOrder => None,
                CohortOf::Registered => Some(view.registrations.clone().ok_or_else(|| {
                    Error::Argument(
                        "cohort=\"registered\" needs to know when customers registered: type \
                         orders.with_customers(ff.Customers(frame, customer=\"…\", registered=\"…\"))"
                            .into(),
                    )
                })?),
            },
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
        let first = bought.map(|order| order.time).min();
        let begun = match &self.registrations {
            None => first,
            Some(registrations) => registrations.of(customer.index),
        };
        let Some(begun) = begun.filter(|begun| (self.scope.since..self.scope.until).contains(begun)) else {
            return Ok(());
        };
        scratch.builder.first_values(customer, &self.by, &mut scratch.key);
        if first.is_none() {
            // There is no first order whose values could stand for the customer.
            for (part, _) in scratch.key.iter_mut().zip(&self.by).filter(|(_, by)| by.is_of_rows()) {
                *part = i64::MAX;
            }
        }
        self.add(begun, scratch);
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
        let sizes = self.sizes(&state, context)?;
        Ok(Outcome::table(table(self, &state, &sizes, context.facts)?))
    }
}

impl OrderRetention {
    /// The sizes of cohorts: those of the state; of registrations with those too who never bought, and who have no first
    /// order whose values could stand for them.
    fn sizes(&self, state: &BuyerCohorts, context: &Context<'_>) -> Result<Groups<u64>> {
        let mut sizes = state.sizes.clone();
        let Some(registrations) = &self.registrations else {
            return Ok(sizes);
        };
        let mut calendar = Calendar::new(&context.facts.zone);
        let of_table: Vec<Option<Vec<u32>>> = self.by.iter().map(|by| by.of_table(registrations.table)).collect();
        let mut members: FoldGroups<u64> = FoldGroups::default();
        let mut key = GroupKey::new();
        for (customer, joined) in registrations.all.iter().enumerate() {
            let Some(joined) = joined.filter(|at| (self.scope.since..self.scope.until).contains(at)) else {
                continue;
            };
            key.clear();
            let code = |codes: &Option<Vec<u32>>| codes.as_ref().map_or(i64::MAX, |codes| group_key(codes[customer]));
            key.extend(of_table.iter().map(code));
            key.push(self.period.index(calendar.day(joined)));
            *members.of(&key) += 1;
        }
        context.task.check()?;
        let mut known: Groups<u64> = Groups::default();
        for (group, size) in state.sizes.iter() {
            key.clone_from(group);
            for (part, _) in key.iter_mut().zip(&of_table).filter(|(_, codes)| codes.is_none()) {
                *part = i64::MAX;
            }
            known.update(&key, |all| *all += size);
        }
        for (group, all) in members {
            let never = all - known.get(&group).copied().unwrap_or_default().min(all);
            if never > 0 {
                sizes.update(&group, |size| *size += never);
            }
        }
        Ok(sizes)
    }

    /// Add the customer whose orders were formed, and who joined at an instant; its values stand in the key.
    fn add(&self, joined: i64, scratch: &mut Scratch<'_>) {
        let Scratch {
            builder,
            calendar,
            key,
            cohorts,
        } = scratch;
        let begun = calendar.day(joined);
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
