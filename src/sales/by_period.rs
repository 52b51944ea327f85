//! Sales by calendar period: buyers, orders, amounts per buyer, order and item, and what drove the change.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::columns::{Columns, NONE};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, Scope, View, group_key};
use crate::money::MoneyUnit;
use crate::orders::{Order, OrderBuilder, OrderKind, Refunds};
use crate::params::{options, words};
use crate::stats::shapley_decomposition;
use crate::time::{Calendar, Period};

words! {
    /// What a period is compared with.
    pub enum Compare {
        /// The period before.
        Previous = "previous",
        /// The same period a year before.
        YearBefore = "year",
    }
}

options! {
    /// What is asked for.
    pub struct SalesOptions {
        /// The length of a period.
        pub period: Period,
        /// The source of a customer's group, and its name in the result.
        pub by: Option<String>,
        /// What a period is compared with.
        pub compare: Option<Compare>,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Sales by group and period.
#[derive(Debug)]
pub struct Sales {
    scope: Scope,
    refunds: Refunds,
    period: Period,
    /// What a customer's group is: an attribute, or the category of the first order.
    by: Option<GroupBy>,
    compare: Option<Compare>,
}

/// The sales of one group in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeriodSales {
    money: i128,
    buyers: u64,
    orders: u64,
    items: i128,
}

state_of_fields!(PeriodSales {
    money,
    buyers,
    orders,
    items
});

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    orders: Vec<(i64, Order)>,
    cells: FoldGroups<PeriodSales>,
}

impl Analysis for Sales {
    const NAME: &'static str = "sales";

    type Options = SalesOptions;
    /// By group (the code of its value) and period.
    type State = Groups<PeriodSales>;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: SalesOptions, view: &View) -> Result<Self> {
        Ok(Self {
            scope: view.scope(None, None)?,
            refunds: options.refunds,
            period: options.period,
            by: options.by.map(|name| view.group_by(&name)).transpose()?,
            compare: options.compare,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        vec![self.by.as_ref().map(|by| by.category(facts))]
    }

    fn start(&self) -> Groups<PeriodSales> {
        Groups::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        let category = match self.by {
            Some(GroupBy::Category(category)) => Some(category),
            _ => None,
        };
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until, category),
            calendar: Calendar::new(&part.facts.zone),
            orders: Vec::new(),
            cells: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Groups<PeriodSales>,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let orders = scratch.builder.orders(customer.at());
        let group = group_key(match &self.by {
            None => NONE,
            Some(GroupBy::Attribute(attribute)) => attribute.code(customer.index),
            Some(GroupBy::Category(_)) => first_label(orders),
        });
        let (calendar, mine) = (&mut scratch.calendar, &mut scratch.orders);
        mine.clear();
        let counted = orders.iter().filter(|order| order.time >= self.scope.since);
        mine.extend(counted.map(|order| (self.period.index(calendar.day(order.time)), *order)));
        mine.sort_unstable_by_key(|(period, _)| *period);
        for orders in mine.chunk_by(|a, b| a.0 == b.0) {
            add(scratch.cells.of(&[group, orders[0].0]), orders);
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Groups<PeriodSales>) {
        state.extend(scratch.cells);
    }

    fn finish(&self, mut state: Groups<PeriodSales>, context: &Context<'_>) -> Result<Outcome> {
        fill(&mut state)?;
        Ok(Outcome::table(self.table(&state, context.facts)?))
    }
}

/// The label of the first purchase; of the first order of a customer who bought nothing.
fn first_label(orders: &[Order]) -> u32 {
    let key = |order: &&Order| (order.kind != OrderKind::Purchase, order.time, order.label);
    orders.iter().min_by_key(key).map_or(NONE, |order| order.label)
}

/// Add one customer's orders of one period.
fn add(cell: &mut PeriodSales, orders: &[(i64, Order)]) {
    let bought = || orders.iter().filter(|(_, order)| order.kind == OrderKind::Purchase);
    cell.money += orders.iter().map(|(_, order)| order.money).sum::<i128>();
    cell.orders += bought().count() as u64;
    cell.items += bought().map(|(_, order)| order.items).sum::<i128>();
    cell.buyers += u64::from(bought().next().is_some());
}

/// Periods without a sale between a group's first and last are rows too.
fn fill(cells: &mut Groups<PeriodSales>) -> Result<()> {
    const MOST: i64 = 1 << 20;
    let mut ranges: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for key in cells.keys() {
        let (group, period) = (key[0], key[1]);
        let range = ranges.entry(group).or_insert((period, period));
        *range = (range.0.min(period), range.1.max(period));
    }
    let rows: i64 = ranges.values().map(|(first, last)| last - first + 1).sum();
    if rows > MOST {
        return Err(Error::Data(format!(
            "the sales would have {rows} rows: look for times that are far off (see .quality.first and .last), or give a \
             longer period"
        )));
    }
    for (group, (first, last)) in ranges {
        for period in first..=last {
            cells.entry(vec![group, period]).or_default();
        }
    }
    Ok(())
}

impl Sales {
    /// One row per group and period, without a gap between a group's first and last period.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn table(&self, cells: &Groups<PeriodSales>, facts: &Facts) -> Result<RecordBatch> {
        let rows: Vec<(i64, i64, &PeriodSales)> = cells.iter().map(|(key, cell)| (key[0], key[1], cell)).collect();
        let money = |cell: &PeriodSales| facts.unit.to_f64(cell.money);
        let items = |cell: &PeriodSales| MoneyUnit::Binary.to_f64(cell.items);
        let ratio = |above: f64, below: f64| (below != 0.0).then(|| above / below);
        let each = || rows.iter().map(|row| row.2);
        let mut columns = Columns::default();
        if let Some(by) = &self.by {
            let name = by.category(facts).kind().name().to_string();
            columns.push(by.column(facts, &name, rows.iter().map(|row| row.0))?);
        }
        columns.dates("period", rows.iter().map(|row| self.period.first_day(row.1)));
        let whole = |index: i64| facts.covers(&self.scope, self.period, index);
        columns.bools("complete", rows.iter().map(|row| whole(row.1)));
        columns.floats("sales", each().map(money));
        columns.ints("buyers", each().map(|cell| cell.buyers.cast_signed()));
        columns.ints("orders", each().map(|cell| cell.orders.cast_signed()));
        columns.maybe_floats(
            "sales_per_buyer",
            each().map(|cell| ratio(money(cell), cell.buyers as f64)),
        );
        columns.maybe_floats(
            "sales_per_order",
            each().map(|cell| ratio(money(cell), cell.orders as f64)),
        );
        if facts.index.quantity.is_some() {
            columns.floats("items", each().map(items));
            columns.maybe_floats("sales_per_item", each().map(|cell| ratio(money(cell), items(cell))));
            columns.maybe_floats(
                "items_per_order",
                each().map(|cell| ratio(items(cell), cell.orders as f64)),
            );
        }
        self.changes(&mut columns, facts.unit, cells);
        columns.finish()
    }

    /// sales = buyers × orders per buyer × amount per order, and what each adds to the change.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn changes(&self, columns: &mut Columns, unit: MoneyUnit, cells: &Groups<PeriodSales>) {
        let Some(compare) = self.compare else { return };
        let factors = |cell: &PeriodSales| {
            let (buyers, orders) = (cell.buyers as f64, cell.orders as f64);
            (cell.orders > 0).then(|| [buyers, orders / buyers, unit.to_f64(cell.money) / orders])
        };
        let change = |(key, cell): (&GroupKey, &PeriodSales)| {
            let before = match compare {
                Compare::YearBefore => self.period.year_before(key[1]),
                Compare::Previous => key[1] - 1,
            };
            let before = cells.get(&[key[0], before][..])?;
            let shares = factors(before)
                .zip(factors(cell))
                .map(|(before, after)| shapley_decomposition(before, after));
            Some((unit.to_f64(cell.money - before.money), shares))
        };
        let changes: Vec<_> = cells.iter().map(change).collect();
        columns.maybe_floats("change", changes.iter().map(|change| change.map(|(change, _)| change)));
        let names = ["change_buyers", "change_orders_per_buyer", "change_amount_per_order"];
        for (factor, name) in names.iter().enumerate() {
            let share = |change: &Option<(f64, Option<[f64; 3]>)>| change.and_then(|(_, shares)| Some(shares?[factor]));
            columns.maybe_floats(name, changes.iter().map(share));
        }
    }
}
