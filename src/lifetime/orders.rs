//! From orders to histories: purchases of one day are one, and days are calendar days of the log's zone.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::columns::Calendar;
use crate::customers::{Former, Kind, Log, Place, Refunds};
use crate::error::Result;
use crate::parallel::{self, Task};

use super::histories::History;

/// What a customer did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bought {
    /// Purchases, in days.
    pub history: History,
    /// Net money per repeat: all but that of the first day; 0 without repeats.
    pub repeat_mean: f64,
    /// Money of the first day.
    pub first_money: f64,
    /// Days with a purchase from a day on, and the net money from then on.
    pub later: (f64, f64),
}

/// The histories of all customers who bought, in the order of their keys.
#[derive(Debug, Default)]
pub struct OrderHistories {
    /// Who.
    pub places: Vec<Place>,
    /// What they did.
    pub bought: Vec<Bought>,
    /// The last day of observation, counted from 1970-01-01.
    pub last_day: i64,
    /// By day: customers who first bought on it, and days with a repeat; of those who first bought before `later`.
    pub by_day: Vec<(i64, u64, u64)>,
}

/// One partition's customers; `None` for those who did not buy.
type Part = (Vec<Option<Bought>>, HashMap<i64, (u64, u64), FixedState>);

/// The histories up to an instant; what lies from the day `later` on is counted apart, too.
///
/// # Errors
/// If the caller asked to stop.
pub fn order_histories(log: &Log, refunds: Refunds, until: i64, later: i64, task: &Task) -> Result<OrderHistories> {
    let last_day = Calendar::new(&log.zone).day(until.saturating_sub(1));
    let parts = parallel::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let mut former = Former::new(log, partition, refunds, until, None);
        let mut calendar = Calendar::new(&log.zone);
        let mut days: Vec<(i64, i128)> = Vec::new();
        let mut to: Part = (Vec::with_capacity(partition.len()), HashMap::default());
        for customer in 0..partition.len() {
            days.clear();
            let (mut all, mut after) = (0, 0);
            for order in former.orders(customer) {
                let day = calendar.day(order.time);
                all += order.money;
                after += if day >= later { order.money } else { 0 };
                if order.kind == Kind::Purchase {
                    days.push((day, order.money));
                }
            }
            days.sort_unstable_by_key(|(day, _)| *day);
            let money = |money: i128| log.unit.to_f64(money);
            to.0.push(history(&days, (all, after), last_day, later, money));
            if days.first().is_some_and(|(day, _)| *day < later) {
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

#[allow(clippy::cast_precision_loss)] // Days are few.
fn history(
    days: &[(i64, i128)],
    (all, after): (i128, i128),
    last_day: i64,
    later: i64,
    money: impl Fn(i128) -> f64,
) -> Option<Bought> {
    let (first, last) = (days.first()?.0, days.last()?.0);
    let distinct = || days.chunk_by(|a, b| a.0 == b.0);
    let repeats = (distinct().count() - 1) as f64;
    let at_first: i128 = days
        .iter()
        .take_while(|(day, _)| *day == first)
        .map(|(_, money)| money)
        .sum();
    Some(Bought {
        history: History {
            repeats,
            last: (last - first) as f64,
            age: (last_day - first) as f64,
        },
        repeat_mean: if repeats > 0.0 {
            money(all - at_first) / repeats
        } else {
            0.0
        },
        first_money: money(at_first),
        later: (distinct().filter(|day| day[0].0 >= later).count() as f64, money(after)),
    })
}

fn count(days: &[(i64, i128)], to: &mut HashMap<i64, (u64, u64), FixedState>) {
    for (at, day) in days.chunk_by(|a, b| a.0 == b.0).enumerate() {
        let cell = to.entry(day[0].0).or_default();
        if at == 0 {
            cell.0 += 1;
        } else {
            cell.1 += 1;
        }
    }
}
