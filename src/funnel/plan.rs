//! Options of a funnel, checked: words first, then combinations that have no meaning.

use crate::columns::{Op, Scalar};
use crate::error::{Error, Result};
use crate::log::{Facts, GroupBy, ObservedDays, Partition, SessionRule, TimePoint, View, Window};
use crate::params::{options, words};
use crate::time::{Calendar, Period};

use super::rules::{Anchor, Mode, Rules, Ties};
use super::steps::{CompiledSteps, Exclusion, Step};

/// The most columns whose values must agree.
const MOST_SAME: usize = 3;

words! {
    /// What becomes of starts with less than a window of data behind them.
    pub enum FollowUp {
        /// They count.
        Any = "any",
        /// They are left out, converted or not.
        Full = "full",
    }
}

words! {
    /// Whose chains are counted.
    pub enum CountedUnit {
        /// Each customer's.
        Customer = "customer",
        /// Each session's.
        Session = "session",
        /// Each attempt's.
        Attempt = "attempt",
    }
}

/// A step as a caller writes it: name, events, and conditions of a column, a comparison, a value and a number.
pub(super) type StepOption = (String, Vec<Scalar>, Vec<(String, Op, Scalar, f64)>);

options! {
    /// What is asked for.
    pub struct FunnelOptions {
        /// The steps.
        pub steps: Vec<StepOption>,
        /// The longest time from step 1, inclusive.
        pub window: Option<i64>,
        /// What may come between.
        pub mode: Mode,
        /// What events at one instant may do.
        pub ties: Ties,
        /// Whose times are reported.
        pub anchor: Anchor,
        /// When step 1 may happen: from here on.
        pub start: Option<TimePoint>,
        /// When step 1 may happen: before here.
        pub end: Option<TimePoint>,
        /// What becomes of starts without full follow-up.
        pub follow_up: FollowUp,
        /// What the funnel is broken down by: the source of each value, and its name in the result.
        pub by: Vec<(String, String)>,
        /// Which event's values a chain has: "first", "last", "each" or the name of a step.
        pub attribution: String,
        /// Columns whose value is the same in all events of a chain.
        pub same: Vec<String>,
        /// What ends chains, after which step and before which, both counted from 1.
        pub exclude: Vec<(StepOption, usize, usize)>,
        /// Whose chains are counted.
        pub unit: CountedUnit,
        /// A longer pause between two events begins another session.
        pub gap: Option<i64>,
        /// One funnel for each of these, by its start.
        pub period: Option<Period>,
    }
}

/// Whose chains are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunnelUnit {
    /// Each customer's.
    Customer,
    /// Those of each session of a customer.
    Session(SessionRule),
    /// Those of each attempt: from a start to the conversion, or until none is possible any more.
    Attempt,
}

/// Which event's values a chain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribution {
    /// The first of its chain.
    First,
    /// The deepest of its chain.
    Last,
    /// The one that fills a step; chains that do not come to it are left out.
    Step(usize),
    /// All of its events have one value: each value has a chain.
    Each,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct FunnelPlan {
    /// What a chain is.
    pub rules: Rules,
    /// When step 1 may happen: from, and before.
    pub starts: (i64, i64),
    /// The period that counts.
    pub window: Window,
    /// Events from here on are cut.
    pub until: i64,
    /// The end of observation.
    pub end: i64,
    /// What becomes of starts without full follow-up.
    pub follow_up: FollowUp,
    /// Whose chains are counted.
    pub unit: FunnelUnit,
    /// What the funnel is broken down by.
    pub by: Vec<GroupBy>,
    /// Which event's values a chain has.
    pub attribution: Attribution,
    /// Labels whose value is the same in all events of a chain.
    pub same: Vec<usize>,
    /// One funnel for each of these, by its start.
    pub period: Option<Period>,
}

impl FunnelOptions {
    /// Refuse what has no meaning; return whose times are reported.
    pub(super) fn check(&self) -> Result<Anchor> {
        let refuse = |text: String| Err(Error::Argument(text));
        let (mode, anchor) = (self.mode.word(), self.anchor.word());
        if self.follow_up == FollowUp::Full && self.window.is_none() {
            return refuse("follow_up=\"full\" needs window=".into());
        }
        if self.gap.is_some() && self.unit != CountedUnit::Session {
            return refuse("gap= parts sessions: give unit=\"session\" with it".into());
        }
        if self.same.len() > MOST_SAME {
            return refuse(format!("same={:?}: give at most {MOST_SAME} columns", self.same));
        }
        if self.attribution != "first" && self.by.is_empty() {
            return refuse(format!(
                "attribution={:?} says which event's value of by= counts: give by=",
                self.attribution
            ));
        }
        if let Some(name) = self.excluded_step() {
            return refuse(format!(
                "exclude= names {name}, which is an event of a step between its after= and before=, so that no chain \
                 could pass it; give it a where= that the step's event does not meet, or leave it out"
            ));
        }
        if !self.exclude.is_empty() && self.mode != Mode::Ordered {
            let why = match self.mode {
                Mode::Contiguous => "any other event ends a chain there",
                _ => "steps have no order there",
            };
            return refuse(format!(
                "exclude= has no meaning with mode={mode:?}: {why}; leave one of the two out"
            ));
        }
        let attempts = self.unit == CountedUnit::Attempt;
        if attempts && self.mode == Mode::Unordered {
            return refuse(
                "unit=\"attempt\" has no meaning with mode=\"unordered\", where any step may begin an attempt".into(),
            );
        }
        if attempts && !matches!(self.anchor, Anchor::EarliestLongest | Anchor::FirstEntry) {
            return refuse(format!(
                "anchor={anchor:?} has no meaning with unit=\"attempt\", where every start in turn is reported"
            ));
        }
        if self.mode != Mode::Unordered {
            return Ok(self.anchor);
        }
        if !matches!(self.anchor, Anchor::EarliestLongest | Anchor::FirstCompletion) {
            return refuse(format!(
                "anchor={anchor:?}: with mode=\"unordered\" it is \"first_completion\"; leave anchor= out"
            ));
        }
        if self.ties == Ties::Later {
            return refuse("ties=\"later\" has no meaning with mode=\"unordered\"; leave ties= out".into());
        }
        Ok(Anchor::FirstCompletion)
    }

    /// An event that every chain needs and that ends it: one of a step, excluded without a condition from that step's
    /// instant on.
    fn excluded_step(&self) -> Option<&Scalar> {
        let exclusions = self
            .exclude
            .iter()
            .filter(|((_, _, conditions), ..)| conditions.is_empty());
        exclusions
            .flat_map(|((_, events, _), after, before)| {
                let steps = self.steps.get(after.saturating_sub(1)..*before).unwrap_or_default();
                events
                    .iter()
                    .filter(|event| steps.iter().any(|(_, names, _)| names.contains(event)))
            })
            .next()
    }

    /// The steps and what ends chains, as they are compiled.
    pub(super) fn steps(&self) -> (Vec<Step>, Vec<Exclusion>) {
        let exclusion = |(events, after, before): &(StepOption, usize, usize)| Exclusion {
            events: step(events),
            after: after.saturating_sub(1),
            before: before.saturating_sub(1),
        };
        (
            self.steps.iter().map(step).collect(),
            self.exclude.iter().map(exclusion).collect(),
        )
    }
}

fn step((_, events, conditions): &StepOption) -> Step {
    let condition = |(column, op, value, _): &(String, Op, Scalar, f64)| (column.clone(), *op, value.clone());
    Step {
        events: events.clone(),
        conditions: conditions.iter().map(condition).collect(),
        numbers: conditions.iter().map(|condition| condition.3).collect(),
    }
}

impl FunnelPlan {
    /// The plan for a view of a log.
    pub(super) fn new(options: &FunnelOptions, view: &View) -> Result<Self> {
        let rules = Rules {
            steps: options.steps.len(),
            window: options.window,
            mode: options.mode,
            ties: options.ties,
            anchor: options.check()?,
        };
        let instant = |point: Option<TimePoint>| point.map(|point| point.start(&view.facts().zone));
        let (start, end) = (instant(options.start), instant(options.end));
        if let (Some(start), Some(end)) = (start, end)
            && start >= end
        {
            return Err(Error::Argument(
                "start= and end=: the period is empty; start must lie before end".into(),
            ));
        }
        let ends = [view.window.end, end].into_iter().flatten();
        Ok(Self {
            rules,
            starts: (
                start.max(view.window.start).unwrap_or(i64::MIN),
                ends.min().unwrap_or(i64::MAX),
            ),
            window: view.window,
            until: view.window.bounds().1,
            end: view.facts().end(view.window).unwrap_or_default(),
            follow_up: options.follow_up,
            unit: match (options.unit, options.gap) {
                (CountedUnit::Customer, _) => FunnelUnit::Customer,
                (CountedUnit::Attempt, _) => FunnelUnit::Attempt,
                (CountedUnit::Session, gap) => {
                    if gap.is_none() {
                        view.category("session", "session")?;
                    }
                    FunnelUnit::Session(SessionRule::new(gap, view))
                }
            },
            by: groups(options, view)?,
            attribution: attribution(options)?,
            same: view.categories("same", &options.same)?,
            period: options.period,
        })
    }

    /// The categories of which each value has a chain.
    pub(super) fn each(&self) -> impl Iterator<Item = usize> {
        let by = self.by.iter().filter(|_| self.attribution == Attribution::Each);
        by.filter_map(|by| match by {
            GroupBy::Category(at) => Some(*at),
            GroupBy::Attribute(_) | GroupBy::Bands(_) => None,
        })
    }

    /// The categories whose values tell the chains of a customer apart.
    pub(super) fn apart(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.same.iter().copied().chain(self.each()).collect();
        if let FunnelUnit::Session(SessionRule::Named(named) | SessionRule::NamedGap(named, _)) = self.unit {
            all.push(named.0);
        }
        all
    }

    /// Whether each customer has one chain, whose times are all that is asked for, and the plain machine finds it.
    pub(super) fn plain(&self, steps: &CompiledSteps) -> Option<Vec<u8>> {
        use Anchor::{EarliestLongest, FirstEntry};
        let whole =
            self.unit == FunnelUnit::Customer && self.by.is_empty() && self.same.is_empty() && self.period.is_none();
        let plain = self.rules.mode == Mode::Ordered && matches!(self.rules.anchor, EarliestLongest | FirstEntry);
        if whole && plain { steps.plain() } else { None }
    }

    /// The rows of a customer that the period knows.
    #[inline]
    pub(super) fn known(&self, partition: &Partition, customer: usize) -> std::ops::Range<usize> {
        let rows = partition.rows(customer);
        if self.until == i64::MAX {
            return rows;
        }
        rows.start..rows.start + partition.time[rows].partition_point(|time| *time < self.until)
    }

    /// When step 1 may happen, given the follow-up that is asked for.
    pub(super) fn allowed_starts(&self) -> (i64, i64) {
        match self.rules.window {
            Some(window) if self.follow_up == FollowUp::Full => {
                let last = self.end.saturating_sub(window);
                (self.starts.0, self.starts.1.min(last.saturating_add(1)))
            }
            _ => self.starts,
        }
    }

    /// The days on which step 1 may happen, of those that were observed.
    pub(super) fn observed_starts(&self, facts: &Facts) -> Option<ObservedDays> {
        let mut calendar = Calendar::new(&facts.zone);
        let ObservedDays { first, last } = facts.observed(self.window)?;
        let (from, before) = self.starts;
        Some(ObservedDays {
            first: if from == i64::MIN {
                first
            } else {
                first.max(calendar.day(from))
            },
            last: if before == i64::MAX {
                last
            } else {
                last.min(calendar.day(before - 1))
            },
        })
    }

    pub(super) fn starts_here(&self, time: i64) -> bool {
        self.starts.0 <= time && time < self.starts.1
    }

    pub(super) fn censored(&self, time: i64) -> bool {
        self.rules
            .window
            .is_some_and(|window| self.end.saturating_sub(time) < window)
    }
}

fn attribution(options: &FunnelOptions) -> Result<Attribution> {
    let names: Vec<&String> = options.steps.iter().map(|step| &step.0).collect();
    match options.attribution.as_str() {
        "first" => Ok(Attribution::First),
        "last" => Ok(Attribution::Last),
        "each" => Ok(Attribution::Each),
        name => match names.iter().position(|known| *known == name) {
            Some(step) => Ok(Attribution::Step(step)),
            None => Err(Error::Argument(format!(
                "attribution={name:?}: give \"first\", \"last\", \"each\" or the name of a step, of {names:?}"
            ))),
        },
    }
}

/// What the funnel is broken down by; bands of rows have no chains of their own.
fn groups(options: &FunnelOptions, view: &View) -> Result<Vec<GroupBy>> {
    let (by, _) = view.group_bys(options.by.clone())?;
    let banded = |by: &GroupBy| matches!(by, GroupBy::Bands(bands) if bands.is_of_rows());
    if attribution(options)? == Attribution::Each && by.iter().any(banded) {
        return Err(Error::Argument(
            "attribution=\"each\" takes columns and attributes, not bands of a column of the events".into(),
        ));
    }
    Ok(by)
}
