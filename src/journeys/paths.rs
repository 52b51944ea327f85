//! The ways through visits: which event follows which, and the most common sequences.

use std::collections::HashMap;

use arrow::array::RecordBatch;

use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{Log, Partition};
use crate::runtime::{self, Task};

use super::sessions::SessionPlan;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct PathPlan {
    /// What a visit is.
    pub session: SessionPlan,
    /// Paths begin with the first of these events in a visit; at its beginning where none is named.
    pub start: Option<Vec<bool>>,
    /// Paths end with the first of these events; at the end of the visit where none is named.
    pub end: Option<Vec<bool>>,
    /// The longest sequence that is told apart.
    pub depth: usize,
}

/// How often one event follows another, and each sequence occurs.
#[derive(Debug)]
pub struct Paths {
    /// By event and next event, each with one more place: the beginning before the first, the end after the last.
    counts: Vec<u64>,
    events: usize,
    /// Sequences of event codes, whether they go on beyond the depth, and how often each occurs; the most common first.
    sequences: Vec<(Sequence, u64)>,
    /// All paths.
    pub paths: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Sequence {
    codes: Vec<u32>,
    cut: bool,
}

/// Count the paths of a log.
///
/// # Errors
/// If the caller asked to stop.
pub fn paths(log: &Log, plan: &PathPlan, task: &Task) -> Result<Paths> {
    let events = log.labels[plan.session.event].len();
    let parts = runtime::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let mut to = Part {
            counts: vec![0; (events + 1) * (events + 1)],
            sequences: HashMap::new(),
            codes: Vec::new(),
            paths: 0,
        };
        for customer in 0..partition.len() {
            plan.session
                .each(partition, customer, |_, rows| to.add(partition, plan, events, rows));
        }
        Ok(to)
    })?;
    let mut counts = vec![0; (events + 1) * (events + 1)];
    let mut sequences: HashMap<Sequence, u64> = HashMap::new();
    for part in &parts {
        counts.iter_mut().zip(&part.counts).for_each(|(all, some)| *all += some);
    }
    let paths = parts.iter().map(|part| part.paths).sum();
    for (sequence, count) in parts.into_iter().flat_map(|part| part.sequences) {
        *sequences.entry(sequence).or_default() += count;
    }
    let mut sequences: Vec<(Sequence, u64)> = sequences.into_iter().collect();
    sequences.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(Paths {
        counts,
        events,
        sequences,
        paths,
    })
}

struct Part {
    counts: Vec<u64>,
    sequences: HashMap<Sequence, u64>,
    codes: Vec<u32>,
    paths: u64,
}

impl Part {
    /// The path of one visit.
    fn add(&mut self, partition: &Partition, plan: &PathPlan, events: usize, rows: &[usize]) {
        let codes = &partition.labels[plan.session.event];
        let is = |named: &Option<Vec<bool>>, row: usize| named.as_ref().is_some_and(|named| named[codes[row] as usize]);
        let from = match plan.start {
            None => 0,
            Some(_) => match rows.iter().position(|row| is(&plan.start, *row)) {
                Some(from) => from,
                None => return,
            },
        };
        let to = rows[from..]
            .iter()
            .position(|row| is(&plan.end, *row))
            .map_or(rows.len(), |at| from + at + 1);
        self.codes.clear();
        self.codes.extend(rows[from..to].iter().map(|row| codes[*row]));
        let mut before = events;
        for code in &self.codes {
            self.counts[before * (events + 1) + *code as usize] += 1;
            before = *code as usize;
        }
        self.counts[before * (events + 1) + events] += 1;
        self.paths += 1;
        let depth = plan.depth.min(self.codes.len());
        let key = Sequence {
            codes: self.codes[..depth].to_vec(),
            cut: self.codes.len() > depth,
        };
        *self.sequences.entry(key).or_default() += 1;
    }
}

impl Paths {
    /// One row per pair of events of which one follows the other: how often, and its share of what follows. A null is the
    /// beginning of a path, and its end.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)] // Counts of events lie far below 2⁵³.
    pub fn transitions(&self, log: &Log, event: usize) -> Result<RecordBatch> {
        let width = self.events + 1;
        let code = |at: usize| {
            if at == self.events {
                NONE
            } else {
                u32::try_from(at).unwrap_or(NONE)
            }
        };
        let total = |from: usize| self.counts[from * width..(from + 1) * width].iter().sum::<u64>();
        // The beginning stands first.
        let order = (0..width).map(|at| (at + self.events) % width);
        let cells: Vec<(usize, usize)> = order
            .flat_map(|from| (0..width).map(move |to| (from, to)))
            .filter(|(from, to)| self.counts[from * width + to] > 0)
            .collect();
        let count = |(from, to): &(usize, usize)| self.counts[from * width + to];
        let mut columns = Columns::default();
        for (name, codes) in [
            ("from", cells.iter().map(|cell| code(cell.0)).collect::<Vec<_>>()),
            ("to", cells.iter().map(|cell| code(cell.1)).collect()),
        ] {
            let (field, array) = log.labels[event].restore(codes.into_iter())?;
            columns.push((field.as_ref().clone().with_name(name).into(), array));
        }
        columns.ints("count", cells.iter().map(|cell| count(cell).cast_signed()));
        columns.floats(
            "rate",
            cells.iter().map(|cell| count(cell) as f64 / total(cell.0) as f64),
        );
        columns.finish()
    }

    /// The most common sequences, at most so many: the events, whether the path goes on, how often, and the share of all.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)]
    pub fn sequences(&self, log: &Log, plan: &PathPlan, most: usize) -> Result<RecordBatch> {
        let shown = &self.sequences[..most.min(self.sequences.len())];
        let each = || shown.iter();
        let mut columns = Columns::default();
        for step in 0..plan.depth {
            let codes = each().map(|(sequence, _)| sequence.codes.get(step).copied().unwrap_or(NONE));
            let (field, array) = log.labels[plan.session.event].restore(codes)?;
            let name = format!("step_{}", step + 1);
            columns.push((field.as_ref().clone().with_name(name).into(), array));
        }
        columns.bools("goes_on", each().map(|(sequence, _)| sequence.cut));
        columns.ints("count", each().map(|(_, count)| count.cast_signed()));
        columns.floats("share", each().map(|(_, count)| *count as f64 / self.paths as f64));
        columns.finish()
    }
}
