//! Contribution: which values of which columns moved sales between two periods.

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::columns::{Keys, hash_bits, hash_bytes};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, TimePoint, View, Window, group_key};
use crate::orders::{Order, OrderBuilder, OrderKind, Refunds};
use crate::params::{options, words};
use crate::stats::RANDOM_GROUPS;
use crate::time::Calendar;

use super::contribution_tables::{moved_table, movers_table, values};
use super::standing::Standing;

/// Neither a value of this column nor of that.
pub(super) const ANY: i64 = i64::MAX;

words! {
    /// Whether new, returning and won-back buyers are an explanation, or only shown.
    pub enum Buyers {
        /// They are shown: where the data begin with the first period, all of its buyers are new.
        Shown = "shown",
        /// They may be among the movers.
        Explain = "explain",
    }
}

options! {
    /// What is asked for.
    pub struct ContributionOptions {
        /// The first period: from, and before.
        pub before: (TimePoint, TimePoint),
        /// The second one.
        pub after: (TimePoint, TimePoint),
        /// What sales are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// Whether what buyers are explains too.
        pub buyers: Buyers,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Sales of two periods by columns, each apart and all together.
#[derive(Debug)]
pub struct Contribution {
    periods: [(i64, i64); 2],
    window: Window,
    until: i64,
    refunds: Refunds,
    pub(super) buyers: Buyers,
    pub(super) by: Vec<GroupBy>,
    of_rows: Vec<usize>,
}

/// The money of the two periods, and the buyers, by key: a column (0 is what buyers are: new, returning …; then those of
/// `by`, then all), what the buyers are, and the values of `by`.
#[derive(Debug, Default)]
pub struct Moved {
    /// By all columns at once; the column is 0.
    pub(super) cells: Groups<[i128; 2]>,
    pub(super) buyers: Groups<[u64; 2]>,
    /// By column and random group.
    pub(super) samples: Groups<[i128; 2]>,
}

state_of_fields!(Moved { cells, buyers, samples });

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    key: GroupKey,
    /// The values of the line at hand.
    values: Vec<i64>,
    /// Columns and values of what was bought, with the period.
    bought: Vec<(i64, i64, usize)>,
    cells: FoldGroups<[i128; 2]>,
    buyers: FoldGroups<[u64; 2]>,
    samples: FoldGroups<[i128; 2]>,
}

impl Analysis for Contribution {
    const NAME: &'static str = "contribution";
    const COUNTS_GUESTS: bool = true;

    type Options = ContributionOptions;
    type State = Moved;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: ContributionOptions, view: &View) -> Result<Self> {
        let facts = view.facts();
        let periods = view.two_periods("contribution", options.before, options.after)?;
        let (by, _) = view.group_bys_of("columns", options.by)?;
        let of_rows: Vec<usize> = (0..by.len()).filter(|at| by[*at].is_of_rows()).collect();
        if !facts.roles.has_money() {
            return Err(Error::Argument(
                "contribution explains money: give amount= to Orders".into(),
            ));
        }
        if facts.unshared > 0 && !of_rows.is_empty() {
            return Err(Error::Data(
                "the amount is that of the order and cannot be shared by its lines: give price= and quantity= to Orders, \
                 or columns of customers alone"
                    .into(),
            ));
        }
        Ok(Self {
            until: periods[1].1,
            periods,
            window: view.window,
            refunds: options.refunds,
            buyers: options.buyers,
            by,
            of_rows,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        let values = self.by.iter().map(|by| Some(by.category(facts)));
        [None, None].into_iter().chain(values).collect()
    }

    fn start(&self) -> Moved {
        Moved::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.until),
            calendar: Calendar::new(&part.facts.zone),
            key: GroupKey::new(),
            values: Vec::new(),
            bought: Vec::new(),
            cells: FoldGroups::default(),
            buyers: FoldGroups::default(),
            samples: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Moved,
        _: Option<&mut ()>,
    ) -> Result<()> {
        scratch.builder.orders(customer.at())?;
        let standings = [0, 1].map(|period| self.standing(customer, period, scratch));
        let drawn = (!customer.is_guests()).then(|| random_group(customer));
        scratch.bought.clear();
        for at in 0..scratch.builder.formed().len() {
            let order = scratch.builder.formed()[at];
            let inside = |(from, to): &(i64, i64)| (*from..*to).contains(&order.time);
            let Some(period) = self.periods.iter().position(inside) else {
                continue;
            };
            // Of guests each order is one by itself.
            let group = drawn.unwrap_or_else(|| {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                // The low half tells orders of one instant apart.
                let money = order.money as u64;
                group_of(hash_bits(order.time.cast_unsigned() ^ money))
            });
            self.add(customer, &order, (period, standings[period], group), scratch);
        }
        if !customer.is_guests() {
            self.count_buyer(scratch);
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Moved) {
        state.cells.extend(scratch.cells);
        state.buyers.extend(scratch.buyers);
        state.samples.extend(scratch.samples);
    }

    fn finish(&self, state: Moved, context: &Context<'_>) -> Result<Outcome> {
        let facts = context.facts;
        let mut calendar = Calendar::new(&facts.zone);
        let days = self
            .periods
            .map(|(from, to)| (calendar.day(from), calendar.day(to - 1)));
        let watched = facts.observed(self.window);
        let whole = |(first, last): (i64, i64)| watched.is_some_and(|days| days.first <= first && last <= days.last);
        let (values, all) = values(self, &state, facts);
        let table = moved_table(self, &values, all, facts)?;
        let movers = movers_table(self, &state, &values, all, context)?;
        Ok(Outcome::table(table)
            .and("movers", movers)
            .with("whole", whole(days[0]) && whole(days[1]))
            .with("days_before", days[0].1 - days[0].0 + 1)
            .with("days_after", days[1].1 - days[1].0 + 1))
    }
}

impl Contribution {
    /// The number of the column that stands for all.
    pub(super) fn all(&self) -> i64 {
        i64::try_from(self.by.len() + 1).unwrap_or(i64::MAX)
    }

    /// What a customer is in a period, by all that is known.
    fn standing(&self, customer: &Customer<'_>, period: usize, scratch: &mut Scratch<'_>) -> Standing {
        if customer.is_guests() {
            return Standing::Guest;
        }
        let (from, to) = self.periods[period];
        let bought = |order: &&Order| order.kind == OrderKind::Purchase;
        let times = scratch.builder.formed().iter().filter(bought).map(|order| order.time);
        let Some(first) = times.clone().filter(|time| (from..to).contains(time)).min() else {
            return Standing::default();
        };
        let last = times.filter(|time| *time < from).max();
        let gap = last.map(|last| scratch.calendar.day(first) - scratch.calendar.day(last));
        Standing::after(gap)
    }

    /// Add an order of a period to the groups of its lines; what no line tells apart is added once.
    fn add(
        &self,
        customer: &Customer<'_>,
        order: &Order,
        (period, standing, group): (usize, Standing, i64),
        scratch: &mut Scratch<'_>,
    ) {
        let Scratch {
            builder,
            key,
            values,
            bought,
            cells,
            samples,
            ..
        } = scratch;
        let mut add = |row: usize, money: i128| {
            let code = |by: &GroupBy| group_key(by.code(customer.partition, customer.index, row));
            key.clear();
            key.extend([0, standing as i64]);
            key.extend(self.by.iter().map(code));
            cells.of(key)[period] += money;
            values.clear();
            values.extend_from_slice(&key[1..]);
            for (column, &value) in (0..).zip(values.iter()) {
                key.fill(ANY);
                key[0] = column;
                key[1 + usize::try_from(column).unwrap_or_default()] = value;
                key.push(group);
                samples.of(key)[period] += money;
                key.pop();
                if order.kind == OrderKind::Purchase {
                    bought.push((column, value, period));
                }
            }
        };
        if self.of_rows.is_empty() {
            if let Some(row) = customer.rows().next() {
                add(row, order.money);
            }
        } else {
            builder
                .rows_of(order)
                .for_each(|row| add(row, builder.money_of(order, row)));
        }
    }

    /// Count a customer once in each value of what was bought, and once in all.
    fn count_buyer(&self, scratch: &mut Scratch<'_>) {
        let Scratch {
            key, bought, buyers, ..
        } = scratch;
        let all = [0, 1].map(|period| {
            bought
                .iter()
                .any(|bought| bought.2 == period)
                .then_some((self.all(), ANY, period))
        });
        bought.extend(all.into_iter().flatten());
        bought.sort_unstable();
        bought.dedup();
        for (column, value, period) in bought.drain(..) {
            key.clear();
            key.resize(self.by.len() + 2, ANY);
            key[0] = column;
            if let Some(part) = usize::try_from(column).ok().and_then(|at| key.get_mut(at + 1)) {
                *part = value;
            }
            buyers.of(key)[period] += 1;
        }
    }
}

/// The random group of a customer: by the key alone, so that it is the same wherever the customer stands.
fn random_group(customer: &Customer<'_>) -> i64 {
    group_of(match &*customer.partition.customers {
        Keys::Bits(bits) => hash_bits(bits[customer.at()]),
        Keys::Bytes(bytes) => hash_bytes(bytes.get(customer.at())),
    })
}

/// Partitions go by the same hash: it is mixed once more.
fn group_of(hash: u64) -> i64 {
    (hash_bits(hash) % RANDOM_GROUPS as u64).cast_signed()
}
