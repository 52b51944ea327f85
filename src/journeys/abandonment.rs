//! Carts that are left: episodes, from the first cart event after a purchase or a lapse to the purchase, or to the window's
//! silence after the last cart event. Each episode is counted once.

use std::cmp::Ordering;

use arrow::array::RecordBatch;

use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{CustomerIndex, GroupBy, Log, Partition, group_key};
use crate::money::fixed;
use crate::runtime::{self, Task};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct AbandonmentPlan {
    /// Of each event code: 0 for the cart, 1 … for the stages behind it, then the purchase; `None` for others.
    pub stages: Vec<Option<u32>>,
    /// The number of the purchase.
    pub purchase: u32,
    /// The silence after which a cart is left.
    pub window: i64,
    /// The time after its last cart event within which a cart that was left counts as recovered; not below the window.
    pub recover: i64,
    /// The label that names the event.
    pub event: usize,
    /// Labels whose value is the same in all events of an episode.
    pub same: Vec<usize>,
    /// The number that holds money.
    pub value: Option<usize>,
    /// What is shown beside each episode, under these names, with the value of its first event that has one.
    pub labels: Vec<(String, GroupBy)>,
    /// Numbers that are shown beside each episode, likewise.
    pub numbers: Vec<(String, usize)>,
    /// Which episodes count: those that begin from here, and before here.
    pub starts: (i64, i64),
    /// Rows from here on are cut.
    pub until: i64,
    /// The end of observation.
    pub end: i64,
}

/// What became of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Bought before the window's silence.
    Converted,
    /// Bought after it, but in time.
    Recovered,
    /// Not bought in time.
    Abandoned,
    /// The data end before that can be known.
    Open,
}

/// The life of one cart.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// Whose.
    pub place: CustomerIndex,
    /// Its first and its last cart event.
    pub start: i64,
    /// Its last cart event.
    pub last: i64,
    /// When it was bought, if it was.
    pub bought: Option<i64>,
    /// Cart events, and events of the stages behind the cart.
    pub carts: u32,
    /// Events of the stages behind the cart.
    pub pages: u32,
    /// The furthest stage.
    pub stage: u32,
    /// The value of its cart events, in counts of 2⁻⁶⁴.
    pub money: i128,
    /// Whether the customer had bought before, anything at all.
    pub bought_before: bool,
    /// Whether it is known by now if it was recovered.
    pub settled: bool,
    /// What became of it.
    pub status: Status,
    /// The rows of its events.
    rows: Vec<usize>,
}

/// Every episode, by partition and customer, in the order of time.
///
/// # Errors
/// If the caller asked to stop.
pub fn abandonment(log: &Log, plan: &AbandonmentPlan, task: &Task) -> Result<Vec<(Vec<Episode>, Shown)>> {
    runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let mut episodes = Vec::new();
        for customer in 0..partition.len() {
            let place = (
                u32::try_from(at).unwrap_or(NONE),
                u32::try_from(customer).unwrap_or(NONE),
            );
            of_customer(partition, place, plan, &mut episodes);
        }
        let shown = Shown::of(partition, plan, &episodes);
        for episode in &mut episodes {
            episode.rows = Vec::new();
        }
        Ok((episodes, shown))
    })
}

fn of_customer(partition: &Partition, place: CustomerIndex, plan: &AbandonmentPlan, to: &mut Vec<Episode>) {
    let stage = |row: usize| plan.stages[partition.labels[plan.event][row] as usize];
    let rows = partition
        .rows(place.1 as usize)
        .filter(|row| partition.time[*row] < plan.until);
    let mut events: Vec<(usize, u32)> = rows.filter_map(|row| Some((row, stage(row)?))).collect();
    let first_bought = events.iter().find(|(_, stage)| *stage == plan.purchase);
    let first_bought = first_bought.map_or(i64::MAX, |(row, _)| partition.time[*row]);
    let known = |row: usize| plan.same.iter().all(|label| partition.labels[*label][row] != NONE);
    events.retain(|(row, _)| known(*row));
    let values = |a: usize, b: usize| {
        let columns = plan.same.iter().map(|label| &partition.labels[*label]);
        columns.fold(Ordering::Equal, |order, codes| order.then(codes[a].cmp(&codes[b])))
    };
    events.sort_by(|a, b| values(a.0, b.0).then(a.0.cmp(&b.0)));
    let begun = to.len();
    for cart in events.chunk_by(|a, b| values(a.0, b.0) == Ordering::Equal) {
        episodes(partition, cart, place, plan, to);
    }
    for episode in &mut to[begun..] {
        episode.bought_before = first_bought < episode.start;
    }
    let inside = |episode: &Episode| plan.starts.0 <= episode.start && episode.start < plan.starts.1;
    let kept: Vec<Episode> = to.drain(begun..).filter(inside).collect();
    to.extend(kept);
    to[begun..].sort_by_key(|episode| episode.start);
}

/// The episodes of events that belong together.
fn episodes(
    partition: &Partition,
    events: &[(usize, u32)],
    place: CustomerIndex,
    plan: &AbandonmentPlan,
    to: &mut Vec<Episode>,
) {
    let begun = to.len();
    let mut open: Option<Episode> = None;
    for &(row, stage) in events {
        let time = partition.time[row];
        if open.as_ref().is_some_and(|episode| time - episode.last > plan.window) {
            to.extend(open.take());
        }
        if stage == plan.purchase {
            if let Some(mut episode) = open.take() {
                (episode.bought, episode.status) = (Some(time), Status::Converted);
                to.push(episode);
            }
            // A cart that was left before counts as recovered, whether it was filled again or not.
            for left in &mut to[begun..] {
                if left.bought.is_none() && time - left.last <= plan.recover {
                    (left.bought, left.status) = (Some(time), Status::Recovered);
                }
            }
            continue;
        }
        if stage == 0 {
            let episode = open.get_or_insert_with(|| new(place, time));
            episode.last = time;
            episode.carts += 1;
            let money = plan.value.map_or(0.0, |value| partition.numbers[value][row]);
            episode.money += if money.is_nan() { 0 } else { fixed(money) };
        }
        if let Some(episode) = &mut open {
            episode.stage = episode.stage.max(stage);
            episode.pages += u32::from(stage > 0);
            episode.rows.push(row);
        }
    }
    to.extend(open);
    for episode in &mut to[begun..] {
        episode.settled = episode.bought.is_some() || plan.end - episode.last > plan.recover;
        if episode.status == Status::Open && plan.end - episode.last > plan.window {
            episode.status = Status::Abandoned;
        }
    }
}

fn new(place: CustomerIndex, time: i64) -> Episode {
    Episode {
        place,
        start: time,
        last: time,
        bought: None,
        carts: 0,
        pages: 0,
        stage: 0,
        money: 0,
        bought_before: false,
        settled: false,
        status: Status::Open,
        rows: Vec::new(),
    }
}

/// The values that are shown beside the episodes of a partition.
#[derive(Debug, Default)]
pub struct Shown {
    labels: Vec<Vec<u32>>,
    numbers: Vec<Vec<f64>>,
}

impl Shown {
    fn of(partition: &Partition, plan: &AbandonmentPlan, episodes: &[Episode]) -> Self {
        let code = |by: &GroupBy, episode: &Episode| {
            let (at, customer) = (episode.place.0 as usize, episode.place.1 as usize);
            let mut codes = episode.rows.iter().map(|row| by.code(partition, at, customer, *row));
            codes.find(|code| *code != NONE).unwrap_or(NONE)
        };
        let number = |number: usize, episode: &Episode| {
            let values = episode.rows.iter().map(|row| partition.numbers[number][*row]);
            values.into_iter().find(|value| !value.is_nan()).unwrap_or(f64::NAN)
        };
        Self {
            labels: plan
                .labels
                .iter()
                .map(|(_, by)| episodes.iter().map(|of| code(by, of)).collect())
                .collect(),
            numbers: plan
                .numbers
                .iter()
                .map(|(_, at)| episodes.iter().map(|of| number(*at, of)).collect())
                .collect(),
        }
    }
}

/// One row per episode, in the order of the keys and of time. `stages` names the cart and what lies behind it.
///
/// # Errors
/// If the caller asked to stop, or Arrow cannot build the table.
pub fn episode_table(
    log: &Log,
    plan: &AbandonmentPlan,
    parts: &[(Vec<Episode>, Shown)],
    stages: &[String],
    task: &Task,
) -> Result<RecordBatch> {
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for &(part, customer) in log.in_order(task)? {
        let episodes = &parts[part as usize].0;
        let from = episodes.partition_point(|episode| episode.place.1 < customer);
        let own = episodes[from..]
            .iter()
            .take_while(|episode| episode.place.1 == customer);
        rows.extend((from..).zip(own).map(|(at, _)| (part as usize, at)));
    }
    let each = || rows.iter().map(|(part, at)| &parts[*part].0[*at]);
    let mut columns = Columns::default();
    columns.push(log.keys(&each().map(|episode| episode.place).collect::<Vec<_>>())?);
    columns.maybe_times("start", each().map(|episode| Some(episode.start)), &log.zone);
    columns.maybe_times("last_cart", each().map(|episode| Some(episode.last)), &log.zone);
    columns.maybe_times("bought", each().map(|episode| episode.bought), &log.zone);
    columns.ints("carts", each().map(|episode| i64::from(episode.carts)));
    columns.ints("checkout_pages", each().map(|episode| i64::from(episode.pages)));
    columns.bools("first_time_buyer", each().map(|episode| !episode.bought_before));
    let stage = |episode: &Episode| i32::try_from(episode.stage).unwrap_or(-1);
    columns.words("stage", each().map(stage).collect(), stages)?;
    let words = ["converted", "recovered", "abandoned", "open"].map(String::from);
    columns.words("status", each().map(|episode| episode.status as i32).collect(), &words)?;
    columns.bools("settled", each().map(|episode| episode.settled));
    if plan.value.is_some() {
        columns.floats(
            "money",
            each().map(|episode| crate::money::Unit::Binary.to_f64(episode.money)),
        );
    }
    for (at, (name, by)) in plan.labels.iter().enumerate() {
        let codes = rows.iter().map(|(part, row)| parts[*part].1.labels[at][*row]);
        columns.push(by.column(log, name, codes.map(group_key))?);
    }
    for (at, (name, _)) in plan.numbers.iter().enumerate() {
        let values = rows.iter().map(|(part, row)| parts[*part].1.numbers[at][*row]);
        columns.maybe_floats(name, values.map(|value| (!value.is_nan()).then_some(value)));
    }
    columns.finish()
}
