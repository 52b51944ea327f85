//! Paths: the transition matrix of events within sessions, and the most frequent event sequences.

use arrow::array::RecordBatch;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::analysis::{
    Analysis, Context, Customer, Decoder, Encoder, GroupKey, Groups, Outcome, PartitionView, State, state_of_fields,
};
use crate::columns::{Columns, NONE, Scalar};
use crate::error::Result;
use crate::log::{Category, Facts, View, group_key};
use crate::params::options;

use super::sessions::{SessionOptions, Sessions};

options! {
    /// What is asked for.
    pub struct PathOptions {
        /// A longer pause begins another session; none where the role `session` names it.
        pub gap: Option<i64>,
        /// Paths begin with the first of these events in a session; at its beginning where none is named.
        pub start: Option<Vec<Scalar>>,
        /// Paths end with the first of these events; at the end of the session where none is named.
        pub end: Option<Vec<Scalar>>,
        /// The longest sequence that is told apart.
        pub depth: usize,
        /// How many sequences are shown.
        pub most: usize,
    }
}

/// Paths through sessions.
#[derive(Debug)]
pub struct Paths {
    sessions: Sessions,
    start: Option<Vec<bool>>,
    end: Option<Vec<bool>>,
    depth: usize,
    most: usize,
}

/// How often one event follows another, and each sequence occurs.
#[derive(Debug, Default)]
pub struct PathCounts {
    /// By event and next event; null for the beginning and the end of a path.
    transitions: Groups<u64>,
    sequences: Sequences,
}

state_of_fields!(PathCounts { transitions, sequences });

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct EventSequence {
    codes: Vec<u32>,
    /// Whether the path goes on beyond the depth.
    cut: bool,
}

/// How often each sequence occurs.
#[derive(Debug, Default)]
struct Sequences(HashMap<EventSequence, u64, FixedState>);

impl State for Sequences {
    fn merge(&mut self, other: Self) -> Result<()> {
        for (sequence, count) in other.0 {
            *self.0.entry(sequence).or_default() += count;
        }
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        let mut all: Vec<(&EventSequence, &u64)> = self.0.iter().collect();
        all.sort_unstable();
        to.list(&all, |to, (sequence, count)| {
            to.list(&sequence.codes, |to, code| to.code(0, *code));
            to.u8(u8::from(sequence.cut));
            to.u64(**count);
        });
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let pairs = from.list(|from| {
            let codes = from.list(|from| from.code(0))?;
            let cut = from.u8()? == 1;
            Ok((EventSequence { codes, cut }, from.u64()?))
        })?;
        Ok(Self(pairs.into_iter().collect()))
    }
}

/// What the folds of a partition use again: the matrix of transitions, with one more place for the beginning before the
/// first event and the end after the last.
#[derive(Debug)]
pub struct Scratch {
    events: usize,
    counts: Vec<u64>,
    codes: Vec<u32>,
}

impl Analysis for Paths {
    const NAME: &'static str = "paths";

    type Options = PathOptions;
    type State = PathCounts;
    type Rows = ();
    type Scratch<'a> = Scratch;
    type Output = Outcome;

    fn plan(options: PathOptions, view: &View) -> Result<Self> {
        let named = |events: Option<Vec<Scalar>>| events.map(|events| view.events_named(&events)).transpose();
        Ok(Self {
            sessions: Sessions::plan(SessionOptions { gap: options.gap }, view)?,
            start: named(options.start)?,
            end: named(options.end)?,
            depth: options.depth,
            most: options.most,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        vec![Some(&facts.categories[self.sessions.event]); 2]
    }

    fn start(&self) -> PathCounts {
        PathCounts::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch {
        let events = part.facts.categories[self.sessions.event].len();
        Scratch {
            events,
            counts: vec![0; (events + 1) * (events + 1)],
            codes: Vec::new(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch,
        state: &mut PathCounts,
        _: Option<&mut ()>,
    ) -> Result<()> {
        self.sessions.each(customer, |_, rows| {
            if self.path(customer, rows, &mut scratch.codes) {
                scratch.count();
                let depth = self.depth.min(scratch.codes.len());
                let sequence = EventSequence {
                    codes: scratch.codes[..depth].to_vec(),
                    cut: scratch.codes.len() > depth,
                };
                *state.sequences.0.entry(sequence).or_default() += 1;
            }
        });
        Ok(())
    }

    fn end_partition(&self, scratch: Scratch, state: &mut PathCounts) {
        let width = scratch.events + 1;
        let part = |event: usize| {
            u32::try_from(event).map_or(i64::MAX, |code| {
                group_key(if event == scratch.events { NONE } else { code })
            })
        };
        for (cell, count) in scratch.counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            *state
                .transitions
                .entry(smallvec::smallvec![part(cell / width), part(cell % width)])
                .or_default() += count;
        }
    }

    fn finish(&self, state: PathCounts, context: &Context<'_>) -> Result<Outcome> {
        let events = &context.facts.categories[self.sessions.event];
        let paths: u64 = state.sequences.0.values().sum();
        let mut sequences: Vec<(EventSequence, u64)> = state.sequences.0.into_iter().collect();
        sequences.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sequences.truncate(self.most);
        Ok(Outcome::table(self.table(&sequences, paths, events)?)
            .and("transitions", transitions(&state.transitions, events)?)
            .with("paths", paths))
    }
}

impl Paths {
    /// The codes of the path through a session, if there is one.
    fn path(&self, customer: &Customer<'_>, rows: &[usize], to: &mut Vec<u32>) -> bool {
        let codes = &customer.partition.labels[self.sessions.event];
        let is = |named: &Option<Vec<bool>>, row: usize| named.as_ref().is_some_and(|named| named[codes[row] as usize]);
        let from = match self.start {
            None => 0,
            Some(_) => match rows.iter().position(|row| is(&self.start, *row)) {
                Some(from) => from,
                None => return false,
            },
        };
        let end = rows[from..].iter().position(|row| is(&self.end, *row));
        let until = end.map_or(rows.len(), |at| from + at + 1);
        to.clear();
        to.extend(rows[from..until].iter().map(|row| codes[*row]));
        true
    }

    /// The most common sequences: the events, whether the path goes on, how often, and the share of all.
    #[allow(clippy::cast_precision_loss)] // Counts of events lie far below 2⁵³.
    fn table(&self, sequences: &[(EventSequence, u64)], paths: u64, events: &Category) -> Result<RecordBatch> {
        let each = || sequences.iter();
        let mut columns = Columns::default();
        for step in 0..self.depth {
            let codes = each().map(|(sequence, _)| sequence.codes.get(step).copied().unwrap_or(NONE));
            columns.category(&format!("step_{}", step + 1), events, codes)?;
        }
        columns.bools("goes_on", each().map(|(sequence, _)| sequence.cut));
        columns.ints("count", each().map(|(_, count)| count.cast_signed()));
        columns.floats("share", each().map(|(_, count)| *count as f64 / paths as f64));
        columns.finish()
    }
}

impl Scratch {
    /// Count the transitions of the path.
    fn count(&mut self) {
        let (mut before, width) = (self.events, self.events + 1);
        for code in &self.codes {
            self.counts[before * width + *code as usize] += 1;
            before = *code as usize;
        }
        self.counts[before * width + self.events] += 1;
    }
}

/// One row per pair of events of which one follows the other: how often, and its share of what follows. A null is the
/// beginning of a path, and its end; the beginning stands first.
#[allow(clippy::cast_precision_loss)]
fn transitions(counts: &Groups<u64>, events: &Category) -> Result<RecordBatch> {
    let (begun, others): (Vec<_>, Vec<_>) = counts.iter().partition(|(pair, _)| pair[0] == i64::MAX);
    let rows: Vec<(&GroupKey, &u64)> = begun.into_iter().chain(others).collect();
    let mut totals: HashMap<i64, u64, FixedState> = HashMap::default();
    for (pair, count) in &rows {
        *totals.entry(pair[0]).or_default() += *count;
    }
    let mut columns = Columns::default();
    for (at, name) in ["from", "to"].iter().enumerate() {
        let codes = rows.iter().map(|(pair, _)| u32::try_from(pair[at]).unwrap_or(NONE));
        columns.category(name, events, codes)?;
    }
    columns.ints("count", rows.iter().map(|(_, count)| count.cast_signed()));
    let rate = |(pair, count): &(&GroupKey, &u64)| **count as f64 / totals[&pair[0]] as f64;
    columns.floats("rate", rows.iter().map(rate));
    columns.finish()
}
