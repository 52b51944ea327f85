//! Sales by calendar period: money, buyers, orders and items, each line under its own value of what sales are broken
//! down by.

use crate::analysis::{Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, Scope, View, Window, group_key};
use crate::money::exact;
use crate::orders::{Order, OrderBuilder, OrderKind, Refunds};
use crate::runtime;
use crate::time::{Calendar, DAY, Period};

use super::options::{Compare, Measure, SalesAttribution, SalesOptions};
use super::period_sales::{FURTHER, PeriodSales, Share};
use super::standing::{Standing, Standings};
use super::table::{filled, table};

/// Sales by period and group.
#[derive(Debug)]
pub struct Sales {
    scope: Scope,
    pub(super) window: Window,
    refunds: Refunds,
    measure: Measure,
    /// In days.
    lookback: Option<i64>,
    pub(super) period: Period,
    pub(super) by: Vec<GroupBy>,
    attribution: Option<SalesAttribution>,
    pub(super) compare: Option<Compare>,
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    /// The values of the shares, one after another.
    values: Vec<i64>,
    key: GroupKey,
    shares: Vec<Share>,
    cells: FoldGroups<PeriodSales>,
    /// Where the numbers beside the amount stand.
    further: [Option<usize>; 3],
    /// The sums of the shares, one after another.
    sums: Vec<[i128; 3]>,
    /// Whether there are orders whose money could not be shared by their lines.
    unshared: bool,
    /// What the customer at hand is in each period.
    standings: Standings,
}

impl Analysis for Sales {
    const NAME: &'static str = "sales";
    const VERSION: u16 = 4;
    const COUNTS_GUESTS: bool = true;

    type Options = SalesOptions;
    /// By period and values; with the period alone, all values together.
    type State = Groups<PeriodSales>;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: SalesOptions, view: &View) -> Result<Self> {
        if options.attribution.is_some() && options.by.is_empty() {
            return Err(Error::Argument(
                "attribution=\"first\" says whose value of by= counts: give by=".into(),
            ));
        }
        let (by, _) = view.group_bys(options.by)?;
        Ok(Self {
            scope: view.scope(None, None)?,
            window: view.window,
            // What was paid for orders that went back counts too, so that none of them is dropped before.
            refunds: match options.measure {
                Measure::Net => options.refunds,
                Measure::Paid => Refunds::Net,
            },
            measure: options.measure,
            lookback: options.lookback.map(|lookback| lookback / DAY),
            period: options.period,
            by,
            attribution: options.attribution,
            compare: options.compare,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        let values = self.by.iter().map(|by| Some(by.category(facts)));
        std::iter::once(None).chain(values).collect()
    }

    fn start(&self) -> Groups<PeriodSales> {
        Groups::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            calendar: Calendar::new(&part.facts.zone),
            values: Vec::new(),
            key: GroupKey::new(),
            shares: Vec::new(),
            cells: FoldGroups::default(),
            further: FURTHER.map(|role| part.facts.roles.numbers.iter().position(|(name, _)| name == role)),
            sums: Vec::new(),
            unshared: part.facts.unshared > 0,
            standings: Standings::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Groups<PeriodSales>,
        _: Option<&mut ()>,
    ) -> Result<()> {
        scratch.builder.orders(customer.at())?;
        self.stand(scratch);
        self.add(customer, &[], None, scratch)?;
        if !self.by.is_empty() {
            let row = self.one_row(customer, &scratch.builder);
            // The totals of each level, as of a ROLLUP: of the first column, of the first two, and so on.
            for width in 1..=self.by.len() {
                self.add(customer, &self.by[..width], row, scratch)?;
            }
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Groups<PeriodSales>) {
        state.extend(scratch.cells);
    }

    fn finish(&self, state: Groups<PeriodSales>, context: &Context<'_>) -> Result<Outcome> {
        let of = |width: usize| {
            let cells = state.iter().filter(move |(key, _)| key.len() == width + 1);
            filled(cells.map(|(key, cell)| (key.clone(), *cell)).collect())
        };
        let table = |width: usize| table(self, &self.by[..width], &of(width)?, context.facts, context.task);
        let width = self.by.len();
        let mut found = Outcome::table(table(width)?);
        if width > 0 {
            let unshared: u64 = state.values().map(|cell| cell.unshared).sum();
            found = found.and("totals", table(0)?).with("unshared", unshared);
        }
        for level in 1..width {
            found = found.and(format!("level {level}"), table(level)?);
        }
        Ok(found)
    }
}

impl Sales {
    /// Whether an order is one that a customer bought.
    fn bought(&self, order: &Order) -> bool {
        match self.measure {
            Measure::Net => order.kind == OrderKind::Purchase,
            Measure::Paid => order.kind != OrderKind::Refund,
        }
    }

    /// What the customer whose orders were formed is in each period: by all that is known, whatever the window.
    fn stand(&self, scratch: &mut Scratch<'_>) {
        let Scratch {
            builder,
            calendar,
            standings,
            ..
        } = scratch;
        let bought = builder.formed().iter().filter(|order| self.bought(order));
        standings.find(bought.map(|order| calendar.day(order.time)), self.period, self.lookback);
    }

    /// The row whose values count for all that a customer bought; none where each line counts under its own.
    fn one_row(&self, customer: &Customer<'_>, builder: &OrderBuilder<'_>) -> Option<usize> {
        if self.attribution.is_none() && self.by.iter().any(GroupBy::is_of_rows) {
            return None;
        }
        builder.first_line(customer, &self.by, |order| self.bought(order))
    }

    /// Add what a customer bought to groups: each order under the values of one row, or each line under its own.
    fn add(
        &self,
        customer: &Customer<'_>,
        by: &[GroupBy],
        row: Option<usize>,
        scratch: &mut Scratch<'_>,
    ) -> Result<()> {
        let (builder, width) = (&scratch.builder, by.len());
        scratch.values.clear();
        scratch.shares.clear();
        scratch.sums.clear();
        let numbers = scratch.further;
        let has_further = numbers.iter().any(Option::is_some);
        for (number, order) in builder.formed().iter().enumerate() {
            if order.time < self.scope.since || self.measure == Measure::Paid && !self.bought(order) {
                continue;
            }
            let period = self.period.index(scratch.calendar.day(order.time));
            let mut share = |row: usize, money: i128, items: i128, sums: Option<[i128; 3]>| {
                scratch.shares.push(Share {
                    period,
                    values: scratch.values.len(),
                    order: number,
                    bought: self.bought(order),
                    money,
                    items,
                    further: scratch.sums.len(),
                });
                scratch.sums.extend(sums);
                let code = |by: &GroupBy| group_key(by.code(customer.partition, customer.index, row));
                scratch.values.extend(by.iter().map(code));
            };
            let pieces = |row: usize| builder.pieces_of(order, row);
            if by.is_empty() || row.is_some() {
                let items = builder.rows_of(order).map(pieces).sum();
                let sums = has_further.then(|| self.further(customer, &numbers, order, builder.rows_of(order)));
                share(row.unwrap_or_default(), order.money, items, sums);
            } else {
                builder.rows_of(order).for_each(|row| {
                    let sums = has_further.then(|| self.further(customer, &numbers, order, std::iter::once(row)));
                    share(row, builder.money_of(order, row), pieces(row), sums);
                });
            }
        }
        scratch.count(width, customer.is_guests())
    }
}

impl Sales {
    /// The sums of the numbers beside the amount over rows of a purchase; of what is none, nothing.
    fn further(
        &self,
        customer: &Customer<'_>,
        numbers: &[Option<usize>; 3],
        order: &Order,
        rows: impl Iterator<Item = usize>,
    ) -> [i128; 3] {
        let mut sums = [0; 3];
        if !self.bought(order) {
            return sums;
        }
        for row in rows {
            for (sum, number) in sums.iter_mut().zip(numbers) {
                let value = number.map_or(f64::NAN, |at| customer.partition.numbers[at][row]);
                *sum += if value.is_nan() { 0 } else { exact(value) };
            }
        }
        sums
    }
}

impl Scratch<'_> {
    /// Count the shares of a customer, of so many values each: buyers and orders once in each group.
    fn count(&mut self, width: usize, guests: bool) -> Result<()> {
        let Self {
            values,
            shares,
            key,
            cells,
            sums,
            unshared,
            standings,
            ..
        } = self;
        let of = |share: &Share| &values[share.values..share.values + width];
        let mut lines: Vec<usize> = Vec::new();
        if *unshared {
            lines.resize(shares.iter().map(|share| share.order + 1).max().unwrap_or(0), 0);
            for share in shares.iter() {
                lines[share.order] += 1;
            }
        }
        runtime::sort_by(shares, |a, b| {
            let period = a.period.cmp(&b.period);
            let group = if width == 0 {
                period
            } else {
                period.then_with(|| of(a).cmp(of(b)))
            };
            group.then(a.order.cmp(&b.order))
        })?;
        for shares in shares.chunk_by(|a, b| a.period == b.period && (width == 0 || of(a) == of(b))) {
            key.clear();
            key.push(shares[0].period);
            key.extend_from_slice(of(&shares[0]));
            let cell = cells.of(key);
            let standing = if guests {
                Standing::Guest
            } else {
                standings.of(shares[0].period)
            };
            cell.add(shares, sums, standing);
            if *unshared && width > 0 {
                // What stands on one line of several belongs to the group only if all lines do.
                let all = |share: &Share| lines[share.order];
                let orders = shares.chunk_by(|a, b| a.order == b.order);
                cell.unshared += orders.filter(|some| some.len() < all(&some[0])).count() as u64;
            }
        }
        Ok(())
    }
}
