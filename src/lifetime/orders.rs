//! From orders to histories: purchases of one day are one, and days are calendar days of the log's zone.

use arrow::array::ArrayRef;
use arrow::datatypes::FieldRef;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::analysis::{Analysis, Context, Customer, Decoder, Encoder, Groups, PartitionView, State};
use crate::error::Result;
use crate::log::{CustomerIndex, View};
use crate::money::MoneyUnit;
use crate::orders::{OrderBuilder, OrderKind, Refunds, SummaryOptions};
use crate::time::Calendar;

use super::histories::History;

/// What a customer did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PurchaseHistory {
    /// Purchases, in days.
    pub history: History,
    /// Net money per repeat: all but that of the first day; 0 without repeats.
    pub repeat_mean: f64,
    /// Net money of the first day.
    pub first_money: f64,
    /// Days with a purchase from a day on, and the net money from then on.
    pub later: (f64, f64),
}

/// The histories of all customers who bought, in the order of their keys.
#[derive(Debug)]
pub struct OrderHistories {
    /// Their keys.
    pub keys: (FieldRef, ArrayRef),
    /// Who.
    pub places: Vec<CustomerIndex>,
    /// What they did.
    pub bought: Vec<PurchaseHistory>,
    /// The last day of observation, counted from 1970-01-01.
    pub last_day: i64,
    /// By day: customers who first bought on it, and days with a repeat; of those who first bought before `later`.
    pub by_day: Vec<(i64, u64, u64)>,
}

/// Which purchases make histories.
#[derive(Debug, Clone, Copy)]
pub struct HistoryPlan {
    /// What to do with refunds.
    pub refunds: Refunds,
    /// Rows from this instant on are not known.
    pub until: i64,
    /// What lies from this day on is counted apart, too.
    pub later: i64,
}

/// The purchases of one customer in whole numbers: days since 1970-01-01, and exact money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Exact {
    first: i64,
    last: i64,
    /// Days with a purchase.
    days: i64,
    /// Money of the first day, net of what refunds elsewhere name it.
    first_money: i128,
    /// Net money of the other days.
    repeat_money: i128,
    /// Days with a purchase from the day `later` on.
    later_days: i64,
    /// Net money from then on.
    later_money: i128,
}

/// The money of an order.
#[derive(Debug, Clone, Copy)]
struct DatedMoney {
    day: i64,
    /// The day of the order that it refunds; its own where it names none.
    of_day: i64,
    money: i128,
}

/// The purchases of some customers, chunk by chunk; `None` for those who did not buy.
#[derive(Debug, Default)]
pub struct HistoryState {
    chunks: Vec<Vec<Option<Exact>>>,
    /// By day: customers who first bought on it, and days with a repeat; of those who first bought before `later`.
    by_day: Groups<[u64; 2]>,
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    calendar: Calendar<'a>,
    days: Vec<i64>,
    money: Vec<DatedMoney>,
    chunk: Vec<Option<Exact>>,
    by_day: HashMap<i64, [u64; 2], FixedState>,
}

impl State for HistoryState {
    fn merge(&mut self, mut other: Self) -> Result<()> {
        self.chunks.append(&mut other.chunks);
        self.by_day.merge(other.by_day)
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.list(&self.chunks, |to, chunk| {
            to.list(chunk, |to, of| {
                to.u8(u8::from(of.is_some()));
                if let Some(of) = of {
                    of.encode(to);
                }
            });
        });
        self.by_day.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let one = |from: &mut Decoder<'_>| match from.u8()? {
            0 => Ok(None),
            _ => Exact::decode(from).map(Some),
        };
        Ok(Self {
            chunks: from.list(|from| from.list(one))?,
            by_day: State::decode(from)?,
        })
    }
}

impl Analysis for HistoryPlan {
    const NAME: &'static str = "histories";
    const PER_CUSTOMER: bool = true;

    type Options = SummaryOptions;
    type State = HistoryState;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = OrderHistories;

    fn plan(options: SummaryOptions, view: &View) -> Result<Self> {
        Ok(Self {
            refunds: options.refunds,
            until: view.scope(None, None)?.until,
            later: i64::MAX,
        })
    }

    fn start(&self) -> HistoryState {
        HistoryState::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.until),
            calendar: Calendar::new(&part.facts.zone),
            days: Vec::new(),
            money: Vec::new(),
            chunk: Vec::with_capacity(part.partition.len()),
            by_day: HashMap::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut HistoryState,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let Scratch { days, money, .. } = scratch;
        days.clear();
        money.clear();
        scratch.builder.orders(customer.at())?;
        for order in scratch.builder.formed() {
            let day = scratch.calendar.day(order.time);
            let refunded = scratch.builder.refunded_by(order);
            money.push(DatedMoney {
                day,
                of_day: refunded.map_or(day, |refunded| scratch.calendar.day(refunded.time)),
                money: order.money,
            });
            if order.kind == OrderKind::Purchase {
                days.push(day);
            }
        }
        days.sort_unstable();
        scratch.chunk.push(Exact::new(days, money, self.later));
        if days.first().is_some_and(|day| *day < self.later) {
            count(days, &mut scratch.by_day);
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut HistoryState) {
        state.chunks.push(scratch.chunk);
        let days = scratch
            .by_day
            .into_iter()
            .map(|(day, counts)| (smallvec::smallvec![day], counts));
        state.by_day.extend(days);
    }

    fn finish(&self, state: HistoryState, context: &Context<'_>) -> Result<OrderHistories> {
        let facts = context.facts;
        let last_day = Calendar::new(&facts.zone).day(self.until.saturating_sub(1));
        let (mut places, mut bought) = (Vec::new(), Vec::new());
        for &place in context.population.sorted_by_key(context.task)? {
            if let Some(exact) = state.chunks[place.0 as usize][place.1 as usize] {
                places.push(place);
                bought.push(exact.history(last_day, facts.unit));
            }
        }
        Ok(OrderHistories {
            keys: context.population.keys(&places)?,
            places,
            bought,
            last_day,
            by_day: state
                .by_day
                .iter()
                .map(|(day, [first, again])| (day[0], *first, *again))
                .collect(),
        })
    }
}

impl Exact {
    /// Of a customer's days with a purchase, in their order, and the money of all orders by day.
    fn new(days: &[i64], money: &[DatedMoney], later: i64) -> Option<Self> {
        let (first, last) = (*days.first()?, *days.last()?);
        let distinct = || days.chunk_by(|a, b| a == b);
        let count = |days: usize| i64::try_from(days).unwrap_or(i64::MAX);
        let sum =
            |of: &dyn Fn(&DatedMoney) -> bool| money.iter().filter(|money| of(money)).map(|money| money.money).sum();
        Some(Self {
            first,
            last,
            days: count(distinct().count()),
            first_money: sum(&|money| money.of_day == first),
            repeat_money: sum(&|money| money.of_day != first),
            later_days: count(distinct().filter(|day| day[0] >= later).count()),
            later_money: sum(&|money| money.day >= later),
        })
    }

    #[allow(clippy::cast_precision_loss)] // Days are few.
    fn history(&self, last_day: i64, unit: MoneyUnit) -> PurchaseHistory {
        let repeats = (self.days - 1) as f64;
        PurchaseHistory {
            history: History {
                repeats,
                last: (self.last - self.first) as f64,
                age: (last_day - self.first) as f64,
            },
            repeat_mean: if repeats > 0.0 {
                unit.to_f64(self.repeat_money) / repeats
            } else {
                0.0
            },
            first_money: unit.to_f64(self.first_money),
            later: (self.later_days as f64, unit.to_f64(self.later_money)),
        }
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        for days in [self.first, self.last, self.days, self.later_days] {
            to.i64(days);
        }
        for money in [self.first_money, self.repeat_money, self.later_money] {
            to.i128(money);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self {
            first: from.i64()?,
            last: from.i64()?,
            days: from.i64()?,
            later_days: from.i64()?,
            first_money: from.i128()?,
            repeat_money: from.i128()?,
            later_money: from.i128()?,
        })
    }
}

fn count(days: &[i64], to: &mut HashMap<i64, [u64; 2], FixedState>) {
    for (at, day) in days.chunk_by(|a, b| a == b).enumerate() {
        to.entry(day[0]).or_default()[usize::from(at > 0)] += 1;
    }
}
