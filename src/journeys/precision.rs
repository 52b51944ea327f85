//! How precise a shop's recommendations are: of what was shown to a customer, how much is clicked and bought.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{GroupBy, Log, Partition, group_key};
use crate::runtime::{self, Task};
use crate::stats::{ClusteredProportion, wilson_effective};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct PrecisionPlan {
    /// By event code: the depth at which it counts, of shown, clicked and bought.
    pub depths: Vec<Option<usize>>,
    /// The label that names the event.
    pub event: usize,
    /// The label that names the product.
    pub product: usize,
    /// The longest time from the showing to the purchase.
    pub window: Option<i64>,
    /// What recommendations are broken down by.
    pub by: Vec<GroupBy>,
    /// The names of those.
    pub names: Vec<String>,
    /// Which events count: from, and before.
    pub within: (i64, i64),
}

/// The recommendations of one group.
#[derive(Debug, Clone, Default)]
struct Cell {
    impressions: u64,
    reached: [u64; 3],
    /// Of the clicks, and of the purchases, among what was shown.
    clusters: [ClusteredProportion; 2],
}

/// The recommendations of a log.
#[derive(Debug)]
pub struct Precision {
    cells: BTreeMap<Vec<i64>, Cell>,
    /// Pairs of a customer and a product that were bought, and those of them that had been shown before.
    pub bought: (u64, u64),
}

/// An event that counts: the product, when, how deep, the row.
type Event = (u32, i64, usize, usize);

/// Count recommendations.
///
/// # Errors
/// If the caller asked to stop.
pub fn precision(log: &Log, plan: &PrecisionPlan, task: &Task) -> Result<Precision> {
    let parts = runtime::map(log.partitions(), task, |at| {
        Ok(partition(plan, at, &*log.partition(at)?))
    })?;
    let mut all = Precision {
        cells: BTreeMap::new(),
        bought: (0, 0),
    };
    if plan.by.is_empty() {
        all.cells.entry(Vec::new()).or_default();
    }
    for part in parts {
        all.bought.0 += part.bought.0;
        all.bought.1 += part.bought.1;
        for (group, cell) in part.cells {
            all.cells.entry(group).or_default().merge(&cell);
        }
    }
    Ok(all)
}

fn partition(plan: &PrecisionPlan, at: usize, partition: &Partition) -> Precision {
    let mut to = Precision {
        cells: BTreeMap::new(),
        bought: (0, 0),
    };
    let number = u32::try_from(at).unwrap_or(u32::MAX);
    let mut events: Vec<Event> = Vec::new();
    for (customer, place) in (0..).zip(0..partition.len()) {
        events.clear();
        events.extend(partition.rows(place).filter_map(|row| plan.event(partition, row)));
        events.sort_unstable();
        for pair in events.chunk_by(|a, b| a.0 == b.0) {
            to.pair(plan, pair, (number, customer), |row| {
                let code = |by: &GroupBy| group_key(by.code(partition, at, place, row));
                plan.by.iter().map(code).collect()
            });
        }
    }
    for cell in to.cells.values_mut() {
        cell.clusters.iter_mut().for_each(ClusteredProportion::close);
    }
    to
}

impl PrecisionPlan {
    /// What a row counts as, if it does.
    fn event(&self, partition: &Partition, row: usize) -> Option<Event> {
        let (code, product) = (partition.labels[self.event][row], partition.labels[self.product][row]);
        let time = partition.time[row];
        if code == NONE || product == NONE || !(self.within.0 <= time && time < self.within.1) {
            return None;
        }
        self.depths[code as usize].map(|depth| (product, time, depth, row))
    }

    fn in_reach(&self, start: i64, time: i64) -> bool {
        self.window.is_none_or(|window| time.saturating_sub(start) <= window)
    }
}

impl Precision {
    /// Add what one customer did with one product: in the order of time, at one instant shown before clicked before bought.
    fn pair(
        &mut self,
        plan: &PrecisionPlan,
        events: &[Event],
        customer: (u32, u32),
        group: impl Fn(usize) -> Vec<i64>,
    ) {
        // The showing that reaches furthest; the latest one before a click, and before the last click.
        let mut best: Option<(usize, usize)> = None;
        let (mut shown, mut clicked) = (None::<(i64, usize)>, None);
        let (mut bought, mut recommended, mut impressions) = (false, false, 0);
        for &(_, time, depth, row) in events {
            let start = match depth {
                0 => {
                    impressions += 1;
                    shown = Some((time, row));
                    shown
                }
                1 => {
                    clicked = shown.filter(|(start, _)| plan.in_reach(*start, time)).or(clicked);
                    shown.filter(|(start, _)| plan.in_reach(*start, time))
                }
                _ => {
                    recommended |= !bought && shown.is_some();
                    bought = true;
                    clicked.filter(|(start, _)| plan.in_reach(*start, time))
                }
            };
            if let Some((_, showing)) = start
                && best.is_none_or(|(deepest, _)| depth > deepest)
            {
                best = Some((depth, showing));
            }
        }
        self.bought.0 += u64::from(bought);
        self.bought.1 += u64::from(recommended);
        let Some((depth, showing)) = best else { return };
        let cell = self.cells.entry(group(showing)).or_default();
        cell.impressions += impressions;
        for reached in &mut cell.reached[..=depth] {
            *reached += 1;
        }
        for (step, clusters) in (1..).zip(&mut cell.clusters) {
            clusters.add(customer, depth >= step);
        }
    }

    /// One row per group.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    pub fn table(&self, log: &Log, plan: &PrecisionPlan) -> Result<RecordBatch> {
        let mut columns = Columns::default();
        for (at, (by, name)) in plan.by.iter().zip(&plan.names).enumerate() {
            columns.push(by.column(log, name, self.cells.keys().map(|group| group[at]))?);
        }
        let each = || self.cells.values();
        columns.ints("impressions", each().map(|cell| cell.impressions.cast_signed()));
        for (step, name) in ["shown", "clicked", "bought"].iter().enumerate() {
            columns.ints(name, each().map(|cell| cell.reached[step].cast_signed()));
        }
        let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        for (step, name) in [(1, "click"), (2, "precision")] {
            let share = |cell: &Cell| ratio(cell.reached[step], cell.reached[0]);
            let ends = |cell: &Cell| wilson_effective(share(cell)?, cell.clusters[step - 1].effective());
            let title = if step == 1 { "click_rate" } else { "precision" };
            columns.maybe_floats(title, each().map(share));
            columns.maybe_floats(&format!("{name}_low"), each().map(|cell| Some(ends(cell)?.0)));
            columns.maybe_floats(&format!("{name}_high"), each().map(|cell| Some(ends(cell)?.1)));
        }
        columns.maybe_floats("conversion", each().map(|cell| ratio(cell.reached[2], cell.reached[1])));
        columns.finish()
    }
}

impl Cell {
    fn merge(&mut self, other: &Self) {
        self.impressions += other.impressions;
        for (sum, more) in self.reached.iter_mut().zip(other.reached) {
            *sum += more;
        }
        for (all, more) in self.clusters.iter_mut().zip(&other.clusters) {
            all.merge(more);
        }
    }
}
