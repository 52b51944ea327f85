//! Mergeable state of a funnel: by group and step, who reached it and how long after the step before.

use crate::analysis::{Decoder, Encoder, Groups, Multiset, State, state_of_fields};
use crate::error::Result;
use crate::money::{MoneyUnit, exact};
use crate::stats::ClusteredProportion;

/// The chains of some customers, counted.
#[derive(Debug, Default)]
pub struct FunnelState {
    /// By the values of what the funnel is broken down by, and the first day of the period.
    pub(super) groups: Groups<GroupState>,
    /// Starts with less than a window of data behind them.
    pub(super) censored: u64,
}

state_of_fields!(FunnelState { groups, censored });

/// The chains of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct GroupState {
    pub(super) steps: Vec<StepState>,
    /// The values of the events that complete chains.
    pub(super) completions: MeanAccumulator,
}

/// One step of a group.
#[derive(Debug, Clone, Default)]
pub(super) struct StepState {
    pub(super) reached: u64,
    /// Microseconds from the step before, of those who reached it.
    pub(super) gaps: Multiset,
    /// Of those of the step before, how many reached it, by customer.
    pub(super) clusters: ClusteredProportion,
}

state_of_fields!(StepState {
    reached,
    gaps,
    clusters
});

impl State for GroupState {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.room(other.steps.len());
        for (ours, theirs) in self.steps.iter_mut().zip(other.steps) {
            ours.merge(theirs)?;
        }
        self.completions.merge(other.completions)
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.list(&self.steps, |to, step| step.encode(to));
        self.completions.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self {
            steps: from.list(State::decode)?,
            completions: State::decode(from)?,
        })
    }
}

impl GroupState {
    /// Room for so many steps.
    pub(super) fn room(&mut self, steps: usize) {
        if self.steps.len() < steps {
            self.steps.resize(steps, StepState::default());
        }
    }

    /// Add a chain by the times of its steps.
    pub(super) fn add(&mut self, times: impl Iterator<Item = i64>) {
        let mut before = None;
        for (step, time) in self.steps.iter_mut().zip(times) {
            step.reached += 1;
            if let Some(before) = before.replace(time) {
                step.gaps.add(time - before);
            }
        }
    }

    /// Note which steps a chain of a customer came to, of those that it could have come to.
    pub(super) fn add_cluster(&mut self, customer: (u32, u32), depth: usize) {
        for (number, step) in self.steps.iter_mut().enumerate().skip(1).take(depth) {
            step.clusters.add(customer, number < depth);
        }
    }

    /// Add the values of some completions.
    pub(super) fn add_completions(&mut self, more: MeanAccumulator) {
        self.completions.money += more.money;
        self.completions.count += more.count;
    }

    /// End the clusters of a partition.
    pub(super) fn close(&mut self) {
        self.steps.iter_mut().for_each(|step| step.clusters.close());
    }
}

/// The mean of some values, exact until it is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MeanAccumulator {
    money: i128,
    count: u64,
}

state_of_fields!(MeanAccumulator { money, count });

impl MeanAccumulator {
    /// Add one value, the sum of some lines; none where no line has one.
    pub(super) fn add_sum(&mut self, lines: impl Iterator<Item = f64>) {
        let known = lines.filter(|value| !value.is_nan()).map(exact);
        if let Some(sum) = known.reduce(|sum, value| sum + value) {
            self.count += 1;
            self.money += sum;
        }
    }

    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    pub(super) fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| MoneyUnit::Float.to_f64(self.money) / self.count as f64)
    }
}
