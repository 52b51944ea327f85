//! Purchase histories (frequency, recency, T), equal ones together.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::error::Result;
use crate::runtime::{self, Task};

/// Histories looked at by one task.
const CHUNK: usize = 512;

/// One customer's purchases, in any one unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Purchases but for the first.
    pub repeats: f64,
    /// From the first to the last purchase.
    pub last: f64,
    /// From the first purchase to the end of observation.
    pub age: f64,
}

/// Different histories in one order, and who has which.
#[derive(Debug, Clone)]
pub struct Histories {
    /// Each with the sum of the weights of those who have it.
    pub distinct: Vec<(History, f64)>,
    /// By customer: the place of the history.
    pub of: Vec<u32>,
    /// Numbers of repeats, with the sums of weights.
    pub by_repeats: Vec<(f64, f64)>,
}

impl Histories {
    /// Put equal histories together; sums do not depend on the order in which customers come.
    #[must_use]
    pub fn new(all: impl ExactSizeIterator<Item = History>, weights: Option<&[f64]>) -> Self {
        let mut places: HashMap<[u64; 3], u32, FixedState> = HashMap::with_hasher(FixedState::default());
        let mut met: Vec<(History, f64)> = Vec::new();
        let mut of = Vec::with_capacity(all.len());
        for (at, history) in all.enumerate() {
            let bits = [history.repeats, history.last, history.age].map(f64::to_bits);
            let place = *places.entry(bits).or_insert_with(|| {
                met.push((history, 0.0));
                u32::try_from(met.len() - 1).unwrap_or(u32::MAX)
            });
            met[place as usize].1 += weights.map_or(1.0, |weights| weights[at]);
            of.push(place);
        }
        let mut order: Vec<u32> = (0..).take(met.len()).collect();
        let key = |place: &u32| met[*place as usize].0;
        order.sort_unstable_by(|a, b| {
            let (a, b) = (key(a), key(b));
            (a.repeats.total_cmp(&b.repeats))
                .then(a.last.total_cmp(&b.last))
                .then(a.age.total_cmp(&b.age))
        });
        let mut rank = vec![0; order.len()];
        for (new, old) in (0..).zip(&order) {
            rank[*old as usize] = new;
        }
        let distinct = order.iter().map(|place| met[*place as usize]).collect();
        Self::of_distinct(distinct, of.into_iter().map(|place| rank[place as usize]).collect())
    }

    /// About `count` of the distinct histories, evenly spread; `None` where there are hardly more.
    #[must_use]
    pub(super) fn thinned(&self, count: usize) -> Option<Self> {
        let step = self.distinct.len() / count;
        if step < 2 {
            return None;
        }
        let distinct = self.distinct.iter().skip(step / 2).step_by(step).copied().collect();
        Some(Self::of_distinct(distinct, Vec::new()))
    }

    fn of_distinct(distinct: Vec<(History, f64)>, of: Vec<u32>) -> Self {
        let same = |a: &(History, f64), b: &(History, f64)| a.0.repeats.total_cmp(&b.0.repeats).is_eq();
        let by_repeats = distinct
            .chunk_by(same)
            .map(|same| (same[0].0.repeats, same.iter().map(|(_, weight)| weight).sum()))
            .collect();
        Self {
            distinct,
            of,
            by_repeats,
        }
    }

    /// The sum of the weights.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.by_repeats.iter().map(|(_, weight)| weight).sum()
    }

    /// Something of each distinct history.
    pub(super) fn distinct_each<T: Copy + Default + Send + Sync>(
        &self,
        of: impl Fn(&History) -> T + Sync,
        task: &Task,
    ) -> Result<Vec<T>> {
        let chunks: Vec<_> = self.distinct.chunks(CHUNK).collect();
        let lengths: Vec<usize> = chunks.iter().map(|chunk| chunk.len()).collect();
        runtime::fill(&lengths, task, |at, to| {
            to.extend(chunks[at].iter().map(|(history, _)| of(history)));
            Ok(())
        })
    }

    /// Something of each customer's history, found once for equal ones.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn each(&self, of: impl Fn(&History) -> f64 + Sync, task: &Task) -> Result<Vec<f64>> {
        let distinct = self.distinct_each(of, task)?;
        Ok(self.of.iter().map(|place| distinct[*place as usize]).collect())
    }

    /// The weighted mean of something that takes long.
    pub(super) fn mean_of(&self, of: impl Fn(&History) -> f64 + Sync, task: &Task) -> Result<f64> {
        let each = self.distinct_each(of, task)?;
        let sum: f64 = each
            .iter()
            .zip(&self.distinct)
            .map(|(of, (_, weight))| of * weight)
            .sum();
        Ok(sum / self.weight())
    }

    /// The weighted mean of something.
    #[must_use]
    pub fn mean(&self, of: impl Fn(&History) -> f64) -> f64 {
        self.distinct
            .iter()
            .map(|(history, weight)| weight * of(history))
            .sum::<f64>()
            / self.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_histories_are_one_whatever_their_order() {
        let of = |repeats, last, age| History { repeats, last, age };
        let all = [of(1.0, 3.0, 9.0), of(0.0, 0.0, 9.0), of(1.0, 3.0, 9.0)];
        let histories = Histories::new(all.into_iter(), None);
        assert_eq!(histories.distinct, [(all[1], 1.0), (all[0], 2.0)]);
        assert_eq!(histories.of, [1, 0, 1]);
        assert_eq!(histories.by_repeats, [(0.0, 1.0), (1.0, 2.0)]);
        assert_eq!(histories.mean(|history| history.last), 2.0);
        let weighted = Histories::new(all.into_iter().rev(), Some(&[1.0, 5.0, 1.0]));
        assert_eq!(weighted.distinct, [(all[1], 5.0), (all[0], 2.0)]);
    }
}
