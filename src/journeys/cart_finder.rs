//! Finds the cart episodes of one customer after another. At one instant cart, stages, purchase and removal are read in that
//! order, whatever that of the rows.

use std::cmp::Ordering;

use std::collections::HashMap;

use crate::analysis::Customer;
use crate::columns::NONE;
use crate::error::Result;
use crate::log::{GroupBy, Partition};
use crate::money::exact;
use crate::runtime;

use super::abandonment::Abandonment;
use super::cart_episodes::{Episode, EpisodeStatus};

impl Abandonment {
    /// The episodes of a customer, in the order of time.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub(super) fn episodes_of(&self, customer: &Customer<'_>, to: &mut Vec<Episode>) -> Result<()> {
        let partition = customer.partition;
        let stage = |row: usize| self.stages[partition.labels[self.event][row] as usize];
        let rows = customer.rows().filter(|row| partition.time[*row] < self.starts.1);
        let mut events: Vec<(usize, u32)> = rows.filter_map(|row| Some((row, stage(row)?))).collect();
        let first_bought = events.iter().find(|(_, stage)| *stage == self.purchase);
        let first_bought = first_bought.map_or(i64::MAX, |(row, _)| partition.time[*row]);
        let known = |row: usize| self.same.iter().all(|label| partition.labels[*label][row] != NONE);
        events.retain(|(row, _)| known(*row));
        let values = |a: usize, b: usize| {
            let columns = self.same.iter().map(|label| &partition.labels[*label]);
            columns.fold(Ordering::Equal, |order, codes| order.then(codes[a].cmp(&codes[b])))
        };
        let place = |(row, stage): &(usize, u32)| (partition.time[*row], *stage, *row);
        runtime::sort_by(&mut events, |a, b| {
            values(a.0, b.0).then_with(|| place(a).cmp(&place(b)))
        })?;
        let begun = to.len();
        for cart in events.chunk_by(|a, b| values(a.0, b.0) == Ordering::Equal) {
            self.episodes(partition, cart, customer.index.1, to);
        }
        for episode in &mut to[begun..] {
            episode.bought_before = first_bought < episode.start;
        }
        let inside = |episode: &Episode| self.starts.0 <= episode.start && episode.start < self.starts.1;
        let kept: Vec<Episode> = to.drain(begun..).filter(inside).collect();
        to.extend(kept);
        to[begun..].sort_by_key(|episode| episode.start);
        self.note_signals(customer, &mut to[begun..]);
        Ok(())
    }

    /// Note which signals came between the first cart event of an episode and the landmark.
    fn note_signals(&self, customer: &Customer<'_>, episodes: &mut [Episode]) {
        if self.signals.is_empty() || episodes.is_empty() {
            return;
        }
        let partition = customer.partition;
        for row in customer.rows() {
            let code = partition.labels[self.event][row];
            let Some(signal) = (code != NONE).then(|| self.signal_of[code as usize]).flatten() else {
                continue;
            };
            let time = partition.time[row];
            let from = episodes.partition_point(|episode| episode.start.saturating_add(self.landmark) < time);
            let begun = |episode: &&mut Episode| episode.start <= time;
            episodes[from..]
                .iter_mut()
                .take_while(begun)
                .for_each(|episode| episode.signals |= 1 << signal);
        }
    }

    /// The episodes of events that belong together.
    fn episodes(&self, partition: &Partition, events: &[(usize, u32)], customer: u32, to: &mut Vec<Episode>) {
        let begun = to.len();
        let mut open: Option<Episode> = None;
        let mut cart = Cart::default();
        // Episodes before it are bought, or too old for any purchase that comes.
        let mut waiting = begun;
        for &(row, stage) in events {
            let time = partition.time[row];
            if open.as_ref().is_some_and(|episode| time - episode.last > self.window) {
                to.extend(open.take());
            }
            if stage == self.purchase {
                if let Some(mut episode) = open.take() {
                    (episode.bought, episode.status) = (Some(time), EpisodeStatus::Converted);
                    to.push(episode);
                }
                self.recover(&mut to[waiting..], time);
                waiting = to.len();
            } else if stage > self.purchase {
                let product = self.product_of(partition, row);
                to.extend(open.take_if(|episode| cart.remove(product, episode)));
            } else if stage == 0 || open.is_some() {
                let episode = open.get_or_insert_with(|| {
                    cart.clear();
                    Episode::new(customer, time)
                });
                if stage == 0 {
                    let money = self.value.map(|value| partition.numbers[value][row]);
                    episode.fill(time, money.filter(|money| !money.is_nan()));
                    if self.removes {
                        cart.put(self.product_of(partition, row));
                    }
                }
                episode.stage = episode.stage.max(stage);
                episode.pages += u32::from(stage > 0);
                episode.rows.push(row);
            }
        }
        to.extend(open);
        to[begun..].iter_mut().for_each(|episode| self.settle(episode));
    }

    /// A cart that was left before counts as recovered, whether it was filled again or not.
    fn recover(&self, before: &mut [Episode], time: i64) {
        let left = |episode: &&mut Episode| episode.bought.is_none() && episode.status != EpisodeStatus::Emptied;
        let in_time = |episode: &&mut Episode| time - episode.last <= self.recover;
        for episode in before.iter_mut().filter(left).filter(in_time) {
            (episode.bought, episode.status) = (Some(time), EpisodeStatus::Recovered);
        }
    }

    /// What became of an episode, as far as the data cover its window. One that was bought at once would be known early, and
    /// one that was not only later: whoever counted both would find too few left near the end.
    fn settle(&self, episode: &mut Episode) {
        use EpisodeStatus::{Abandoned, Converted, Emptied, Open};
        let behind = self.end - episode.last;
        episode.status = match episode.status {
            _ if behind <= self.window => Open,
            Open => Abandoned,
            known => known,
        };
        let over = matches!(episode.status, Converted | Emptied) || behind > self.recover;
        episode.settled = episode.status != Open && over;
    }

    fn product_of(&self, partition: &Partition, row: usize) -> u32 {
        self.product.map_or(NONE, |product| partition.labels[product][row])
    }

    /// Note the values that are shown beside an episode.
    pub(super) fn show(&self, customer: &Customer<'_>, episode: &mut Episode) {
        let partition = customer.partition;
        let rows = std::mem::take(&mut episode.rows);
        let code = |by: &GroupBy| {
            let mut codes = rows.iter().map(|row| by.code(partition, customer.index, *row));
            codes.find(|code| *code != NONE).unwrap_or(NONE)
        };
        let number = |number: usize| {
            let mut values = rows.iter().map(|row| partition.numbers[number][*row]);
            values.find(|value| !value.is_nan()).unwrap_or(f64::NAN)
        };
        episode.labels = self.shown.iter().map(|(_, by)| code(by)).collect();
        episode.numbers = self.numbers.iter().map(|(_, at)| number(*at)).collect();
    }
}

impl Episode {
    /// A cart event.
    fn fill(&mut self, time: i64, money: Option<f64>) {
        self.last = time;
        self.carts += 1;
        if let Some(money) = money {
            self.money = Some(self.money.unwrap_or_default() + exact(money));
        }
    }
}

/// What is in the cart of the open episode.
#[derive(Debug, Default)]
struct Cart {
    /// Pieces by product.
    pieces: HashMap<u32, u64>,
    /// All of them.
    count: u64,
}

impl Cart {
    fn clear(&mut self) {
        self.pieces.clear();
        self.count = 0;
    }

    /// A piece comes in.
    fn put(&mut self, product: u32) {
        *self.pieces.entry(product).or_default() += 1;
        self.count += 1;
    }

    /// A piece goes out; whether that was the last.
    fn remove(&mut self, product: u32, episode: &mut Episode) -> bool {
        if let Some(pieces) = self.pieces.get_mut(&product).filter(|pieces| **pieces > 0) {
            *pieces -= 1;
            self.count -= 1;
        }
        if self.count == 0 {
            episode.status = EpisodeStatus::Emptied;
        }
        self.count == 0
    }
}
