//! Attribution: which visits of a customer are given the credit for a conversion, by five rules side by side.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, FoldGroups, Groups, Outcome, PartitionView, state_of_fields};
use crate::columns::{Columns, NONE, Scalar};
use crate::error::{Error, Result};
use crate::log::{Category, CustomerIndex, Facts, GroupBy, View, group_key};
use crate::money::{MoneyUnit, exact};
use crate::params::{options, words};
use crate::runtime;

use super::sessions::{SessionOptions, Sessions};

/// The rules by their names, in the order of the credits.
const RULES: [&str; 5] = ["first", "last", "linear", "position", "time_decay"];
/// What the first and the last of several visits get each, by position.
const ENDS: f64 = 0.4;
/// What those between them get together.
const MIDDLE: f64 = 0.2;

words! {
    /// Which conversions count.
    pub enum Conversions {
        /// All of them.
        All = "all",
        /// The first of each customer.
        First = "first",
    }
}

options! {
    /// What is asked for.
    pub struct AttributionOptions {
        /// The events that convert.
        pub goal: Vec<Scalar>,
        /// What visits are told apart by: the source of each value, and its name in the result; one of them.
        pub by: Vec<(String, String)>,
        /// How long before a conversion a visit may have begun.
        pub window: i64,
        /// The time in which the weight of a visit halves.
        pub half_life: i64,
        /// Which conversions count.
        pub conversions: Conversions,
        /// The number that says what a conversion is worth.
        pub value: Option<String>,
        /// A longer pause begins another session; none where the role `session` names it.
        pub gap: Option<i64>,
    }
}

/// Attribution of conversions to visits.
#[derive(Debug)]
pub struct Attribution {
    sessions: Sessions,
    by: GroupBy,
    goal: Vec<bool>,
    window: i64,
    half_life: i64,
    conversions: Conversions,
    value: Option<usize>,
    /// Which conversions count: from, and before.
    within: (i64, i64),
}

/// What a channel is given: conversions and money by each rule, in counts of a double.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Credits {
    conversions: [i128; RULES.len()],
    money: [i128; RULES.len()],
    /// Conversions that it had a part in.
    touched: u64,
}

state_of_fields!(Credits {
    conversions,
    money,
    touched
});

/// The channels of the visits before a customer's first conversion: the first, and the last.
#[derive(Debug, Clone, Copy)]
pub struct Channels {
    customer: CustomerIndex,
    first: u32,
    last: u32,
}

/// What the folds of a partition use again.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The visits of the customer at hand: when each began, and its channel.
    visits: Vec<(i64, u32)>,
    weights: Vec<[f64; RULES.len()]>,
    /// The channels of the conversion at hand, with what each is given.
    channels: Vec<(u32, [f64; RULES.len()])>,
    credits: FoldGroups<Credits>,
}

impl Analysis for Attribution {
    const NAME: &'static str = "attribution";

    type Options = AttributionOptions;
    /// By channel; nothing where no visit with a channel came before a conversion.
    type State = Groups<Credits>;
    /// By customer with a conversion.
    type Rows = Vec<Channels>;
    type Scratch<'a> = Scratch;
    type Output = Outcome;

    fn plan(options: AttributionOptions, view: &View) -> Result<Self> {
        let (mut by, _) = view.group_bys(options.by)?;
        let (Some(by), true) = (by.pop(), by.is_empty()) else {
            return Err(Error::Argument(
                "by=: give one column that names the channel of a visit".into(),
            ));
        };
        let mut sessions = Sessions::plan(SessionOptions { gap: options.gap }, view)?;
        // Visits before the window lead to conversions in it.
        sessions.starts = (i64::MIN, view.window.bounds().1);
        Ok(Self {
            sessions,
            by,
            goal: view.events_named(&options.goal)?,
            window: options.window,
            half_life: options.half_life,
            conversions: options.conversions,
            value: options.value.map(|name| view.number(&name)).transpose()?,
            within: view.window.bounds(),
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        vec![Some(self.by.category(facts))]
    }

    fn start(&self) -> Groups<Credits> {
        Groups::default()
    }

    fn scratch<'a>(&'a self, _: &PartitionView<'a>) -> Scratch {
        Scratch::default()
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch,
        _: &mut Groups<Credits>,
        mut rows: Option<&mut Vec<Channels>>,
    ) -> Result<()> {
        let partition = customer.partition;
        let codes = &partition.labels[self.sessions.event];
        let converts = |row: &usize| codes[*row] != NONE && self.goal[codes[*row] as usize];
        let counts = |row: &usize| (self.within.0..self.within.1).contains(&partition.time[*row]);
        // The first is that of all that is known, whether it counts or not.
        let all = customer.rows().filter(converts);
        let taken = match self.conversions {
            Conversions::All => usize::MAX,
            Conversions::First => 1,
        };
        let mut conversions = all.take(taken).filter(counts).peekable();
        if conversions.peek().is_none() {
            return Ok(());
        }
        scratch.visits.clear();
        self.sessions.each(customer, |_, rows| {
            let channel = rows.iter().map(|row| self.by.code(partition, customer.index, *row));
            if let Some(channel) = channel.into_iter().find(|channel| *channel != NONE) {
                scratch.visits.push((partition.time[rows[0]], channel));
            }
        });
        runtime::sort_by(&mut scratch.visits, Ord::cmp)?;
        for (number, row) in conversions.enumerate() {
            let at = partition.time[row];
            let to = scratch.visits.partition_point(|(begun, _)| *begun <= at);
            let from = scratch
                .visits
                .partition_point(|(begun, _)| at.saturating_sub(*begun) > self.window);
            let value = self.value.map_or(0.0, |value| partition.numbers[value][row]);
            let visits = from.min(to)..to;
            if let Some(rows) = rows.as_deref_mut().filter(|_| number == 0) {
                let channel = |visit: Option<&(i64, u32)>| visit.map_or(NONE, |(_, channel)| *channel);
                rows.push(Channels {
                    customer: customer.index,
                    first: channel(scratch.visits[visits.clone()].first()),
                    last: channel(scratch.visits[visits.clone()].last()),
                });
            }
            self.credit(visits, at, if value.is_nan() { 0.0 } else { value }, scratch);
        }
        Ok(())
    }

    fn end_partition(&self, scratch: Scratch, state: &mut Groups<Credits>) {
        state.extend(scratch.credits);
    }

    fn finish(&self, state: Groups<Credits>, context: &Context<'_>) -> Result<Outcome> {
        let facts = context.facts;
        let name = self.by.category(facts).kind().name();
        let each = || state.values();
        let mut columns = Columns::default();
        columns.push(self.by.column(facts, name, state.keys().map(|key| key[0]))?);
        columns.ints("conversions", each().map(|credits| credits.touched.cast_signed()));
        for (at, rule) in RULES.into_iter().enumerate() {
            columns.floats(
                rule,
                each().map(|credits| MoneyUnit::Float.to_f64(credits.conversions[at])),
            );
        }
        if self.value.is_some() {
            for (at, rule) in RULES.into_iter().enumerate() {
                let money = |credits: &Credits| MoneyUnit::Float.to_f64(credits.money[at]);
                columns.floats(&format!("{rule}_value"), each().map(money));
            }
        }
        Ok(Outcome::table(columns.finish()?))
    }

    fn list(&self, rows: Vec<Vec<Channels>>, context: &Context<'_>) -> Result<RecordBatch> {
        let found = context
            .population
            .in_key_order(&rows, |channels| channels.customer.1, context.task)?;
        let (places, all): (Vec<CustomerIndex>, Vec<&Channels>) = found.into_iter().unzip();
        let category = self.by.category(context.facts);
        let mut columns = Columns::default();
        columns.push(context.population.keys(&places)?);
        columns.category("first", category, all.iter().map(|channels| channels.first))?;
        columns.category("last", category, all.iter().map(|channels| channels.last))?;
        columns.finish()
    }
}

impl Attribution {
    /// Give the credit for a conversion at an instant to some visits; to none where there is none.
    fn credit(&self, visits: std::ops::Range<usize>, at: i64, value: f64, scratch: &mut Scratch) {
        let Scratch {
            visits: all,
            weights,
            channels,
            credits,
        } = scratch;
        let visits = &all[visits];
        if visits.is_empty() {
            credits.of(&[i64::MAX]).add(&[1.0; RULES.len()], value);
            return;
        }
        self.weigh(visits, at, weights);
        channels.clear();
        for ((_, channel), weight) in visits.iter().zip(weights.iter()) {
            match channels.iter_mut().find(|(known, _)| known == channel) {
                Some((_, sum)) => sum.iter_mut().zip(weight).for_each(|(sum, weight)| *sum += weight),
                None => channels.push((*channel, *weight)),
            }
        }
        for (channel, weight) in channels.drain(..) {
            credits.of(&[group_key(channel)]).add(&weight, value);
        }
    }

    /// The share of each visit by each rule; the shares of a rule add up to one.
    #[allow(clippy::cast_precision_loss)] // Counts and times lie far below 2⁵³.
    fn weigh(&self, visits: &[(i64, u32)], at: i64, weights: &mut Vec<[f64; RULES.len()]>) {
        let count = visits.len();
        let decayed = |begun: i64| libm::exp2(-((at - begun) as f64) / self.half_life as f64);
        let sum: f64 = visits.iter().map(|(begun, _)| decayed(*begun)).sum();
        weights.clear();
        weights.extend(visits.iter().enumerate().map(|(number, (begun, _))| {
            let (first, last) = (number == 0, number + 1 == count);
            let position = match (count, first || last) {
                (1, _) => 1.0,
                (2, _) => 0.5,
                (_, true) => ENDS,
                (_, false) => MIDDLE / (count - 2) as f64,
            };
            // Of visits so long ago that nothing is left of any, all count alike.
            let decay = if sum > 0.0 {
                decayed(*begun) / sum
            } else {
                1.0 / count as f64
            };
            [
                f64::from(u8::from(first)),
                f64::from(u8::from(last)),
                1.0 / count as f64,
                position,
                decay,
            ]
        }));
    }
}

impl Credits {
    fn add(&mut self, weights: &[f64; RULES.len()], value: f64) {
        self.touched += 1;
        for (rule, weight) in weights.iter().enumerate() {
            self.conversions[rule] += exact(*weight);
            self.money[rule] += exact(weight * value);
        }
    }
}
