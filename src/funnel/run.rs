//! The funnel of a log: the chain of every customer, partition by partition.

use crate::columns::Unit;
use crate::columns::fixed;
use crate::customers::{Log, Partition, Place, Window};
use crate::error::Result;
use crate::parallel::{self, Task};

use super::machine::{Chain, Rules, chain};
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

    fn starts_here(&self, time: i64) -> bool {
        self.starts.0 <= time && time < self.starts.1
    }

    fn censored(&self, time: i64) -> bool {
        self.rules
            .window
            .is_some_and(|window| self.end.saturating_sub(time) < window)
    }
}

/// The chains of all customers who did step 1, in the order of their keys.
#[derive(Debug)]
pub struct Funnel {
    /// Who.
    pub places: Vec<Place>,
    /// Their chains.
    pub chains: Vec<Chain>,
    /// Starts with less than a window of data behind them.
    pub censored: u64,
    /// The mean value of the last step's event, over those that have one.
    pub value: Option<f64>,
}

/// What one partition gives.
#[derive(Default)]
struct Part {
    chains: Vec<Chain>,
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
    let parts = parallel::map(log.partitions.len(), task, |at| {
        Ok(part(&log.partitions[at], steps, plan, value))
    })?;
    let valued: u64 = parts.iter().map(|part| part.valued).sum();
    let money: i128 = parts.iter().map(|part| part.money).sum();
    let censored = parts.iter().map(|part| part.censored).sum();
    let mut chains: Vec<_> = parts.into_iter().map(|part| part.chains).collect();
    let mut to = Funnel {
        places: Vec::new(),
        chains: Vec::new(),
        censored,
        value: None,
    };
    for &place in log.in_order(task)? {
        let chain = std::mem::take(&mut chains[place.0 as usize][place.1 as usize]);
        if !chain.times.is_empty() {
            to.places.push(place);
            to.chains.push(chain);
        }
    }
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    let mean = (valued > 0).then(|| Unit::Binary.to_f64(money) / valued as f64);
    to.value = mean;
    Ok(to)
}

fn part(partition: &Partition, steps: &Compiled, plan: &FunnelPlan, value: Option<usize>) -> Part {
    let mut to = Part {
        chains: Vec::with_capacity(partition.len()),
        ..Part::default()
    };
    let (mut times, mut masks, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for customer in 0..partition.len() {
        times.clear();
        masks.clear();
        rows.clear();
        let mut started = false;
        for row in partition.rows(customer) {
            let time = partition.time[row];
            if time >= plan.until {
                break;
            }
            let mask = allowed(steps.mask(partition, row), time, plan, &mut to.censored);
            started |= mask & 1 == 1;
            if mask != 0 {
                times.push(time);
                masks.push(mask);
                rows.push(row);
            }
        }
        let chain = if started {
            chain(&times, &masks, &plan.rules)
        } else {
            Chain::default()
        };
        if let (Some(value), true) = (value, chain.times.len() == plan.rules.steps) {
            let worth = last_value(partition, &times, &masks, &rows, &chain, value);
            to.valued += u64::from(worth.is_some());
            to.money += worth.map_or(0, fixed);
        }
        to.chains.push(chain);
    }
    to
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
    Some(partition.numbers[value][rows[at]]).filter(|value| !value.is_nan())
}
