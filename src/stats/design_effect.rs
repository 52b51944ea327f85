//! Clustered proportion: the design effect and effective sample size of shares of things that come in clusters.
//!
//! L. Kish, "Survey Sampling" (1965): the design effect, and the linearised variance of a ratio.

/// A share of units that come in clusters, one cluster after another, of which some count. Whole numbers, so that it does
/// not depend on the order of the clusters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusteredProportion {
    current: Option<(u32, u32)>,
    part: u64,
    whole: u64,
    /// Over the clusters: their number, units, units that count, and the sums of squares and products of the two.
    sums: [u64; 6],
}

impl ClusteredProportion {
    /// That of clusters which were summed up before.
    #[must_use]
    pub fn from_sums(sums: [u64; 6]) -> Self {
        Self {
            sums,
            ..Self::default()
        }
    }

    /// Over the closed clusters: their number, units, units that count, and the sums of squares and products of the two.
    #[must_use]
    pub fn sums(&self) -> [u64; 6] {
        self.sums
    }

    /// Add a unit of a cluster.
    pub fn add(&mut self, cluster: (u32, u32), counts: bool) {
        if self.current != Some(cluster) {
            self.close();
            self.current = Some(cluster);
        }
        self.whole += 1;
        self.part += u64::from(counts);
    }

    /// End the current cluster.
    pub fn close(&mut self) {
        if self.current.take().is_none() {
            return;
        }
        let (part, whole) = (self.part, self.whole);
        let more = [1, whole, part, part * part, part * whole, whole * whole];
        self.sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        (self.part, self.whole) = (0, 0);
    }

    /// Add the clusters of another, none of which is among these.
    pub fn merge(&mut self, other: &Self) {
        self.sums
            .iter_mut()
            .zip(other.sums)
            .for_each(|(sum, more)| *sum += more);
    }

    /// How many independent units tell as much about the share: the units by the design effect, which is at least one: the
    /// variance of the ratio of units that count to units, over clusters (c / (c - 1) times the sum of squared residuals, by
    /// the square of the units), over that of as many units drawn one by one, share × (1 - share) / (n - 1). With one unit
    /// in each cluster it is 1. Where all or none count, so that no variance can be seen, as many as there are clusters.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Counts and their squares lie below 2⁵³.
    pub fn effective(&self) -> f64 {
        let [clusters, units, counted, parts, products, wholes] = self.sums.map(|sum| sum as f64);
        let share = counted / units;
        let alone = share * (1.0 - share) / (units - 1.0);
        if clusters < 2.0 || alone <= 0.0 {
            return clusters;
        }
        let residual = parts - 2.0 * share * products + share * share * wholes;
        let variance = clusters / (clusters - 1.0) * residual / (units * units);
        units / (variance / alone).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(clusters: &[(u32, u32)]) -> ClusteredProportion {
        let mut all = ClusteredProportion::default();
        for (number, &(part, whole)) in (0..).zip(clusters) {
            (0..whole).for_each(|unit| all.add((0, number), unit < part));
        }
        all.close();
        all
    }

    #[test]
    fn units_that_agree_tell_as_much_as_one() {
        // Whole clusters count or do not: by hand, 4/3 × 4 × 2.5² / 20² over .25 / 19 is 19/3.
        let same = of(&[(5, 5), (0, 5), (5, 5), (0, 5)]);
        assert!((same.effective() - 20.0 / (19.0 / 3.0)).abs() < 1e-12);
        // Clusters of one are units.
        let alone: Vec<(u32, u32)> = (0..100).map(|at| (at % 2, 1)).collect();
        assert!((of(&alone).effective() - 100.0).abs() < 1e-9);
        assert_eq!(of(&[(3, 3), (2, 2)]).effective(), 2.0);
    }

    /// Cochran's pyramid of a ratio by hand: clusters (1 of 4), (2 of 3), (3 of 3); the share .6, residuals -1.4, .2, 1.2.
    #[test]
    fn the_variance_is_that_of_a_ratio() {
        let variance = 1.5 * (1.96 + 0.04 + 1.44) / 100.0;
        let effect = variance / (0.6 * 0.4 / 9.0);
        assert!((of(&[(1, 4), (2, 3), (3, 3)]).effective() - 10.0 / effect).abs() < 1e-12);
    }
}
