//! How often each whole number occurs, to be merged.

use std::collections::BTreeMap;

use crate::analysis::{Decoder, Encoder, State};
use crate::error::Result;

/// How often each whole number occurs.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    /// By number, as most are small.
    small: Vec<u64>,
    large: BTreeMap<u64, u64>,
}

/// What is counted in a list.
const SMALL: usize = 1 << 8;

impl State for Histogram {
    fn merge(&mut self, other: Self) -> Result<()> {
        other.each().for_each(|(value, count)| self.add(value, count));
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.length(self.each().count());
        for (value, count) in self.each() {
            to.u64(value);
            to.u64(count);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let count = from.length()?;
        let mut all = Self::default();
        for _ in 0..count {
            all.add(from.u64()?, from.u64()?);
        }
        Ok(all)
    }
}

impl Histogram {
    /// Count a number so many times.
    pub(super) fn add(&mut self, value: u64, count: u64) {
        match usize::try_from(value) {
            Ok(at) if at < SMALL => {
                if self.small.is_empty() {
                    self.small.resize(SMALL, 0);
                }
                self.small[at] += count;
            }
            _ => *self.large.entry(value).or_default() += count,
        }
    }

    /// Each number that occurs, in ascending order, and how often it does.
    fn each(&self) -> impl Iterator<Item = (u64, u64)> {
        let small = (0..).zip(self.small.iter().copied());
        let large = self.large.iter().map(|(value, count)| (*value, *count));
        small.chain(large).filter(|(_, count)| *count > 0)
    }

    /// How often a number occurs.
    pub(super) fn of(&self, value: u64) -> u64 {
        self.each()
            .find(|(other, _)| *other == value)
            .map_or(0, |(_, count)| count)
    }

    /// How many were counted.
    pub(super) fn count(&self) -> u64 {
        self.each().map(|(_, count)| count).sum()
    }

    /// Their mean.
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    pub(super) fn mean(&self) -> Option<f64> {
        let sum: u64 = self.each().map(|(value, count)| value * count).sum();
        (self.count() > 0).then(|| sum as f64 / self.count() as f64)
    }

    /// The middle value; of an even number of them, the mean of the two in the middle.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn median(&self) -> Option<f64> {
        let count = self.count();
        let nth = |at: u64| {
            let mut before = 0;
            let found = self.each().find(|(_, count)| {
                before += *count;
                before > at
            });
            found.map(|(value, _)| value as f64)
        };
        Some(f64::midpoint(nth(count.checked_sub(1)? / 2)?, nth(count / 2)?))
    }
}
