//! The funnel of a log: the chain of every customer, partition by partition.

use crate::columns::Unit;
use crate::columns::fixed;
use crate::customers::{Log, Partition, Place, Window};
use crate::error::Result;
use crate::parallel::{self, Task};

use super::machine::{Chain, Rules, chain};
use super::plain;
use super::steps::Compiled;

/// What becomes of starts with less than a window of data behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// They count.
    Any,
    /// They are left out, converted or not.
    Full,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct FunnelPlan {
    /// What a chain is.
    pub rules: Rules,
    /// When step 1 may happen: from, and before.
    pub starts: (i64, i64),
    /// Events from here on are cut.
    pub until: i64,
    /// The end of observation.
    pub end: i64,
    /// What becomes of starts without full follow-up.
    pub follow_up: FollowUp,
}

impl FunnelPlan {
    /// The plan for a period of a log.
    #[must_use]
    pub fn new(
        log: &Log,
        rules: Rules,
        window: Window,
        start: Option<i64>,
        end: Option<i64>,
        follow_up: FollowUp,
    ) -> Self {
        let ends = [window.end, end].into_iter().flatten();
        Self {
            rules,
            starts: (
                start.max(window.start).unwrap_or(i64::MIN),
                ends.min().unwrap_or(i64::MAX),
            ),
            until: window.end.unwrap_or(i64::MAX),
            end: log.end(window).unwrap_or_default(),
            follow_up,
        }
    }

    /// The rows of a customer that the period knows.
    fn known(&self, partition: &Partition, customer: usize) -> std::ops::Range<usize> {
        let rows = partition.rows(customer);
        if self.until == i64::MAX {
            return rows;
        }
        rows.start..rows.start + partition.time[rows].partition_point(|time| *time < self.until)
    }

    /// When step 1 may happen, given the follow-up that is asked for.
    fn allowed_starts(&self) -> (i64, i64) {
        match self.rules.window {
            Some(window) if self.follow_up == FollowUp::Full => {
                let last = self.end.saturating_sub(window);
                (self.starts.0, self.starts.1.min(last.saturating_add(1)))
            }
            _ => self.starts,
        }
    }

    /// Starts without a window of data behind them; they stand at the end.
    fn count_censored(&self, events: &plain::Events<'_>) -> u64 {
        let late = events
            .times
            .iter()
            .rev()
            .take_while(|time| self.censored(**time))
            .count();
        let late = events.times.len() - late..events.times.len();
        late.filter(|&row| events.level(row) == 0 && self.starts_here(events.times[row]))
            .count() as u64
    }

    fn starts_here(&self, time: i64) -> bool {
        self.starts.0 <= time && time < self.starts.1
    }

    fn censored(&self, time: i64) -> bool {
        self.rules
            .window
            .is_some_and(|window| self.end.saturating_sub(time) < window)
    }
}

/// The reported chains of one partition's customers.
#[derive(Debug, Default)]
pub struct Chains {
    /// The depth of each customer's chain; 0 for those who did not do step 1.
    pub depths: Vec<u8>,
    /// When each step was done, chain after chain.
    pub times: Vec<i64>,
}

impl Chains {
    /// The times of each customer's chain.
    pub fn each(&self) -> impl Iterator<Item = &[i64]> {
        let mut rest = self.times.as_slice();
        self.depths.iter().map(move |depth| {
            let (chain, others) = rest.split_at(usize::from(*depth));
            rest = others;
            chain
        })
    }
}

/// The chains of all customers.
#[derive(Debug)]
pub struct Funnel {
    /// By partition.
    pub chains: Vec<Chains>,
    /// Starts with less than a window of data behind them.
    pub censored: u64,
    /// The mean value of the last step's event, over those that have one.
    pub value: Option<f64>,
}

impl Funnel {
    /// Those who did step 1, in the order of their keys, with the times of their chains.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn in_order(&self, log: &Log, task: &Task) -> Result<Vec<(Place, &[i64])>> {
        let chains: Vec<Vec<&[i64]>> = self.chains.iter().map(|part| part.each().collect()).collect();
        let of = |place: &Place| (*place, chains[place.0 as usize][place.1 as usize]);
        Ok(log
            .in_order(task)?
            .iter()
            .map(of)
            .filter(|(_, chain)| !chain.is_empty())
            .collect())
    }
}

/// What one partition gives.
#[derive(Default)]
struct Part {
    chains: Chains,
    censored: u64,
    money: i128,
    valued: u64,
}

/// The funnel of a log.
///
/// # Errors
/// If the caller asked to stop.
pub fn funnel(log: &Log, steps: &Compiled, plan: &FunnelPlan, task: &Task) -> Result<Funnel> {
    let value = log.roles.numbers.iter().position(|(role, _)| role == "value");
    let levels = steps.plain();
    let parts = parallel::map(log.partitions(), task, |at| {
        let partition = &*log.partition(at)?;
        let mut to = Part::default();
        match &levels {
            Some(levels) => to.plain(partition, levels, &partition.labels[steps.event()], plan, value),
            None => to.general(partition, steps, plan, value),
        }
        Ok(to)
    })?;
    let valued: u64 = parts.iter().map(|part| part.valued).sum();
    let money: i128 = parts.iter().map(|part| part.money).sum();
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    let mean = (valued > 0).then(|| Unit::Binary.to_f64(money) / valued as f64);
    Ok(Funnel {
        censored: parts.iter().map(|part| part.censored).sum(),
        chains: parts.into_iter().map(|part| part.chains).collect(),
        value: mean,
    })
}

impl Part {
    /// Where no event fits two steps: straight from the columns.
    fn plain(&mut self, partition: &Partition, levels: &[u8], codes: &[u32], plan: &FunnelPlan, value: Option<usize>) {
        self.chains.depths.reserve(partition.len());
        let starts = plan.allowed_starts();
        for customer in 0..partition.len() {
            let rows = plan.known(partition, customer);
            let events = plain::Events {
                times: &partition.time[rows.clone()],
                codes: &codes[rows.clone()],
                levels,
                starts,
            };
            self.censored += plan.count_censored(&events);
            let depth = plain::chain(&events, &plan.rules, &mut self.chains.times);
            self.chains.depths.push(depth_of(depth));
            if let (Some(value), Some(&end)) = (value, self.chains.times.last())
                && depth == plan.rules.steps
            {
                let level = |row: usize| usize::from(levels[codes[row] as usize]);
                let last = |row: &usize| partition.time[*row] == end && level(*row) == depth - 1;
                self.add_value(rows.clone().find(last).map(|row| partition.numbers[value][row]));
            }
        }
    }

    /// Where an event may fit several steps: the steps of each event first, then their chains.
    fn general(&mut self, partition: &Partition, steps: &Compiled, plan: &FunnelPlan, value: Option<usize>) {
        let (mut times, mut masks, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for customer in 0..partition.len() {
            times.clear();
            masks.clear();
            rows.clear();
            for row in plan.known(partition, customer) {
                let time = partition.time[row];
                let mask = allowed(steps.mask(partition, row), time, plan, &mut self.censored);
                if mask != 0 {
                    times.push(time);
                    masks.push(mask);
                    rows.push(row);
                }
            }
            let chain = chain(&times, &masks, &plan.rules);
            if let (Some(value), true) = (value, chain.times.len() == plan.rules.steps) {
                self.add_value(last_value(partition, &times, &masks, &rows, &chain, value));
            }
            self.chains.depths.push(depth_of(chain.times.len()));
            self.chains.times.extend(chain.times);
        }
    }

    fn add_value(&mut self, worth: Option<f64>) {
        if let Some(worth) = worth.filter(|worth| !worth.is_nan()) {
            self.valued += 1;
            self.money += fixed(worth);
        }
    }
}

/// A depth is at most 64.
#[allow(clippy::cast_possible_truncation)]
fn depth_of(steps: usize) -> u8 {
    steps as u8
}

/// The steps that an event may fill, given when step 1 may happen.
fn allowed(mask: u64, time: i64, plan: &FunnelPlan, censored: &mut u64) -> u64 {
    if mask & 1 == 0 {
        return mask;
    }
    if !plan.starts_here(time) {
        return mask & !1;
    }
    let short = plan.censored(time);
    *censored += u64::from(short);
    if short && plan.follow_up == FollowUp::Full {
        mask & !1
    } else {
        mask
    }
}

/// The value of the first event that fits the last step at the instant in which a chain ends.
fn last_value(
    partition: &Partition,
    times: &[i64],
    masks: &[u64],
    rows: &[usize],
    chain: &Chain,
    value: usize,
) -> Option<f64> {
    let (end, last) = (*chain.times.last()?, chain.times.len() - 1);
    let from = times.partition_point(|time| *time < end);
    let fits = |at: &usize| times[*at] == end && masks[*at] >> last & 1 == 1;
    let at = (from..times.len()).find(fits)?;
    Some(partition.numbers[value][rows[at]])
}
