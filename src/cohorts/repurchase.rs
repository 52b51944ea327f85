//! Repurchase: who buys again. The time from each order to the next (Kaplan–Meier, one spell per customer and order number),
//! buyers with several orders in a period, the gaps between orders, and customers who are overdue against their own gaps.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::analysis::{
    Analysis, Context, Customer, Decoder, Encoder, FoldGroups, GroupKey, Groups, Outcome, PartitionView, State,
    state_of_fields,
};
use crate::error::Result;
use crate::log::{Category, Facts, GroupBy, Scope, View, Window};
use crate::orders::{OrderBuilder, OrderKind, Refunds};
use crate::params::{options, words};
use crate::runtime;
use crate::time::{Calendar, Period};

use super::overdue::{Overdue, overdue_table};
use super::repurchase_tables::{count_table, cycle_table, difference_table, period_table, spell_table};

/// The order numbers after which the time to the next is told apart.
pub(super) const ORDER_NUMBERS: usize = 5;

words! {
    /// What counts as one purchase.
    pub enum Counted {
        /// Each order.
        Orders = "orders",
        /// All orders of a day.
        Days = "days",
    }
}

options! {
    /// What is asked for.
    pub struct RepurchaseOptions {
        /// The calendar periods in which buyers are counted; the whole time where none is given.
        pub period: Option<Period>,
        /// What buyers are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// What counts as one purchase.
        pub count: Counted,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Who buys again.
#[derive(Debug)]
pub struct Repurchase {
    scope: Scope,
    pub(super) window: Window,
    refunds: Refunds,
    pub(super) period: Option<Period>,
    pub(super) by: Vec<GroupBy>,
    count: Counted,
}

/// Numbers of something by days, from 0.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct DayCounts(pub(super) Vec<u64>);

impl DayCounts {
    fn add(&mut self, days: i64) {
        let days = usize::try_from(days).unwrap_or_default();
        if self.0.len() <= days {
            self.0.resize(days + 1, 0);
        }
        self.0[days] += 1;
    }
}

impl State for DayCounts {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (to, count) in self.0.iter_mut().zip(other.0) {
            *to += count;
        }
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.list(&self.0, |to, count| to.u64(*count));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self(from.list(Decoder::u64)?))
    }
}

/// The times after an order: those that ended in another, and those that still went on when the data ended.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct DaysToNext {
    pub(super) ended: DayCounts,
    pub(super) waiting: DayCounts,
}

state_of_fields!(DaysToNext { ended, waiting });

/// The buyers of a period.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct PeriodBuyers {
    pub(super) buyers: u64,
    /// Those with two or more purchases in it.
    pub(super) repeat_buyers: u64,
    pub(super) orders: u64,
    /// Those of customers who had bought before.
    pub(super) repeat_orders: u64,
    /// Buyers who bought in the period before too.
    pub(super) came_back: u64,
}

state_of_fields!(PeriodBuyers {
    buyers,
    repeat_buyers,
    orders,
    repeat_orders,
    came_back
});

/// What is known of who buys again; by values, and by what is named.
#[derive(Debug, Default)]
pub struct Repurchases {
    /// By order number.
    pub(super) spells: Groups<DaysToNext>,
    /// By period.
    pub(super) periods: Groups<PeriodBuyers>,
    /// Gaps between purchases.
    pub(super) gaps: Groups<DayCounts>,
    /// Customers by the number of their purchases.
    pub(super) counts: Groups<u64>,
}

state_of_fields!(Repurchases {
    spells,
    periods,
    gaps,
    counts
});

/// The customers of one group of a partition: what a state has by further parts of its keys.
#[derive(Debug, Default)]
struct GroupRepurchases {
    spells: [DaysToNext; ORDER_NUMBERS],
    periods: BTreeMap<i64, PeriodBuyers>,
    gaps: DayCounts,
    /// Customers by the number of their purchases.
    counts: DayCounts,
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    /// The purchases of the customer at hand: when, and on which day.
    purchases: Vec<(i64, i64)>,
    key: GroupKey,
    groups: FoldGroups<GroupRepurchases>,
}

impl Analysis for Repurchase {
    const NAME: &'static str = "repurchase";

    type Options = RepurchaseOptions;
    type State = Repurchases;
    type Rows = Vec<Overdue>;
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: RepurchaseOptions, view: &View) -> Result<Self> {
        let (by, _) = view.group_bys(options.by)?;
        Ok(Self {
            scope: view.scope(None, None)?,
            window: view.window,
            refunds: options.refunds,
            period: options.period,
            by,
            count: options.count,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        self.by.iter().map(|by| Some(by.category(facts))).collect()
    }

    fn start(&self) -> Repurchases {
        Repurchases::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            calendar: Calendar::new(&part.facts.zone),
            purchases: Vec::new(),
            key: GroupKey::new(),
            groups: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Repurchases,
        rows: Option<&mut Vec<Overdue>>,
    ) -> Result<()> {
        let Scratch {
            builder,
            calendar,
            purchases,
            key,
            ..
        } = scratch;
        let bought = |order: &&crate::orders::Order| order.kind == OrderKind::Purchase;
        purchases.clear();
        let orders = builder.orders(customer.at())?.iter().filter(bought);
        purchases.extend(orders.map(|order| (order.time, calendar.day(order.time))));
        runtime::sort_by(purchases, Ord::cmp)?;
        if self.count == Counted::Days {
            purchases.dedup_by_key(|(_, day)| *day);
        }
        if purchases.is_empty() {
            return Ok(());
        }
        builder.first_values(customer, &self.by, key);
        let group = scratch.groups.of(&scratch.key);
        self.spells(&scratch.purchases, group);
        self.periods(&scratch.purchases, group);
        if let Some(rows) = rows {
            rows.extend(Overdue::of(customer.index, &scratch.purchases, self.scope.last_day));
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Repurchases) {
        for (key, group) in scratch.groups {
            let with = |part: i64| key.iter().copied().chain([part]).collect::<GroupKey>();
            let spells = (1..)
                .zip(group.spells)
                .filter(|(_, spells)| *spells != DaysToNext::default());
            state
                .spells
                .extend(spells.map(|(number, spells)| (with(number), spells)));
            state
                .periods
                .extend(group.periods.into_iter().map(|(period, buyers)| (with(period), buyers)));
            let counts = (0..).zip(group.counts.0).filter(|(_, customers)| *customers > 0);
            state
                .counts
                .extend(counts.map(|(number, customers)| (with(number), customers)));
            if !group.gaps.0.is_empty() {
                state.gaps.insert(key, group.gaps);
            }
        }
    }

    fn finish(&self, state: Repurchases, context: &Context<'_>) -> Result<Outcome> {
        let facts = context.facts;
        Ok(Outcome::table(spell_table(self, &state, facts)?)
            .and("periods", period_table(self, &state, facts)?)
            .and("cycle", cycle_table(self, &state, facts)?)
            .and("counts", count_table(self, &state, facts)?)
            .and("differences", difference_table(&state)?))
    }

    fn list(&self, rows: Vec<Vec<Overdue>>, context: &Context<'_>) -> Result<RecordBatch> {
        overdue_table(&rows, context)
    }
}

impl Repurchase {
    /// Count the times from the orders that count to the next ones, whatever the order that comes next counts for.
    fn spells(&self, purchases: &[(i64, i64)], group: &mut GroupRepurchases) {
        for (number, &(time, day)) in purchases.iter().enumerate() {
            if time < self.scope.since {
                continue;
            }
            let next = purchases.get(number + 1).map(|(_, next)| next - day);
            if let Some(gap) = next {
                group.gaps.add(gap);
            }
            if let Some(spells) = group.spells.get_mut(number) {
                match next {
                    Some(gap) => spells.ended.add(gap),
                    None => spells.waiting.add(self.scope.last_day - day),
                }
            }
        }
    }

    /// Count the customer in each period with a purchase.
    fn periods(&self, purchases: &[(i64, i64)], group: &mut GroupRepurchases) {
        let index = |&(_, day): &(i64, i64)| self.period.map_or(0, |period| period.index(day));
        let before = purchases
            .iter()
            .take_while(|(time, _)| *time < self.scope.since)
            .count();
        let mut at = before;
        for bought in purchases[before..].chunk_by(|a, b| index(a) == index(b)) {
            let earlier = at.checked_sub(1).map(|before| index(&purchases[before]));
            let cell = group.periods.entry(index(&bought[0])).or_default();
            cell.buyers += 1;
            cell.repeat_buyers += u64::from(bought.len() > 1);
            cell.orders += bought.len() as u64;
            cell.repeat_orders += (bought.len() - usize::from(at == 0)) as u64;
            cell.came_back += u64::from(self.period.is_some() && earlier == Some(index(&bought[0]) - 1));
            at += bought.len();
        }
        if at > before {
            group.counts.add(i64::try_from(at - before).unwrap_or(i64::MAX));
        }
    }
}
