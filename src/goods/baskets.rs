//! Baskets: pairs of products or categories that stand in one order, or that one customer bought, with support,
//! confidence and lift. All pairs are counted; nothing is sampled.

use arrow::array::RecordBatch;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::analysis::{
    Analysis, Context, Customer, Decoder, Encoder, Groups, Outcome, PartitionView, State, state_of_fields,
};
use crate::columns::{Columns, NONE};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, Scope, View};
use crate::orders::{OrderBuilder, OrderKind, Refunds};
use crate::params::{options, words};
use crate::runtime::{self, Task};

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

words! {
    /// What a pair stands in.
    pub enum BasketUnit {
        /// One order.
        Order = "order",
        /// All orders of one customer.
        Customer = "customer",
    }
}

options! {
    /// What is asked for.
    pub struct BasketOptions {
        /// What a pair stands in.
        pub unit: BasketUnit,
        /// The column that names what is bought.
        pub level: String,
        /// The share of orders that a pair must stand in.
        pub min_share: f64,
        /// The number of orders that a pair must stand in.
        pub min_orders: u64,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Pairs in orders.
#[derive(Debug)]
pub struct Baskets {
    scope: Scope,
    unit: BasketUnit,
    refunds: Refunds,
    level: usize,
    min_share: f64,
    min_orders: u64,
}

/// Pairs of codes, the smaller first, with the orders that hold both; a pair may stand in several lists.
#[derive(Debug, Default)]
struct PairCounts(Vec<Vec<(u64, u64)>>);

/// Baskets, by item and by pair.
#[derive(Debug, Default)]
pub struct BasketCounts {
    orders: u64,
    items: Groups<u64>,
    pairs: PairCounts,
}

state_of_fields!(BasketCounts { orders, items, pairs });

impl State for PairCounts {
    fn merge(&mut self, mut other: Self) -> Result<()> {
        self.0.append(&mut other.0);
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.length(self.0.iter().map(Vec::len).sum());
        for (pair, orders) in self.0.iter().flatten() {
            let (a, b) = parts(*pair);
            to.code(0, a);
            to.code(0, b);
            to.u64(*orders);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let count = from.length()?;
        let one = |from: &mut Decoder<'_>| Ok((pair(from.code(0)?, from.code(0)?), from.u64()?));
        Ok(Self(vec![(0..count).map(|_| one(from)).collect::<Result<_>>()?]))
    }
}

fn pair(a: u32, b: u32) -> u64 {
    u64::from(a.min(b)) << 32 | u64::from(a.max(b))
}

#[allow(clippy::cast_possible_truncation)] // The halves of a word.
fn parts(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    codes: Vec<u32>,
    counts: Counts,
}

/// The baskets of a partition, by item and by pair.
#[derive(Debug, Default)]
struct Counts {
    orders: u64,
    items: HashMap<u32, u64, FixedState>,
    pairs: HashMap<u64, u64, FixedState>,
}

impl Counts {
    /// Count a basket of some items, each of them once, and empty it.
    fn add(&mut self, codes: &mut Vec<u32>) -> Result<()> {
        codes.sort_unstable();
        codes.dedup();
        self.orders += u64::from(!codes.is_empty());
        // An order of thousands of products has millions of pairs.
        if codes.len() > 1 << 10 {
            runtime::check()?;
        }
        for (at, &first) in codes.iter().enumerate() {
            *self.items.entry(first).or_default() += 1;
            for &second in &codes[at + 1..] {
                *self.pairs.entry(pair(first, second)).or_default() += 1;
            }
        }
        codes.clear();
        Ok(())
    }
}

impl Analysis for Baskets {
    const NAME: &'static str = "baskets";
    const COUNTS_GUESTS: bool = true;

    type Options = BasketOptions;
    type State = BasketCounts;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: BasketOptions, view: &View) -> Result<Self> {
        if options.unit == BasketUnit::Order && view.facts().index.order_id.is_none() {
            return Err(Error::Argument(
                "baskets need to know which lines are of one order: give order_id= to Orders".into(),
            ));
        }
        Ok(Self {
            scope: view.scope(None, None)?,
            unit: options.unit,
            refunds: options.refunds,
            level: view.category("level", &options.level)?,
            min_share: options.min_share,
            min_orders: options.min_orders,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        vec![Some(&facts.categories[self.level])]
    }

    fn start(&self) -> BasketCounts {
        BasketCounts::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            codes: Vec::new(),
            counts: Counts::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut BasketCounts,
        _: Option<&mut ()>,
    ) -> Result<()> {
        // Of guests nobody knows which orders are of one customer.
        if self.unit == BasketUnit::Customer && customer.is_guests() {
            return Ok(());
        }
        scratch.builder.orders(customer.at())?;
        let Scratch { builder, codes, counts } = scratch;
        codes.clear();
        let labels = &customer.partition.labels[self.level];
        for order in builder.formed() {
            if order.kind != OrderKind::Purchase || order.time < self.scope.since {
                continue;
            }
            codes.extend(
                builder
                    .rows_of(order)
                    .map(|row| labels[row])
                    .filter(|code| *code != NONE),
            );
            if self.unit == BasketUnit::Order {
                counts.add(codes)?;
            }
        }
        counts.add(codes)
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut BasketCounts) {
        state.orders += scratch.counts.orders;
        for (item, orders) in scratch.counts.items {
            state.items.update(&[i64::from(item)], |all| *all += orders);
        }
        state.pairs.0.push(scratch.counts.pairs.into_iter().collect());
    }

    fn finish(&self, state: BasketCounts, context: &Context<'_>) -> Result<Outcome> {
        let orders = state.orders;
        Ok(Outcome::table(self.table(state, context)?).with("orders", orders))
    }
}

/// A pair with the orders of both, and of each.
struct Row {
    a: u32,
    b: u32,
    both: u64,
    of_a: u64,
    of_b: u64,
}

impl Baskets {
    /// One row per pair, those in most orders first.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )] // A share of a count.
    fn table(&self, state: BasketCounts, context: &Context<'_>) -> Result<RecordBatch> {
        let all = state.orders as f64;
        let least = self.min_orders.max((self.min_share * all).ceil() as u64).max(1);
        // What is not in so many orders is in no pair of so many.
        let often: Vec<(u32, u64)> = state
            .items
            .iter()
            .filter(|(_, orders)| **orders >= least)
            .filter_map(|(key, orders)| Some((u32::try_from(key[0]).ok()?, *orders)))
            .collect();
        let mut rows: Vec<Row> = Vec::new();
        for ((a, b), both) in counted(state.pairs, &often, context.task)? {
            if both >= least {
                rows.push(Row {
                    a: often[a].0,
                    b: often[b].0,
                    both,
                    of_a: often[a].1,
                    of_b: often[b].1,
                });
            }
        }
        rows.sort_by_key(|row| (std::cmp::Reverse(row.both), row.a, row.b));
        let each = || rows.iter();
        let category = &context.facts.categories[self.level];
        let mut columns = Columns::default();
        for (name, code) in [("item", (|row| row.a) as fn(&Row) -> u32), ("with", |row| row.b)] {
            columns.category(name, category, each().map(code))?;
        }
        let (units, item, with) = match self.unit {
            BasketUnit::Order => ("orders", "item_orders", "with_orders"),
            BasketUnit::Customer => ("customers", "item_customers", "with_customers"),
        };
        columns.ints(units, each().map(|row| row.both.cast_signed()));
        columns.floats("support", each().map(|row| row.both as f64 / all));
        columns.ints(item, each().map(|row| row.of_a.cast_signed()));
        columns.ints(with, each().map(|row| row.of_b.cast_signed()));
        columns.floats("confidence", each().map(|row| row.both as f64 / row.of_a as f64));
        columns.floats("confidence_back", each().map(|row| row.both as f64 / row.of_b as f64));
        let lift = |row: &Row| row.both as f64 * all / (row.of_a as f64 * row.of_b as f64);
        // The logarithm by the delta method, of counts of one multinomial sample.
        let error = |row: &Row| {
            let variance = 1.0 / row.both as f64 - 1.0 / row.of_a as f64 - 1.0 / row.of_b as f64 + 1.0 / all;
            variance.max(0.0).sqrt()
        };
        columns.floats("lift", each().map(lift));
        columns.floats("lift_low", each().map(|row| lift(row) * (-Z * error(row)).exp()));
        columns.floats("lift_high", each().map(|row| lift(row) * (Z * error(row)).exp()));
        columns.finish()
    }
}

/// The most places of a table of all pairs of items that are bought often.
const MOST_PLACES: usize = 1 << 25;

/// The pairs of some items, by their places among them, with all of their orders. Of few items each pair has a place of its
/// own in a table; of many, pairs are sorted.
fn counted(pairs: PairCounts, often: &[(u32, u64)], task: &Task) -> Result<Vec<((usize, usize), u64)>> {
    let width = often.len();
    let last = often.last().map_or(0, |(code, _)| *code as usize + 1);
    let mut places = vec![usize::MAX; last];
    for (place, (code, _)) in often.iter().enumerate() {
        places[*code as usize] = place;
    }
    let place = |code: u32| places.get(code as usize).copied().filter(|place| *place < width);
    let known = |(pair, orders): (u64, u64)| {
        let (a, b) = parts(pair);
        Some((place(a)? * width + place(b)?, orders))
    };
    let found = |(at, orders): (usize, u64)| ((at / width, at % width), orders);
    if width * width <= MOST_PLACES {
        runtime::reserve(width * width * size_of::<u64>())?;
        let mut table = vec![0u64; width * width];
        for list in pairs.0 {
            task.check()?;
            list.into_iter()
                .filter_map(known)
                .for_each(|(at, orders)| table[at] += orders);
        }
        let filled = table.into_iter().enumerate().filter(|(_, orders)| *orders > 0);
        return Ok(filled.map(found).collect());
    }
    let mut all: Vec<(u64, u64)> = Vec::new();
    for list in pairs.0 {
        task.check()?;
        all.extend(
            list.into_iter()
                .filter_map(known)
                .map(|(at, orders)| (at as u64, orders)),
        );
    }
    runtime::sort(&mut all, task)?;
    let same = all.chunk_by(|one, other| one.0 == other.0);
    let sums = same.map(|same| (same[0].0, same.iter().map(|(_, orders)| orders).sum()));
    Ok(sums
        .filter_map(|(at, orders)| Some(found((usize::try_from(at).ok()?, orders))))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_and_a_sort_count_alike() {
        // 7,000 items have more pairs than a table has places.
        let few: Vec<(u32, u64)> = (0..50).map(|code| (code * 3, 9)).collect();
        let many: Vec<(u32, u64)> = (0..7_000).map(|code| (code * 3, 9)).collect();
        let lists = || {
            PairCounts(vec![
                vec![(pair(3, 0), 2), (pair(6, 3), 1), (pair(1, 3), 5)],
                vec![(pair(0, 3), 4)],
            ])
        };
        let expected = vec![((0, 1), 6), ((1, 2), 1)];
        assert_eq!(counted(lists(), &few, &Task::default()), Ok(expected.clone()));
        assert_eq!(counted(lists(), &many, &Task::default()), Ok(expected));
    }
}
