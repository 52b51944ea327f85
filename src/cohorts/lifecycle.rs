//! Lifecycle: in which state each customer is at the end of every period (new, active, back, dormant, lost), and who moves
//! from one to another.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView};
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, Scope, View, Window};
use crate::orders::{OrderBuilder, OrderKind, Refunds};
use crate::params::options;
use crate::runtime;
use crate::time::{Calendar, Period};

/// The words of the states, in their order; before the first purchase there is none.
const STATES: [&str; 5] = ["new", "active", "back", "dormant", "lost"];
const NEW: i64 = 0;
const ACTIVE: i64 = 1;
const BACK: i64 = 2;
const DORMANT: i64 = 3;
const LOST: i64 = 4;
/// No state yet.
const NOBODY: i64 = -1;

options! {
    /// What is asked for.
    pub struct LifecycleOptions {
        /// The calendar periods.
        pub period: Period,
        /// What customers are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// Periods since the last purchase from which a customer is dormant.
        pub dormant_after: u64,
        /// Periods since it from which one is lost.
        pub lost_after: u64,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// The states of customers by period.
#[derive(Debug)]
pub struct Lifecycle {
    scope: Scope,
    window: Window,
    refunds: Refunds,
    period: Period,
    by: Vec<GroupBy>,
    dormant_after: i64,
    lost_after: i64,
    /// The first and the last period that count.
    periods: (i64, i64),
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    /// The periods with a purchase of the customer at hand.
    bought: Vec<i64>,
    key: GroupKey,
    flows: FoldGroups<u64>,
}

impl Analysis for Lifecycle {
    const NAME: &'static str = "lifecycle";

    type Options = LifecycleOptions;
    /// Customers by values, period, state before, and state.
    type State = Groups<u64>;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: LifecycleOptions, view: &View) -> Result<Self> {
        let periods = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let (dormant_after, lost_after) = (periods(options.dormant_after), periods(options.lost_after));
        if dormant_after < 1 || lost_after <= dormant_after {
            return Err(Error::Argument(format!(
                "dormant_after={dormant_after}, lost_after={lost_after}: give numbers of periods, from 1, the second larger"
            )));
        }
        let (by, _) = view.group_bys(options.by)?;
        let observed = view.facts().observed(view.window);
        let of = |day: i64| options.period.index(day);
        Ok(Self {
            scope: view.scope(None, None)?,
            window: view.window,
            refunds: options.refunds,
            period: options.period,
            by,
            dormant_after,
            lost_after,
            periods: observed.map_or((0, -1), |days| (of(days.first), of(days.last))),
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        self.by.iter().map(|by| Some(by.category(facts))).collect()
    }

    fn start(&self) -> Groups<u64> {
        Groups::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            calendar: Calendar::new(&part.facts.zone),
            bought: Vec::new(),
            key: GroupKey::new(),
            flows: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Groups<u64>,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let Scratch {
            builder,
            calendar,
            bought,
            key,
            flows,
        } = scratch;
        let orders = builder.orders(customer.at())?.iter();
        bought.clear();
        let purchases = orders.filter(|order| order.kind == OrderKind::Purchase);
        bought.extend(purchases.map(|order| self.period.index(calendar.day(order.time))));
        runtime::sort_by(bought, Ord::cmp)?;
        bought.dedup();
        builder.first_values(customer, &self.by, key);
        let width = key.len();
        self.states(bought, |period, before, state| {
            key.truncate(width);
            key.extend([period, before, state]);
            *flows.of(key) += 1;
        });
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Groups<u64>) {
        state.extend(scratch.flows);
    }

    fn finish(&self, state: Groups<u64>, context: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome::table(self.table(&state, context.facts)?).and("flow", self.flow(&state, context.facts)?))
    }
}

impl Lifecycle {
    /// Call `found` with each period that counts from the first purchase on, the state before it, and the state in it.
    fn states(&self, bought: &[i64], mut found: impl FnMut(i64, i64, i64)) {
        let Some(&first) = bought.first() else { return };
        let (mut before, mut next, mut last) = (NOBODY, 0, None::<i64>);
        for period in first..=self.periods.1 {
            let buys = bought.get(next) == Some(&period);
            let away = last.map(|last| period - last);
            let state = match (buys, away) {
                (true, None) => NEW,
                (true, Some(away)) if away >= self.dormant_after => BACK,
                (false, away) if away.is_some_and(|away| away >= self.lost_after) => LOST,
                (false, away) if away.is_some_and(|away| away >= self.dormant_after) => DORMANT,
                _ => ACTIVE,
            };
            if buys {
                last = Some(period);
                next += 1;
            }
            if period >= self.periods.0 {
                found(period, before, state);
            }
            before = state;
        }
    }

    fn values<'a>(
        &self,
        columns: &mut Columns,
        facts: &Facts,
        keys: &(impl Iterator<Item = &'a [i64]> + Clone),
    ) -> Result<()> {
        for (at, by) in self.by.iter().enumerate() {
            let name = by.category(facts).kind().name();
            columns.push(by.column(facts, name, keys.clone().map(|key| key[at]))?);
        }
        let first_day = |key: &'a [i64]| self.period.first_day(key[self.by.len()]);
        columns.dates("period", keys.clone().map(first_day));
        Ok(())
    }

    /// One row per group and period: the customers in each state.
    fn table(&self, state: &Groups<u64>, facts: &Facts) -> Result<RecordBatch> {
        let width = self.by.len();
        let flows: Vec<(&[i64], u64)> = state.iter().map(|(key, count)| (key.as_slice(), *count)).collect();
        let mut rows: Vec<(&[i64], [i64; 5])> = Vec::new();
        for same in flows.chunk_by(|a, b| a.0[..=width] == b.0[..=width]) {
            let mut counts = [0; 5];
            for (key, count) in same {
                counts[usize::try_from(key[width + 2]).unwrap_or_default()] += count.cast_signed();
            }
            rows.push((same[0].0, counts));
        }
        let observed = facts.observed(self.window);
        let complete = |index: i64| observed.is_some_and(|days| days.cover(self.period, index));
        let mut columns = Columns::default();
        self.values(&mut columns, facts, &rows.iter().map(|row| row.0))?;
        columns.bools("complete", rows.iter().map(|row| complete(row.0[width])));
        for (at, name) in STATES.into_iter().enumerate() {
            columns.ints(name, rows.iter().map(|row| row.1[at]));
        }
        columns.finish()
    }

    /// One row per group, period, state before and state.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn flow(&self, state: &Groups<u64>, facts: &Facts) -> Result<RecordBatch> {
        let width = self.by.len();
        let flows: Vec<(&[i64], u64)> = state.iter().map(|(key, count)| (key.as_slice(), *count)).collect();
        let word = |code: i64| usize::try_from(code).ok().map(|at| STATES[at]);
        let mut shares = Vec::with_capacity(flows.len());
        for same in flows.chunk_by(|a, b| a.0[..width + 2] == b.0[..width + 2]) {
            let all: u64 = same.iter().map(|(_, count)| count).sum();
            // Where there is no state before, nobody knows of how many.
            let known = same[0].0[width + 1] != NOBODY;
            shares.extend(same.iter().map(|(_, count)| known.then(|| *count as f64 / all as f64)));
        }
        let mut columns = Columns::default();
        self.values(&mut columns, facts, &flows.iter().map(|row| row.0))?;
        columns.texts("from", flows.iter().map(|row| word(row.0[width + 1])));
        columns.texts("to", flows.iter().map(|row| word(row.0[width + 2])));
        columns.ints("customers", flows.iter().map(|row| row.1.cast_signed()));
        columns.maybe_floats("share", shares);
        columns.finish()
    }
}
