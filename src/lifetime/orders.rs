//! From orders to histories: purchases of one day are one, and days are calendar days of the log's zone.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::error::Result;
use crate::log::{CustomerIndex, Log};
use crate::money::Unit;
use crate::orders::{Kind, OrderBuilder, Refunds};
use crate::runtime::{self, Task};
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
#[derive(Debug, Default)]
pub struct OrderHistories {
    /// Who.
    pub places: Vec<CustomerIndex>,
    /// What they did.
    pub bought: Vec<PurchaseHistory>,
    /// The last day of observation, counted from 1970-01-01.
    pub last_day: i64,
    /// By day: customers who first bought on it, and days with a repeat; of those who first bought before `later`.
    pub by_day: Vec<(i64, u64, u64)>,
}

/// One partition's customers; `None` for those who did not buy.
type Part = (Vec<Option<PurchaseHistory>>, HashMap<i64, (u64, u64), FixedState>);

/// The histories up to an instant; what lies from the day `later` on is counted apart, too.
///
/// # Errors
/// If the caller asked to stop.
pub(super) fn order_histories(
    log: &Log,
    refunds: Refunds,
    until: i64,
    later: i64,
    task: &Task,
) -> Result<OrderHistories> {
    let last_day = Calendar::new(&log.zone).day(until.saturating_sub(1));
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let mut former = OrderBuilder::new(log, partition, refunds, until, None);
        let mut calendar = Calendar::new(&log.zone);
        let (mut days, mut money): (Vec<i64>, Vec<(i64, i128)>) = (Vec::new(), Vec::new());
        let mut to: Part = (Vec::with_capacity(partition.len()), HashMap::default());
        for customer in 0..partition.len() {
            days.clear();
            money.clear();
            for order in former.orders(customer) {
                let day = calendar.day(order.time);
                money.push((day, order.money));
                if order.kind == Kind::Purchase {
                    days.push(day);
                }
            }
            days.sort_unstable();
            to.0.push(history(&days, &money, (last_day, later), log.unit));
            if days.first().is_some_and(|day| *day < later) {
                count(&days, &mut to.1);
            }
        }
        Ok(to)
    })?;
    let mut by_day: HashMap<i64, (u64, u64), FixedState> = HashMap::default();
    for (day, (first, again)) in parts.iter().flat_map(|(_, days)| days) {
        let to = by_day.entry(*day).or_default();
        to.0 += first;
        to.1 += again;
    }
    let mut all = OrderHistories {
        last_day,
        by_day: by_day
            .into_iter()
            .map(|(day, (first, again))| (day, first, again))
            .collect(),
        ..OrderHistories::default()
    };
    all.by_day.sort_unstable();
    for &place in log.in_order(task)? {
        if let Some(bought) = parts[place.0 as usize].0[place.1 as usize] {
            all.places.push(place);
            all.bought.push(bought);
        }
    }
    Ok(all)
}

/// A customer's days with a purchase, in their order, and the money of all orders by day.
#[allow(clippy::cast_precision_loss)] // Days are few.
fn history(days: &[i64], money: &[(i64, i128)], (last_day, later): (i64, i64), unit: Unit) -> Option<PurchaseHistory> {
    let (first, last) = (*days.first()?, *days.last()?);
    let distinct = || days.chunk_by(|a, b| a == b);
    let repeats = (distinct().count() - 1) as f64;
    let sum = |of: &dyn Fn(i64) -> bool| -> f64 {
        unit.to_f64(money.iter().filter(|(day, _)| of(*day)).map(|(_, money)| money).sum())
    };
    Some(PurchaseHistory {
        history: History {
            repeats,
            last: (last - first) as f64,
            age: (last_day - first) as f64,
        },
        repeat_mean: if repeats > 0.0 {
            sum(&|day| day != first) / repeats
        } else {
            0.0
        },
        first_money: sum(&|day| day == first),
        later: (
            distinct().filter(|day| day[0] >= later).count() as f64,
            sum(&|day| day >= later),
        ),
    })
}

fn count(days: &[i64], to: &mut HashMap<i64, (u64, u64), FixedState>) {
    for (at, day) in days.chunk_by(|a, b| a == b).enumerate() {
        let cell = to.entry(day[0]).or_default();
        if at == 0 {
            cell.0 += 1;
        } else {
            cell.1 += 1;
        }
    }
}
