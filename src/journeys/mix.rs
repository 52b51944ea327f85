//! Mix of sessions: customers, sessions and events by source, device and the like, and how many sessions reach a goal.

use crate::analysis::{
    Analysis, Context, Customer, FoldGroups, GroupKey, Groups, Outcome, PartitionView, state_of_fields,
};
use crate::columns::{NONE, Scalar};
use crate::error::Result;
use crate::log::{Category, DEFAULT_GAP, Facts, GroupBy, SessionRule, View, Window, group_key};
use crate::params::options;
use crate::stats::{ClusteredProportion, wilson_effective};
use crate::time::{Calendar, Period};

use super::mix_table::table;
use super::sessions::{SessionOptions, Sessions};

options! {
    /// What is asked for.
    pub struct MixOptions {
        /// What sessions are broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// The events of the goal.
        pub goal: Option<Vec<Scalar>>,
        /// A longer pause begins another session; none where the role `session` names it.
        pub gap: Option<i64>,
        /// One mix for each of these, by the session's start.
        pub period: Option<Period>,
    }
}

/// A mix of sessions.
#[derive(Debug)]
pub struct Mix {
    sessions: Sessions,
    pub(super) by: Vec<GroupBy>,
    pub(super) names: Vec<String>,
    /// By event code: whether it is the goal.
    pub(super) goal: Option<Vec<bool>>,
    pub(super) period: Option<Period>,
    pub(super) window: Window,
    /// Sessions with an event from here on may go on beyond the data.
    open_from: i64,
}

/// The sessions of one group.
#[derive(Debug, Clone, Default)]
pub struct MixCounts {
    pub(super) customers: u64,
    pub(super) sessions: u64,
    pub(super) events: u64,
    /// Sessions that may go on beyond the data, whether they reached the goal or not.
    pub(super) open: u64,
    /// Those of the others that reached the goal.
    pub(super) converted: u64,
    clusters: ClusteredProportion,
}

state_of_fields!(MixCounts {
    customers,
    sessions,
    events,
    open,
    converted,
    clusters
});

/// The sessions of one group, while those of a partition are counted.
#[derive(Debug, Default)]
pub(super) struct Counting {
    cell: MixCounts,
    last: Option<u32>,
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    calendar: Calendar<'a>,
    group: GroupKey,
    cells: FoldGroups<Counting>,
}

impl Analysis for Mix {
    const NAME: &'static str = "mix";
    const VERSION: u16 = 2;

    type Options = MixOptions;
    /// By the period, if any, and the values; a group that others are a share of has fewer values, the whole has none.
    type State = Groups<MixCounts>;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: MixOptions, view: &View) -> Result<Self> {
        let (by, names) = view.group_bys(options.by)?;
        let sessions = Sessions::plan(SessionOptions { gap: options.gap }, view)?;
        Ok(Self {
            by,
            names,
            goal: options.goal.map(|events| view.events_named(&events)).transpose()?,
            period: options.period,
            window: view.window,
            open_from: open_from(sessions.rule, view.facts()),
            sessions,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        let period = self.period.map(|_| None);
        period
            .into_iter()
            .chain(self.by.iter().map(|by| Some(by.category(facts))))
            .collect()
    }

    fn start(&self) -> Groups<MixCounts> {
        Groups::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            calendar: Calendar::new(&part.facts.zone),
            group: GroupKey::new(),
            cells: FoldGroups::default(),
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut Groups<MixCounts>,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let partition = customer.partition;
        let codes = &partition.labels[self.sessions.event];
        let Scratch { calendar, group, cells } = scratch;
        self.sessions.each(customer, |_, rows| {
            let goal = |goal: &Vec<bool>| rows.iter().any(|row| codes[*row] != NONE && goal[codes[*row] as usize]);
            let over = partition.time[rows[rows.len() - 1]] < self.open_from;
            let outcome = over.then(|| self.goal.as_ref().is_some_and(goal));
            group.clear();
            group.extend(
                self.period
                    .map(|period| period.index(calendar.day(partition.time[rows[0]]))),
            );
            let value = |by: &GroupBy| {
                let mut codes = rows.iter().map(|row| by.code(partition, customer.index, *row));
                codes.find(|code| *code != NONE).unwrap_or(NONE)
            };
            for parts in 0..=self.by.len() {
                if parts > 0 {
                    group.push(group_key(value(&self.by[parts - 1])));
                }
                cells.of(group).add(customer, rows.len(), outcome);
            }
        });
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut Groups<MixCounts>) {
        state.extend(scratch.cells.into_iter().map(|(group, mut counting)| {
            counting.cell.clusters.close();
            (group, counting.cell)
        }));
    }

    fn finish(&self, state: Groups<MixCounts>, context: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome::table(table(self, &state, context.facts)?))
    }
}

/// Where sessions may go on beyond the data: nothing of a longer pause than that which ends a session lies behind them.
fn open_from(rule: SessionRule, facts: &Facts) -> i64 {
    let gap = rule.gap().unwrap_or(DEFAULT_GAP);
    facts.range.map_or(i64::MAX, |(_, last)| last.saturating_sub(gap))
}

impl Counting {
    /// Add a session; `outcome` is whether it reached the goal, where that can be known.
    fn add(&mut self, customer: &Customer<'_>, events: usize, outcome: Option<bool>) {
        let (number, cell) = (customer.index.1, &mut self.cell);
        cell.customers += u64::from(self.last.replace(number) != Some(number));
        cell.sessions += 1;
        cell.events += events as u64;
        match outcome {
            None => cell.open += 1,
            Some(converted) => {
                cell.converted += u64::from(converted);
                cell.clusters.add(customer.index, converted);
            }
        }
    }
}

impl MixCounts {
    /// The share of sessions that reach the goal with its interval, and the effective sample size.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    pub(super) fn rate(&self) -> Option<((f64, f64, f64), f64)> {
        let known = self.sessions - self.open;
        let (rate, n) = (self.converted as f64 / known as f64, self.clusters.effective());
        wilson_effective(rate, n).map(|(low, high)| ((rate, low, high), n))
    }
}
