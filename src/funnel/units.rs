//! Chain finder: one customer's events cut into sequences (sessions, values that must agree, periods, attempts), and
//! the chain of each.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

use crate::columns::NONE;
use crate::error::Result;
use crate::log::{GroupBy, Partition, SessionCursor, SessionRule, group_key};
use crate::runtime;
use crate::time::{Calendar, Period, Zone};

use super::choice::{attempt, better};
use super::machine::chain;
use super::plan::{Attribution, FunnelPlan, FunnelUnit};
use super::rules::{Mode, Sequence, StepMatch};
use super::steps::CompiledSteps;

/// An event that counts for something.
#[derive(Debug, Clone, Copy)]
struct Event {
    row: usize,
    time: i64,
    mask: u64,
    ban: u64,
    unit: u32,
    /// The first two of what parts sequences: most pairs of events differ in them, and need no other look.
    part: u64,
}

/// A chain that was found.
#[derive(Debug)]
pub(super) struct FoundChain<'a> {
    /// Its events; `at` is the row in the partition.
    pub(super) fills: &'a [StepMatch],
    /// The values of what the funnel is broken down by, then the period, if any.
    pub(super) group: &'a [i64],
    /// The session's code, or the number of the attempt or of the session, from 1.
    pub(super) unit: u32,
}

/// Finds the chains of one customer after another of a partition.
pub(super) struct ChainFinder<'a> {
    partition: &'a Partition,
    number: u32,
    steps: &'a CompiledSteps,
    plan: &'a FunnelPlan,
    zone: &'a Zone,
    calendar: Calendar<'a>,
    /// Columns whose values part sequences that each have a chain, and those that part what a chain is chosen from.
    outer: Rc<[&'a [u32]]>,
    inner: Rc<[&'a [u32]]>,
    sessions: Option<SessionCursor<'a>>,
    events: Vec<Event>,
    times: Vec<i64>,
    masks: Vec<u64>,
    bans: Vec<u64>,
    group: Vec<i64>,
    /// When periods begin and end.
    bounds: HashMap<i64, (i64, i64)>,
    /// Starts with less than a window of data behind them.
    pub(super) censored: u64,
}

impl<'a> ChainFinder<'a> {
    pub(super) fn new(
        partition: &'a Partition,
        number: u32,
        steps: &'a CompiledSteps,
        plan: &'a FunnelPlan,
        zone: &'a Zone,
    ) -> Self {
        let label = |at: usize| partition.labels[at].as_slice();
        let sessions = match plan.unit {
            FunnelUnit::Session(rule) => Some(SessionCursor::new(rule, partition)),
            FunnelUnit::Customer | FunnelUnit::Attempt => None,
        };
        Self {
            partition,
            number,
            steps,
            plan,
            zone,
            calendar: Calendar::new(zone),
            outer: plan.each().map(label).collect(),
            inner: plan.same.iter().copied().map(label).collect(),
            sessions,
            events: Vec::new(),
            times: Vec::new(),
            masks: Vec::new(),
            bans: Vec::new(),
            group: Vec::new(),
            bounds: HashMap::new(),
            censored: 0,
        }
    }

    /// Call `found` with each chain of a customer.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub(super) fn customer(&mut self, customer: u32, found: &mut impl FnMut(FoundChain<'_>)) -> Result<()> {
        self.collect(customer)?;
        let events = std::mem::take(&mut self.events);
        let outer = self.outer.clone();
        for part in events.chunk_by(|a, b| a.unit == b.unit && agree(&outer, a, b)) {
            if self.plan.unit == FunnelUnit::Attempt {
                self.attempts(part, customer, found);
            } else {
                self.chains(part, customer, found);
            }
        }
        self.events = events;
        Ok(())
    }

    /// The events that count, sequence by sequence, each in the order of time.
    fn collect(&mut self, customer: u32) -> Result<()> {
        self.events.clear();
        if let Some(sessions) = &mut self.sessions {
            sessions.restart();
        }
        for row in self.plan.known(self.partition, customer as usize) {
            let time = self.partition.time[row];
            let unit = self.sessions.as_mut().map_or(1, |sessions| sessions.next(row));
            let mask = self.steps.mask(self.partition, row);
            self.count_censored(mask, time);
            let ban = self.steps.ban(self.partition, row);
            let idle = mask == 0 && ban == 0 && self.plan.rules.mode != Mode::Contiguous;
            // What has no value agrees with nothing.
            let alone = unit == NONE || self.inner.iter().any(|codes| codes[row] == NONE);
            if !idle && !alone {
                self.events.push(Event {
                    part: self.part(unit, row),
                    row,
                    time,
                    mask,
                    ban,
                    unit,
                });
            }
        }
        // Without columns that part them they stand as they should: sessions by gap alone follow each other.
        let in_order = match self.plan.unit {
            FunnelUnit::Session(rule) => matches!(rule, SessionRule::Gap(_)),
            FunnelUnit::Customer | FunnelUnit::Attempt => true,
        };
        if self.outer.is_empty() && self.inner.is_empty() && in_order {
            return Ok(());
        }
        let (outer, inner): (&[&[u32]], &[&[u32]]) = (&self.outer, &self.inner);
        runtime::sort_by(&mut self.events, |a, b| {
            let further = outer.iter().chain(inner).skip(1);
            let by_further = |order: Ordering, codes: &&[u32]| order.then_with(|| codes[a.row].cmp(&codes[b.row]));
            let order = further.fold(a.part.cmp(&b.part), by_further);
            order.then(a.row.cmp(&b.row))
        })
    }

    /// The unit and the first column that parts sequences, as one word.
    fn part(&self, unit: u32, row: usize) -> u64 {
        let column = self.outer.iter().chain(&*self.inner).next();
        u64::from(unit) << 32 | u64::from(column.map_or(0, |codes| codes[row]))
    }

    /// The steps that can begin a chain.
    fn first_steps(&self) -> u64 {
        match self.plan.rules.mode {
            Mode::Unordered => u64::MAX,
            Mode::Ordered | Mode::Contiguous => 1,
        }
    }

    fn count_censored(&mut self, mask: u64, time: i64) {
        if mask & self.first_steps() != 0 && self.plan.starts_here(time) {
            self.censored += u64::from(self.plan.censored(time));
        }
    }

    /// The chain of a unit, or one for each period in which it starts.
    fn chains(&mut self, part: &[Event], customer: u32, found: &mut impl FnMut(FoundChain<'_>)) {
        let allowed = self.plan.allowed_starts();
        let Some(period) = self.plan.period else {
            self.chain(part, allowed, customer, None, found);
            return;
        };
        let first = self.first_steps();
        let starts = part
            .iter()
            .filter(|event| event.mask & first != 0 && allowed.0 <= event.time && event.time < allowed.1);
        let mut periods: Vec<i64> = starts
            .map(|event| period.index(self.calendar.day(event.time)))
            .collect();
        periods.sort_unstable();
        periods.dedup();
        for index in periods {
            let zone = self.zone;
            let bound = |index| zone.start_of_day(period.first_day(index));
            let (from, to) = *self
                .bounds
                .entry(index)
                .or_insert_with(|| (bound(index), bound(index + 1)));
            let within = (allowed.0.max(from), allowed.1.min(to));
            self.chain(part, within, customer, Some((period, index)), found);
        }
    }

    fn chain(
        &mut self,
        part: &[Event],
        starts: (i64, i64),
        customer: u32,
        period: Option<(Period, i64)>,
        found: &mut impl FnMut(FoundChain<'_>),
    ) {
        let (mut best, mut fills) = (Vec::new(), Vec::new());
        let inner = self.inner.clone();
        // What lies before the starts, or later than a window behind them, is in no chain.
        let last = self
            .plan
            .rules
            .window
            .map_or(i64::MAX, |window| starts.1.saturating_add(window));
        for events in part.chunk_by(|a, b| agree(&inner, a, b)) {
            let from = events.partition_point(|event| event.time < starts.0);
            let events = &events[from..events.partition_point(|event| event.time < last).max(from)];
            self.fill(events, starts);
            fills.clear();
            chain(self.sequence(), starts, &self.plan.rules, &mut fills);
            rows(&mut fills, events);
            if better(&fills, &best, &self.plan.rules) {
                std::mem::swap(&mut best, &mut fills);
            }
        }
        self.report(&best, part[0], customer, period, part[0].unit, found);
    }

    /// Attempts follow each other: one ends at its conversion, or when no step can follow any more.
    fn attempts(&mut self, part: &[Event], customer: u32, found: &mut impl FnMut(FoundChain<'_>)) {
        let mut number = 0;
        let inner = self.inner.clone();
        for events in part.chunk_by(|a, b| agree(&inner, a, b)) {
            self.fill(events, self.plan.allowed_starts());
            let mut from = 0;
            while let Some((mut fills, end)) = attempt(self.sequence(), from, &self.plan.rules) {
                from = end;
                number += 1;
                let time = fills[0].time;
                rows(&mut fills, events);
                let period = self
                    .plan
                    .period
                    .map(|period| (period, period.index(self.calendar.day(time))));
                self.report(&fills, events[0], customer, period, number, found);
            }
        }
    }

    /// Lay events out for the machine: step 1 within the starts alone, bans joined over each instant.
    fn fill(&mut self, events: &[Event], starts: (i64, i64)) {
        self.times.clear();
        self.masks.clear();
        self.bans.clear();
        let bounded = self.plan.rules.mode != Mode::Unordered;
        for event in events {
            let outside = bounded && !(starts.0 <= event.time && event.time < starts.1);
            self.times.push(event.time);
            self.masks.push(if outside { event.mask & !1 } else { event.mask });
        }
        if !self.steps.excludes() {
            return;
        }
        for instant in events.chunk_by(|a, b| a.time == b.time) {
            let ban = instant.iter().fold(0, |ban, event| ban | event.ban);
            let from = self.bans.len();
            self.bans.resize(from + instant.len(), ban);
            self.masks[from..from + instant.len()]
                .iter_mut()
                .for_each(|mask| *mask &= !ban);
        }
    }

    fn sequence(&self) -> Sequence<'_> {
        Sequence {
            times: &self.times,
            masks: &self.masks,
            bans: &self.bans,
        }
    }

    fn report(
        &mut self,
        fills: &[StepMatch],
        first: Event,
        customer: u32,
        period: Option<(Period, i64)>,
        unit: u32,
        found: &mut impl FnMut(FoundChain<'_>),
    ) {
        let row = match self.plan.attribution {
            _ if fills.is_empty() => return,
            Attribution::First => fills[0].at,
            Attribution::Last => fills[fills.len() - 1].at,
            Attribution::Each => first.row,
            Attribution::Step(step) => match fills.iter().find(|fill| fill.step == step) {
                Some(fill) => fill.at,
                None => return,
            },
        };
        let code = |by: &GroupBy| by.code(self.partition, (self.number, customer), row);
        self.group.clear();
        self.group.extend(self.plan.by.iter().map(code).map(group_key));
        self.group.extend(period.map(|(period, index)| period.first_day(index)));
        found(FoundChain {
            fills,
            group: &self.group,
            unit,
        });
    }
}

/// Whether two events have the same values.
fn agree(columns: &[&[u32]], a: &Event, b: &Event) -> bool {
    columns.iter().all(|codes| codes[a.row] == codes[b.row])
}

/// Places in a sequence become rows of the partition.
fn rows(fills: &mut [StepMatch], events: &[Event]) {
    for fill in fills {
        fill.at = events[fill.at].row;
    }
}
