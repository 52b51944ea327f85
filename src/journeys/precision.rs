//! Precision and recall of recommendations: of what was shown to a customer, how much is clicked and bought.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, GroupKey, Groups, Outcome, PartitionView, state_of_fields};
use crate::columns::{Columns, NONE, Scalar};
use crate::error::Result;
use crate::log::{Category, Facts, GroupBy, Partition, View, group_key};
use crate::params::options;
use crate::runtime;
use crate::stats::{ClusteredProportion, wilson_effective};

options! {
    /// What is asked for.
    pub struct PrecisionOptions {
        /// The events of shown, clicked and bought.
        pub stages: [Vec<Scalar>; 3],
        /// What recommendations are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// The longest time from the showing to the purchase.
        pub window: Option<i64>,
    }
}

/// The depths of events.
const SHOWN: usize = 0;
const CLICKED: usize = 1;
const BOUGHT: usize = 2;

/// Precision of recommendations.
#[derive(Debug)]
pub struct Precision {
    /// By event code: the depth at which it counts, of shown, clicked and bought.
    depths: Vec<Option<usize>>,
    event: usize,
    product: usize,
    window: Option<i64>,
    by: Vec<GroupBy>,
    names: Vec<String>,
    /// Which events count: from, and before.
    within: (i64, i64),
    /// The end of observation.
    end: i64,
}

/// The recommendations of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct PairCounts {
    impressions: u64,
    /// Pairs without a showing whose window is over.
    open: u64,
    reached: [u64; 3],
    /// Of the clicks, and of the purchases, among what was shown.
    clusters: [ClusteredProportion; 2],
}

state_of_fields!(PairCounts {
    impressions,
    open,
    reached,
    clusters
});

/// The recommendations of some customers.
#[derive(Debug, Default)]
pub struct Recommendations {
    cells: Groups<PairCounts>,
    /// Pairs of a customer and a product that were bought, and those of them that had been shown before.
    bought: [u64; 2],
}

state_of_fields!(Recommendations { cells, bought });

/// An event that counts: the product, when, how deep, the row.
type Event = (u32, i64, usize, usize);

impl Analysis for Precision {
    const NAME: &'static str = "precision";
    const VERSION: u16 = 2;

    type Options = PrecisionOptions;
    type State = Recommendations;
    type Rows = ();
    type Scratch<'a> = Vec<Event>;
    type Output = Outcome;

    fn plan(options: PrecisionOptions, view: &View) -> Result<Self> {
        let event = view.event()?;
        let mut depths = vec![None; view.facts().categories[event].len()];
        for (depth, events) in options.stages.iter().enumerate() {
            let named = view.events_named(events)?;
            let fits = depths.iter_mut().zip(named).filter(|(_, named)| *named);
            fits.for_each(|(to, _)| *to = Some(depth));
        }
        let (by, names) = view.group_bys(options.by)?;
        Ok(Self {
            depths,
            event,
            product: view.category("product", "product")?,
            window: options.window,
            by,
            names,
            within: view.window.bounds(),
            end: view.facts().end(view.window).unwrap_or_default(),
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        self.by.iter().map(|by| Some(by.category(facts))).collect()
    }

    fn start(&self) -> Recommendations {
        let mut state = Recommendations::default();
        if self.by.is_empty() {
            state.cells.entry(GroupKey::new()).or_default();
        }
        state
    }

    fn scratch<'a>(&'a self, _: &PartitionView<'a>) -> Vec<Event> {
        Vec::new()
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        events: &mut Vec<Event>,
        state: &mut Recommendations,
        _: Option<&mut ()>,
    ) -> Result<()> {
        events.clear();
        events.extend(customer.rows().filter_map(|row| self.event(customer.partition, row)));
        runtime::sort_by(events, Ord::cmp)?;
        for pair in events.chunk_by(|a, b| a.0 == b.0) {
            self.pair(pair, customer, state);
        }
        Ok(())
    }

    fn end_partition(&self, _: Vec<Event>, state: &mut Recommendations) {
        let clusters = state.cells.values_mut().flat_map(|cell| &mut cell.clusters);
        clusters.for_each(ClusteredProportion::close);
    }

    fn finish(&self, state: Recommendations, context: &Context<'_>) -> Result<Outcome> {
        let [bought, recommended] = state.bought;
        Ok(Outcome::table(self.table(&state.cells, context.facts)?)
            .with("bought", bought)
            .with("recommended", recommended))
    }
}

impl Precision {
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

    /// Whether the data cover the window of a showing. One that is bought at once would be known early, and one that is not
    /// only later: whoever counted both would find too few bought near the end.
    fn covered(&self, start: i64) -> bool {
        self.window
            .is_none_or(|window| self.end.saturating_sub(start) >= window)
    }
}

impl Precision {
    /// Add what one customer did with one product: in the order of time, at one instant shown before clicked before bought.
    fn pair(&self, events: &[Event], customer: &Customer<'_>, state: &mut Recommendations) {
        let bought = events.iter().position(|event| event.2 == BOUGHT);
        let recommended = bought.is_some_and(|at| events[..at].iter().any(|event| event.2 == SHOWN));
        state.bought[0] += u64::from(bought.is_some());
        state.bought[1] += u64::from(recommended);
        let Some((depth, showing)) = self.furthest(events) else {
            let open = events.iter().find(|event| event.2 == SHOWN);
            if let Some((.., row)) = open {
                self.cell(*row, customer, state).open += 1;
            }
            return;
        };
        let covered = |event: &&Event| event.2 == SHOWN && self.covered(event.1);
        let impressions = events.iter().filter(covered).count() as u64;
        let cell = self.cell(showing, customer, state);
        cell.impressions += impressions;
        for reached in &mut cell.reached[..=depth] {
            *reached += 1;
        }
        for (step, clusters) in (1..).zip(&mut cell.clusters) {
            clusters.add(customer.index, depth >= step);
        }
    }

    /// How far the showings of a pair whose window is over come, and the row of the first that comes furthest. Backwards, so
    /// that the next click after each is known, and the next purchase after that.
    fn furthest(&self, events: &[Event]) -> Option<(usize, usize)> {
        let (mut purchase, mut click) = (None::<i64>, None::<(i64, Option<i64>)>);
        let mut best: Option<(usize, usize)> = None;
        for &(_, time, depth, row) in events.iter().rev() {
            match depth {
                BOUGHT => purchase = Some(time),
                CLICKED => click = Some((time, purchase)),
                _ if !self.covered(time) => {}
                _ => {
                    let reached = |at: i64| self.in_reach(time, at);
                    let click = click.filter(|(at, _)| reached(*at));
                    let bought = click.and_then(|(_, bought)| bought).filter(|at| reached(*at));
                    let comes_to = usize::from(click.is_some()) + usize::from(bought.is_some());
                    best = best
                        .filter(|(deepest, _)| *deepest > comes_to)
                        .or(Some((comes_to, row)));
                }
            }
        }
        best
    }

    /// The counts of the group that a row belongs to.
    fn cell<'s>(&self, row: usize, customer: &Customer<'_>, state: &'s mut Recommendations) -> &'s mut PairCounts {
        let code = |by: &GroupBy| group_key(by.code(customer.partition, customer.index, row));
        state.cells.entry(self.by.iter().map(code).collect()).or_default()
    }

    /// One row per group.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn table(&self, cells: &Groups<PairCounts>, facts: &Facts) -> Result<RecordBatch> {
        let mut columns = Columns::default();
        for (at, (by, name)) in self.by.iter().zip(&self.names).enumerate() {
            columns.push(by.column(facts, name, cells.keys().map(|group| group[at]))?);
        }
        let each = || cells.values();
        columns.ints("impressions", each().map(|cell| cell.impressions.cast_signed()));
        for (step, name) in ["shown", "clicked", "bought"].iter().enumerate() {
            columns.ints(name, each().map(|cell| cell.reached[step].cast_signed()));
        }
        columns.ints("open", each().map(|cell| cell.open.cast_signed()));
        let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        for (step, name) in [(1, "click"), (2, "precision")] {
            let share = |cell: &PairCounts| ratio(cell.reached[step], cell.reached[0]);
            let ends = |cell: &PairCounts| wilson_effective(share(cell)?, cell.clusters[step - 1].effective());
            let title = if step == 1 { "click_rate" } else { "precision" };
            columns.maybe_floats(title, each().map(share));
            columns.maybe_floats(&format!("{name}_low"), each().map(|cell| Some(ends(cell)?.0)));
            columns.maybe_floats(&format!("{name}_high"), each().map(|cell| Some(ends(cell)?.1)));
        }
        columns.maybe_floats("conversion", each().map(|cell| ratio(cell.reached[2], cell.reached[1])));
        columns.finish()
    }
}
