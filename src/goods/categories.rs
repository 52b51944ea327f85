//! Categories: sales, buyers and orders of each, the first purchases that it won, and its share of orders by period.

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::error::Result;
use crate::log::{Category, Facts, GroupBy, Scope, View, Window, group_key};
use crate::orders::{Order, OrderBuilder, OrderKind, Refunds};
use crate::params::options;
use crate::runtime;
use crate::time::{Calendar, Period};

use super::category_tables::category_table;
use super::preference::preference_table;

options! {
    /// What is asked for.
    pub struct CategoryOptions {
        /// The column that names what is bought.
        pub level: String,
        /// The periods over which shares move.
        pub period: Period,
        /// What customers are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Sales by category.
#[derive(Debug)]
pub struct Categories {
    scope: Scope,
    pub(super) window: Window,
    refunds: Refunds,
    pub(super) level: usize,
    pub(super) period: Period,
    pub(super) by: Vec<GroupBy>,
}

/// What was sold of a category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CategoryCell {
    pub(super) money: i128,
    pub(super) buyers: u64,
    pub(super) orders: u64,
    pub(super) items: i128,
    /// Customers whose first purchase it was.
    pub(super) first: u64,
    /// Orders of which no one knows how much of their money belongs here.
    pub(super) unshared: u64,
}

state_of_fields!(CategoryCell {
    money,
    buyers,
    orders,
    items,
    first,
    unshared
});

/// The same in a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PeriodCell {
    pub(super) money: i128,
    pub(super) orders: u64,
}

state_of_fields!(PeriodCell { money, orders });

/// Sales of categories, by values of customers first.
#[derive(Debug, Default)]
pub struct CategorySales {
    /// By category.
    pub(super) cells: Groups<CategoryCell>,
    /// By category and period.
    pub(super) periods: Groups<PeriodCell>,
    /// Orders by period, each once.
    pub(super) orders: Groups<u64>,
    /// Buyers, each once.
    pub(super) buyers: Groups<u64>,
}

state_of_fields!(CategorySales {
    cells,
    periods,
    orders,
    buyers
});

/// A line of an order.
#[derive(Debug, Clone, Copy)]
struct Line {
    category: u32,
    order: usize,
    period: i64,
    bought: bool,
    money: i128,
    items: i128,
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    lines: Vec<Line>,
    /// How many lines each order has.
    sizes: Vec<usize>,
    key: GroupKey,
    cells: FoldGroups<CategoryCell>,
    periods: FoldGroups<PeriodCell>,
    orders: FoldGroups<u64>,
    buyers: FoldGroups<u64>,
    unshared: bool,
}

impl Analysis for Categories {
    const NAME: &'static str = "categories";
    const COUNTS_GUESTS: bool = true;

    type Options = CategoryOptions;
    type State = CategorySales;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: CategoryOptions, view: &View) -> Result<Self> {
        let (by, _) = view.group_bys(options.by)?;
        Ok(Self {
            scope: view.scope(None, None)?,
            window: view.window,
            refunds: options.refunds,
            level: view.category("level", &options.level)?,
            period: options.period,
            by,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        let by = self.by.iter().map(|by| Some(by.category(facts)));
        by.chain([Some(&facts.categories[self.level])]).collect()
    }

    fn start(&self) -> CategorySales {
        CategorySales::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            calendar: Calendar::new(&part.facts.zone),
            lines: Vec::new(),
            sizes: Vec::new(),
            key: GroupKey::new(),
            cells: FoldGroups::default(),
            periods: FoldGroups::default(),
            orders: FoldGroups::default(),
            buyers: FoldGroups::default(),
            unshared: part.facts.unshared > 0,
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut CategorySales,
        _: Option<&mut ()>,
    ) -> Result<()> {
        scratch.builder.orders(customer.at())?;
        let bought = |order: &Order| order.kind == OrderKind::Purchase;
        // Of guests nobody knows which of them bought first.
        let known = Some(()).filter(|()| !customer.is_guests());
        let row = known.and_then(|()| scratch.builder.first_line(customer, &self.by, bought));
        let code = |by: &GroupBy| {
            row.map_or(i64::MAX, |row| {
                group_key(by.code(customer.partition, customer.index, row))
            })
        };
        scratch.key.clear();
        scratch.key.extend(self.by.iter().map(code));
        self.lines(customer, scratch);
        Self::count(customer, scratch)?;
        if !customer.is_guests() {
            self.first(customer, scratch);
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut CategorySales) {
        state.cells.extend(scratch.cells);
        state.periods.extend(scratch.periods);
        state.orders.extend(scratch.orders);
        state.buyers.extend(scratch.buyers);
    }

    fn finish(&self, state: CategorySales, context: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome::table(category_table(self, &state, context.facts)?)
            .and("preference", preference_table(self, &state, context.facts)?))
    }
}

impl Categories {
    /// The lines of the orders in the window, and the orders of each period.
    fn lines(&self, customer: &Customer<'_>, scratch: &mut Scratch<'_>) {
        let Scratch {
            builder,
            calendar,
            lines,
            sizes,
            key,
            orders,
            ..
        } = scratch;
        lines.clear();
        sizes.clear();
        let width = key.len();
        for (number, order) in builder.formed().iter().enumerate() {
            sizes.push(order.rows as usize);
            if order.time < self.scope.since {
                continue;
            }
            let period = self.period.index(calendar.day(order.time));
            let bought = order.kind == OrderKind::Purchase;
            if bought {
                // Where others name a category this names none: it is of all of them.
                key.extend([i64::MAX, period]);
                *orders.of(key) += 1;
                key.truncate(width);
            }
            lines.extend(builder.rows_of(order).map(|row| Line {
                category: customer.partition.labels[self.level][row],
                order: number,
                period,
                bought,
                money: builder.money_of(order, row),
                items: builder.pieces_of(order, row),
            }));
        }
    }

    /// Count a customer and each of the orders once in every category.
    fn count(customer: &Customer<'_>, scratch: &mut Scratch<'_>) -> Result<()> {
        let Scratch {
            lines,
            sizes,
            key,
            cells,
            periods,
            buyers,
            unshared,
            ..
        } = scratch;
        let width = key.len();
        runtime::sort_by(lines, |a, b| (a.category, a.order).cmp(&(b.category, b.order)))?;
        let identified = u64::from(!customer.is_guests());
        if lines.iter().any(|line| line.bought) {
            *buyers.of(key) += identified;
        }
        for same in lines.chunk_by(|a, b| a.category == b.category) {
            key.push(group_key(same[0].category));
            let cell = cells.of(key);
            cell.buyers += identified * u64::from(same.iter().any(|line| line.bought));
            for order in same.chunk_by(|a, b| a.order == b.order) {
                let money = order.iter().map(|line| line.money).sum::<i128>();
                let count = u64::from(order[0].bought);
                cell.money += money;
                cell.orders += count;
                cell.items += order.iter().map(|line| line.items).sum::<i128>();
                cell.unshared += u64::from(*unshared && order.len() < sizes[order[0].order]);
                key.push(order[0].period);
                let period = periods.of(key);
                period.money += money;
                period.orders += count;
                key.truncate(width + 1);
            }
            key.truncate(width);
        }
        Ok(())
    }

    /// Count the category of the customer's first purchase, where that is in the window.
    fn first(&self, customer: &Customer<'_>, scratch: &mut Scratch<'_>) {
        let Scratch {
            builder, key, cells, ..
        } = scratch;
        let bought = |order: &Order| order.kind == OrderKind::Purchase;
        let first = builder
            .formed()
            .iter()
            .filter(|order| bought(order))
            .map(|order| order.time)
            .min();
        if first.is_none_or(|first| first < self.scope.since) {
            return;
        }
        if let Some(row) = builder.first_line(customer, &[GroupBy::Category(self.level)], bought) {
            let width = key.len();
            key.push(group_key(customer.partition.labels[self.level][row]));
            cells.of(key).first += 1;
            key.truncate(width);
        }
    }
}
