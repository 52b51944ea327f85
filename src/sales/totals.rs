//! Group totals: buyers, orders and money of groups of customers, of several groupings at once (GROUPING SETS).

use arrow::array::RecordBatch;

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, Scope, View, group_key};
use crate::orders::{OrderBuilder, OrderKind, Refunds};
use crate::params::options;

/// Stands where a grouping has no value of a column.
const OTHER: i64 = i64::MAX;

options! {
    /// What is asked for.
    pub struct GroupTotalsOptions {
        /// Attributes of the customers: the source of each, and its name in the result.
        pub by: Vec<(String, String)>,
        /// The groupings, each by the places of its attributes.
        pub sets: Vec<Vec<usize>>,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// What groups of customers bought.
#[derive(Debug)]
pub struct GroupTotals {
    scope: Scope,
    refunds: Refunds,
    by: Vec<GroupBy>,
    names: Vec<String>,
    sets: Vec<Vec<usize>>,
}

/// What one group bought.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    buyers: u64,
    orders: u64,
    money: i128,
}

state_of_fields!(Totals { buyers, orders, money });

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    codes: Vec<i64>,
    key: GroupKey,
    sets: Vec<FoldGroups<Totals>>,
}

impl Analysis for GroupTotals {
    const NAME: &'static str = "group_totals";
    const COUNTS_GUESTS: bool = true;

    type Options = GroupTotalsOptions;
    /// By grouping, and the codes of all attributes; of those that are not in the grouping, none.
    type State = Groups<Totals>;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: GroupTotalsOptions, view: &View) -> Result<Self> {
        let (by, names) = view.group_bys(options.by)?;
        if let Some(at) = by.iter().position(GroupBy::is_of_rows) {
            return Err(Error::Argument(format!(
                "by={:?} is a column of the orders: give attributes of the customers",
                names[at]
            )));
        }
        if let Some(place) = options.sets.iter().flatten().find(|place| **place >= by.len()) {
            return Err(Error::Argument(format!(
                "sets= has {place}, and by= has {} columns",
                by.len()
            )));
        }
        Ok(Self {
            scope: view.scope(None, None)?,
            refunds: options.refunds,
            by,
            names,
            sets: options.sets,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        let values = self.by.iter().map(|by| Some(by.category(facts)));
        std::iter::once(None).chain(values).collect()
    }

    fn start(&self) -> Groups<Totals> {
        Groups::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            codes: Vec::new(),
            key: GroupKey::new(),
            sets: self.sets.iter().map(|_| FoldGroups::default()).collect(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Groups<Totals>,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let orders = scratch.builder.orders(customer.at())?.iter();
        let (mut own, mut any) = (Totals::default(), false);
        for order in orders.filter(|order| order.time >= self.scope.since) {
            any = true;
            own.money += order.money;
            own.orders += u64::from(order.kind == OrderKind::Purchase);
        }
        if !any {
            return Ok(());
        }
        // No one knows how many guests there are, nor which of their orders are one's.
        if customer.is_guests() {
            own.orders = 0;
        }
        own.buyers = u64::from(own.orders > 0);
        let code = |by: &GroupBy| group_key(by.code(customer.partition, customer.index, customer.rows().start));
        scratch.codes.clear();
        scratch.codes.extend(self.by.iter().map(code));
        for (set, groups) in self.sets.iter().zip(&mut scratch.sets) {
            scratch.key.clear();
            scratch.key.extend(set.iter().map(|place| scratch.codes[*place]));
            let cell = groups.of(&scratch.key);
            cell.buyers += own.buyers;
            cell.orders += own.orders;
            cell.money += own.money;
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Groups<Totals>) {
        for ((number, set), groups) in (0..).zip(&self.sets).zip(scratch.sets) {
            for (codes, totals) in groups {
                let mut key = GroupKey::from_elem(OTHER, 1 + self.by.len());
                key[0] = number;
                for (place, code) in set.iter().zip(codes) {
                    key[1 + place] = code;
                }
                state.insert(key, totals);
            }
        }
    }

    fn finish(&self, state: Groups<Totals>, context: &Context<'_>) -> Result<Outcome> {
        let mut found = Outcome::table(self.table(&state, 0, context)?);
        for set in 1..self.sets.len() {
            found = found.and(format!("set {set}"), self.table(&state, set, context)?);
        }
        Ok(found)
    }
}

impl GroupTotals {
    /// One row per group of a grouping: its values, then what it bought.
    fn table(&self, state: &Groups<Totals>, set: usize, context: &Context<'_>) -> Result<RecordBatch> {
        let number = i64::try_from(set).unwrap_or(i64::MAX);
        let rows: Vec<_> = state.iter().filter(|(key, _)| key[0] == number).collect();
        let mut columns = Columns::default();
        for &place in self.sets.get(set).into_iter().flatten() {
            let codes = rows.iter().map(|(key, _)| key[1 + place]);
            columns.push(self.by[place].column(context.facts, &self.names[place], codes)?);
        }
        columns.ints("buyers", rows.iter().map(|(_, totals)| totals.buyers.cast_signed()));
        columns.ints("orders", rows.iter().map(|(_, totals)| totals.orders.cast_signed()));
        let unit = context.facts.unit;
        columns.floats("sales", rows.iter().map(|(_, totals)| unit.to_f64(totals.money)));
        columns.finish()
    }
}
