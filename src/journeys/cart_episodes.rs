//! Cart episodes: what is kept of each, and their state.

use crate::analysis::{Context, Decoder, Encoder, State};
use crate::error::Result;
use crate::log::CustomerIndex;

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
    /// Its window is not over when the data end, bought or not.
    Open,
    /// All that was in it was taken out again: neither left nor bought.
    Emptied,
}

impl EpisodeStatus {
    /// Each with its word, in the order of the columns.
    pub(super) const ALL: [(Self, &'static str); 5] = [
        (Self::Converted, "converted"),
        (Self::Recovered, "recovered"),
        (Self::Abandoned, "abandoned"),
        (Self::Open, "open"),
        (Self::Emptied, "emptied"),
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
    /// The value of its cart events, in counts of 2⁻⁶⁴; none where none has one.
    pub(super) money: Option<i128>,
    /// Whether the customer had bought before, anything at all.
    pub(super) bought_before: bool,
    /// Whether it is known by now if it was recovered.
    pub(super) settled: bool,
    /// The signals that came by the landmark, a bit each.
    pub(super) signals: u64,
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
pub struct Episodes(pub(super) Vec<Vec<Episode>>);

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

/// The episodes in the order of the keys and of time.
pub(super) fn sorted_by_key<'a>(state: &'a Episodes, context: &Context<'_>) -> Result<Vec<Row<'a>>> {
    context
        .population
        .in_key_order(&state.0, |episode| episode.customer, context.task)
}

impl Episode {
    pub(super) fn new(customer: u32, time: i64) -> Self {
        Self {
            customer,
            start: time,
            last: time,
            bought: None,
            carts: 0,
            pages: 0,
            stage: 0,
            money: None,
            bought_before: false,
            settled: false,
            signals: 0,
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
        to.opt_i128(self.money);
        to.u8(u8::from(self.bought_before));
        to.u8(u8::from(self.settled));
        to.u64(self.signals);
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
        episode.money = from.opt_i128()?;
        episode.bought_before = from.u8()? == 1;
        episode.settled = from.u8()? == 1;
        episode.signals = from.u64()?;
        let status = EpisodeStatus::ALL.get(usize::from(from.u8()?));
        episode.status = status.map_or(EpisodeStatus::Open, |(status, _)| *status);
        let labels = from.length()?;
        episode.labels = (0..labels).map(|position| from.code(position)).collect::<Result<_>>()?;
        episode.numbers = from.list(Decoder::f64)?;
        Ok(episode)
    }
}
