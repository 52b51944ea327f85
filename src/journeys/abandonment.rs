//! Cart abandonment: episodes, from the first cart event after a purchase or a lapse to the purchase, or to the
//! window's silence after the last cart event. Each episode is counted once.

use std::cmp::Ordering;

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, Decoder, Encoder, Outcome, PartitionView, State};
use crate::columns::{Columns, NONE, Op, Scalar};
use crate::error::Result;
use crate::log::{Category, CustomerIndex, Facts, GroupBy, Partition, View};
use crate::money::{MoneyUnit, fixed};
use crate::params::options;

use super::cart_features::features;
use super::cart_groups::{groups, stages};

options! {
    /// What is asked for.
    pub struct AbandonmentOptions {
        /// The events of the cart, of the stages behind it, and of the purchase.
        pub stages: Vec<Vec<Scalar>>,
        /// The names of the cart and of the stages behind it.
        pub names: Vec<String>,
        /// The silence after which a cart is left.
        pub window: i64,
        /// The time after its last cart event within which a cart that was left counts as recovered.
        pub recover_within: i64,
        /// The category that names the session, where events of a session belong together.
        pub session: Option<String>,
        /// Categories whose value is the same in all events of an episode.
        pub same: Vec<String>,
        /// The number that holds money.
        pub value: Option<String>,
        /// What episodes are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// What may go with the outcome: columns, attributes, or what is counted of an episode.
        pub features: Vec<String>,
    }
}

/// Carts that are left.
#[derive(Debug)]
pub struct Abandonment {
    /// Of each event code: 0 for the cart, 1 … for the stages behind it, then the purchase; `None` for others.
    stages: Vec<Option<u32>>,
    pub(super) names: Vec<String>,
    purchase: u32,
    window: i64,
    /// Not below the window.
    recover: i64,
    event: usize,
    same: Vec<usize>,
    pub(super) value: Option<usize>,
    /// Shown beside each episode under these names, with the value of its first event that has one.
    pub(super) shown: Vec<(String, GroupBy)>,
    pub(super) numbers: Vec<(String, usize)>,
    /// The names of what episodes are broken down by, and of the features.
    pub(super) by: Vec<String>,
    pub(super) features: Vec<String>,
    /// Which episodes count: those that begin from here, and before here.
    starts: (i64, i64),
    end: i64,
}

/// Features that are counted of an episode itself.
pub(super) const OWN_FEATURES: [&str; 3] = ["checkout_pages", "first_time_buyer", "carts"];

/// An episode with its customer.
pub(super) type Row<'a> = (CustomerIndex, &'a Episode);

/// What became of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpisodeStatus {
    /// Bought before the window's silence.
    Converted,
    /// Bought after it, but in time.
    Recovered,
    /// Not bought in time.
    Abandoned,
    /// The data end before that can be known.
    Open,
}

impl EpisodeStatus {
    pub(super) const ALL: [(Self, &'static str); 4] = [
        (Self::Converted, "converted"),
        (Self::Recovered, "recovered"),
        (Self::Abandoned, "abandoned"),
        (Self::Open, "open"),
    ];
}

/// The life of one cart.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// Whose, by its customer in the chunk.
    pub(super) customer: u32,
    /// Its first cart event.
    pub(super) start: i64,
    /// Its last cart event.
    pub(super) last: i64,
    /// When it was bought, if it was.
    pub(super) bought: Option<i64>,
    /// Cart events.
    pub(super) carts: u32,
    /// Events of the stages behind the cart.
    pub(super) pages: u32,
    /// The furthest stage.
    pub(super) stage: u32,
    /// The value of its cart events, in counts of 2⁻⁶⁴.
    pub(super) money: i128,
    /// Whether the customer had bought before, anything at all.
    pub(super) bought_before: bool,
    /// Whether it is known by now if it was recovered.
    pub(super) settled: bool,
    /// What became of it.
    pub(super) status: EpisodeStatus,
    /// Codes of what is shown beside it.
    pub(super) labels: Vec<u32>,
    /// Numbers that are shown beside it; not-a-number for none.
    pub(super) numbers: Vec<f64>,
    /// The rows of its events, while its partition is read.
    pub(super) rows: Vec<usize>,
}

/// The episodes of some customers, chunk by chunk.
#[derive(Debug, Default)]
pub struct Episodes(Vec<Vec<Episode>>);

impl State for Episodes {
    fn merge(&mut self, mut other: Self) -> Result<()> {
        self.0.append(&mut other.0);
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.list(&self.0, |to, chunk| to.list(chunk, |to, episode| episode.encode(to)));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self(from.list(|from| from.list(Episode::decode))?))
    }
}

impl Analysis for Abandonment {
    const NAME: &'static str = "abandonment";
    const PER_CUSTOMER: bool = true;

    type Options = AbandonmentOptions;
    type State = Episodes;
    type Rows = ();
    type Scratch<'a> = Vec<Episode>;
    type Output = Outcome;

    fn plan(options: AbandonmentOptions, view: &View) -> Result<Self> {
        let event = view.event()?;
        let mut stages = vec![None; view.facts().categories[event].len()];
        let purchase = u32::try_from(options.stages.len().saturating_sub(1)).unwrap_or(u32::MAX);
        for (stage, events) in (0..).zip(options.stages) {
            for name in events {
                let found = view.facts().categories[event].compared(Op::Equal, &name)?;
                let fits = stages.iter_mut().zip(found).filter(|(_, found)| *found);
                fits.for_each(|(code, _)| *code = Some(stage));
            }
        }
        let mut same = view.categories("same", &options.same)?;
        same.extend(
            options
                .session
                .map(|name| view.category("session", &name))
                .transpose()?,
        );
        let (mut shown, mut numbers) = (Vec::new(), Vec::new());
        let by: Vec<String> = options.by.iter().map(|(_, name)| name.clone()).collect();
        let own = |name: &String| OWN_FEATURES.contains(&name.as_str()) || by.contains(name);
        let mut sources = options.by.clone();
        for name in options.features.iter().filter(|name| !own(name)) {
            if !sources.iter().any(|(_, known)| known == name) {
                sources.push((name.clone(), name.clone()));
            }
        }
        for (source, name) in sources {
            match view.find_number(&source) {
                Some(number) => numbers.push((name, number)),
                None => shown.push((name, view.group_by(&source)?)),
            }
        }
        Ok(Self {
            stages,
            names: options.names,
            purchase,
            window: options.window,
            recover: options.recover_within.max(options.window),
            event,
            same,
            value: options.value.map(|name| view.number(&name)).transpose()?,
            shown,
            numbers,
            by,
            features: options.features,
            starts: view.window.bounds(),
            end: view.facts().end(view.window).unwrap_or_default(),
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        self.shown.iter().map(|(_, by)| Some(by.category(facts))).collect()
    }

    fn start(&self) -> Episodes {
        Episodes::default()
    }

    fn scratch<'a>(&'a self, _: &PartitionView<'a>) -> Vec<Episode> {
        Vec::new()
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        episodes: &mut Vec<Episode>,
        _: &mut Episodes,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let begun = episodes.len();
        self.episodes_of(customer, episodes);
        for episode in &mut episodes[begun..] {
            self.show(customer, episode);
        }
        Ok(())
    }

    fn end_partition(&self, episodes: Vec<Episode>, state: &mut Episodes) {
        state.0.push(episodes);
    }

    fn finish(&self, state: Episodes, context: &Context<'_>) -> Result<Outcome> {
        let rows = sorted_by_key(&state, context)?;
        Ok(Outcome::table(groups(self, &rows, context.facts)?)
            .and("episodes", self.table(&rows, context)?)
            .and("stages", stages(self, &rows)?)
            .and("features", features(self, &rows, context.facts)?))
    }
}

impl Abandonment {
    /// The episodes of a customer, in the order of time.
    fn episodes_of(&self, customer: &Customer<'_>, to: &mut Vec<Episode>) {
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
        events.sort_by(|a, b| values(a.0, b.0).then(a.0.cmp(&b.0)));
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
    }

    /// The episodes of events that belong together.
    fn episodes(&self, partition: &Partition, events: &[(usize, u32)], customer: u32, to: &mut Vec<Episode>) {
        let begun = to.len();
        let mut open: Option<Episode> = None;
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
                // A cart that was left before counts as recovered, whether it was filled again or not.
                for left in &mut to[begun..] {
                    if left.bought.is_none() && time - left.last <= self.recover {
                        (left.bought, left.status) = (Some(time), EpisodeStatus::Recovered);
                    }
                }
                continue;
            }
            if stage == 0 {
                let episode = open.get_or_insert_with(|| Episode::new(customer, time));
                episode.last = time;
                episode.carts += 1;
                let money = self.value.map_or(0.0, |value| partition.numbers[value][row]);
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
            episode.settled = episode.bought.is_some() || self.end - episode.last > self.recover;
            if episode.status == EpisodeStatus::Open && self.end - episode.last > self.window {
                episode.status = EpisodeStatus::Abandoned;
            }
        }
    }

    /// Note the values that are shown beside an episode.
    fn show(&self, customer: &Customer<'_>, episode: &mut Episode) {
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

    /// One row per episode, in the order of the keys and of time.
    fn table(&self, rows: &[Row<'_>], context: &Context<'_>) -> Result<RecordBatch> {
        let (facts, population) = (context.facts, context.population);
        let each = || rows.iter().map(|row| row.1);
        let mut columns = Columns::default();
        columns.push(population.keys(&rows.iter().map(|row| row.0).collect::<Vec<_>>())?);
        columns.maybe_times("start", each().map(|episode| Some(episode.start)), &facts.zone);
        columns.maybe_times("last_cart", each().map(|episode| Some(episode.last)), &facts.zone);
        columns.maybe_times("bought", each().map(|episode| episode.bought), &facts.zone);
        columns.ints("carts", each().map(|episode| i64::from(episode.carts)));
        columns.ints("checkout_pages", each().map(|episode| i64::from(episode.pages)));
        columns.bools("first_time_buyer", each().map(|episode| !episode.bought_before));
        let furthest = |episode: &Episode| i32::try_from(episode.stage).unwrap_or(-1);
        columns.words("stage", each().map(furthest).collect(), &self.names)?;
        let words = EpisodeStatus::ALL.map(|(_, word)| word.to_string());
        columns.words("status", each().map(|episode| episode.status as i32).collect(), &words)?;
        columns.bools("settled", each().map(|episode| episode.settled));
        if self.value.is_some() {
            columns.floats("money", each().map(|episode| MoneyUnit::Binary.to_f64(episode.money)));
        }
        for (at, (name, by)) in self.shown.iter().enumerate() {
            columns.category(name, by.category(facts), each().map(|episode| episode.labels[at]))?;
        }
        for (at, (name, _)) in self.numbers.iter().enumerate() {
            let values = each().map(|episode| episode.numbers[at]);
            columns.maybe_floats(name, values.map(|value| (!value.is_nan()).then_some(value)));
        }
        columns.finish()
    }
}

/// The episodes in the order of the keys and of time.
fn sorted_by_key<'a>(state: &'a Episodes, context: &Context<'_>) -> Result<Vec<Row<'a>>> {
    let mut rows = Vec::new();
    for &(chunk, customer) in context.population.sorted_by_key(context.task)? {
        let episodes = &state.0[chunk as usize];
        let from = episodes.partition_point(|episode| episode.customer < customer);
        let own = episodes[from..]
            .iter()
            .take_while(|episode| episode.customer == customer);
        rows.extend(own.map(|episode| ((chunk, customer), episode)));
    }
    Ok(rows)
}

impl Episode {
    fn new(customer: u32, time: i64) -> Self {
        Self {
            customer,
            start: time,
            last: time,
            bought: None,
            carts: 0,
            pages: 0,
            stage: 0,
            money: 0,
            bought_before: false,
            settled: false,
            status: EpisodeStatus::Open,
            labels: Vec::new(),
            numbers: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.u32(self.customer);
        to.i64(self.start);
        to.i64(self.last);
        to.opt_i64(self.bought);
        to.u32(self.carts);
        to.u32(self.pages);
        to.u32(self.stage);
        to.i128(self.money);
        to.u8(u8::from(self.bought_before));
        to.u8(u8::from(self.settled));
        to.u8(self.status as u8);
        to.length(self.labels.len());
        for (position, code) in self.labels.iter().enumerate() {
            to.code(position, *code);
        }
        to.list(&self.numbers, |to, number| to.f64(*number));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let mut episode = Self::new(from.u32()?, from.i64()?);
        episode.last = from.i64()?;
        episode.bought = from.opt_i64()?;
        (episode.carts, episode.pages, episode.stage) = (from.u32()?, from.u32()?, from.u32()?);
        episode.money = from.i128()?;
        episode.bought_before = from.u8()? == 1;
        episode.settled = from.u8()? == 1;
        let status = EpisodeStatus::ALL.get(usize::from(from.u8()?));
        episode.status = status.map_or(EpisodeStatus::Open, |(status, _)| *status);
        let labels = from.length()?;
        episode.labels = (0..labels).map(|position| from.code(position)).collect::<Result<_>>()?;
        episode.numbers = from.list(Decoder::f64)?;
        Ok(episode)
    }
}
