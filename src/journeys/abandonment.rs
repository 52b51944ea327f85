//! Cart abandonment: episodes, from the first cart event after a purchase or a lapse to the purchase, or to the
//! window's silence after the last cart event. Each episode is counted once.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, Outcome, PartitionView};
use crate::columns::{Columns, Op, Scalar};
use crate::error::{Error, Result};
use crate::log::{Category, Facts, GroupBy, View};
use crate::money::MoneyUnit;
use crate::params::options;

use super::cart_episodes::{Episode, EpisodeStatus, Episodes, Row, sorted_by_key};
use super::cart_features::{features, signals};
use super::cart_groups::{groups, stages};

options! {
    /// What is asked for.
    pub struct AbandonmentOptions {
        /// The events of the cart, of the stages behind it, and of the purchase.
        pub stages: Vec<Vec<Scalar>>,
        /// The names of the cart and of the stages behind it.
        pub names: Vec<String>,
        /// The events that take a piece out of the cart.
        pub removed: Vec<Scalar>,
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
        /// Events that may tell of doubts, each by itself.
        pub signals: Vec<Scalar>,
        /// How long after its first cart event a signal counts for an episode.
        pub landmark: i64,
    }
}

/// Carts that are left.
#[derive(Debug)]
pub struct Abandonment {
    /// Of each event code: 0 for the cart, 1 … for the stages behind it, then the purchase, then the removal; `None` for
    /// others. Events of one instant are read in that order.
    pub(super) stages: Vec<Option<u32>>,
    pub(super) names: Vec<String>,
    pub(super) purchase: u32,
    /// Whether events take pieces out.
    pub(super) removes: bool,
    /// The category that names the product, where there is one.
    pub(super) product: Option<usize>,
    pub(super) window: i64,
    /// Not below the window.
    pub(super) recover: i64,
    pub(super) event: usize,
    pub(super) same: Vec<usize>,
    pub(super) value: Option<usize>,
    /// Shown beside each episode under these names, with the value of its first event that has one.
    pub(super) shown: Vec<(String, GroupBy)>,
    pub(super) numbers: Vec<(String, usize)>,
    /// The names of what episodes are broken down by, and of the features.
    pub(super) by: Vec<String>,
    pub(super) features: Vec<String>,
    /// Of each event code, the number of its signal; and the names of the signals.
    pub(super) signal_of: Vec<Option<u32>>,
    pub(super) signals: Vec<String>,
    pub(super) landmark: i64,
    /// Which episodes count: those that begin from here, and before here.
    pub(super) starts: (i64, i64),
    pub(super) end: i64,
}

/// An episode keeps its signals as bits.
const MOST_SIGNALS: usize = 64;

/// Features that are counted of an episode itself.
pub(super) const OWN_FEATURES: [&str; 3] = ["checkout_pages", "first_time_buyer", "carts"];

impl Analysis for Abandonment {
    const NAME: &'static str = "abandonment";
    const VERSION: u16 = 3;
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
        let removes = !options.removed.is_empty();
        for (stage, events) in (0..).zip(options.stages.into_iter().chain([options.removed])) {
            for name in events {
                let found = view.facts().categories[event].compared(Op::Equal, &name)?;
                let fits = stages.iter_mut().zip(found).filter(|(_, found)| *found);
                fits.for_each(|(code, _)| *code = Some(stage));
            }
        }
        let signal_of = signal_codes(view, &options.signals)?;
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
            removes,
            product: view.find_category("product"),
            window: options.window,
            recover: options.recover_within.max(options.window),
            event,
            same,
            value: options.value.map(|name| view.number(&name)).transpose()?,
            shown,
            numbers,
            by,
            features: options.features,
            signal_of,
            signals: options.signals.iter().map(Scalar::text).collect(),
            landmark: options.landmark,
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
        self.episodes_of(customer, episodes)?;
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
        context.task.check()?;
        let groups = groups(self, &rows, context)?;
        context.task.check()?;
        Ok(Outcome::table(groups)
            .and("episodes", self.table(&rows, context)?)
            .and("stages", stages(self, &rows)?)
            .and("features", features(self, &rows, context)?)
            .and("signals", signals(self, &rows)?))
    }
}

/// Of each event code, the number of its signal.
fn signal_codes(view: &View, signals: &[Scalar]) -> Result<Vec<Option<u32>>> {
    let category = &view.facts().categories[view.event()?];
    let mut codes = vec![None; category.len()];
    if signals.len() > MOST_SIGNALS {
        return Err(Error::Argument(format!(
            "signals= has {} events: give at most {MOST_SIGNALS}",
            signals.len()
        )));
    }
    for (number, signal) in (0..).zip(signals) {
        for (code, found) in codes.iter_mut().zip(category.compared(Op::Equal, signal)?) {
            *code = if found { Some(number) } else { *code };
        }
    }
    Ok(codes)
}

impl Abandonment {
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
            columns.maybe_floats(
                "money",
                each().map(|episode| Some(MoneyUnit::Float.to_f64(episode.money?))),
            );
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
