//! Peak detection in circular counts, such as the hours of a day: peaks must stand out from the valleys beside them by more
//! than counts that come like these ones do by chance.
//!
//! Events of one customer are alike: each may have a favourite hour, and another sample of customers would have others. The
//! variance is therefore clustered in two ways, by customer and by day: that over customers, and what days vary more than
//! Poisson's law has it. A. C. Cameron, J. B. Gelbach and D. L. Miller, "Robust inference with multiway clustering",
//! Journal of Business & Economic Statistics 29 (2011).

/// A peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Its place.
    pub at: usize,
    /// The p-value of its height over the valley beside it, adjusted for the pairs of places that could have been compared.
    pub p: f64,
}

/// How much more counts vary than Poisson's law has it, at least 1: Pearson's statistic of a table of days and hours by its
/// degrees of freedom, where each day has a level of its own and all days one shape (quasi-Poisson).
///
/// P. `McCullagh` and J. A. Nelder, "Generalized Linear Models" (1989), 4.5.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Days and hours.
pub fn overdispersion(rows: &[Vec<f64>]) -> f64 {
    let width = rows.first().map_or(0, Vec::len);
    let columns: Vec<f64> = (0..width).map(|at| rows.iter().map(|row| row[at]).sum()).collect();
    let total: f64 = columns.iter().sum();
    let (mut statistic, mut filled) = (0.0, 0);
    for row in rows {
        let sum: f64 = row.iter().sum();
        filled += usize::from(sum > 0.0);
        for (value, column) in row.iter().zip(&columns) {
            let expected = sum * column / total;
            if expected > 0.0 {
                statistic += (value - expected).powi(2) / expected;
            }
        }
    }
    let shape = columns.iter().filter(|column| **column > 0.0).count();
    let freedom = (filled.saturating_sub(1) * shape.saturating_sub(1)) as f64;
    if freedom > 0.0 {
        (statistic / freedom).max(1.0)
    } else {
        1.0
    }
}

/// How counts vary.
#[derive(Debug, Clone)]
pub struct CountVariance {
    /// Over the customers, the sums of the products of their counts in each two places.
    pub products: Vec<Vec<f64>>,
    /// How much more days vary than Poisson's law has it.
    pub overdispersion: f64,
}

impl CountVariance {
    /// Of a weighted sum of the counts.
    fn of(&self, weights: &[f64], counts: &[f64]) -> f64 {
        let by_customer: f64 = weights
            .iter()
            .zip(&self.products)
            .map(|(weight, row)| {
                weight
                    * row
                        .iter()
                        .zip(weights)
                        .map(|(product, other)| product * other)
                        .sum::<f64>()
            })
            .sum();
        let poisson: f64 = weights
            .iter()
            .zip(counts)
            .map(|(weight, count)| weight * weight * count)
            .sum();
        by_customer + (self.overdispersion - 1.0) * poisson
    }
}

/// The peaks of some counts, each seen for so long, the highest first. Counts are smoothed by (1, 2, 1) / 4 around the
/// circle. The highest place must stand out from the lowest (or the circle is flat), any other local maximum from the
/// highest valley between it and those above it (or the circle has fewer peaks), at `level` after Bonferroni's adjustment
/// for all pairs of places.
#[must_use]
#[allow(clippy::cast_precision_loss)] // A few places.
pub fn peaks(counts: &[f64], seen: &[f64], varies: &CountVariance, level: f64) -> Vec<Peak> {
    let n = counts.len();
    if n < 3 || seen.iter().any(|seen| *seen <= 0.0) {
        return Vec::new();
    }
    let rate = |at: usize| counts[at % n] / seen[at % n];
    let smooth: Vec<f64> = (0..n)
        .map(|at| (rate(at + n - 1) + 2.0 * rate(at) + rate(at + 1)) / 4.0)
        .collect();
    let weight = |at: usize, of: usize| -> f64 {
        match (of + n - at) % n {
            0 => 0.5,
            1 => 0.25,
            apart if apart == n - 1 => 0.25,
            _ => 0.0,
        }
    };
    let pairs = (n * (n - 1) / 2) as f64;
    let p = |high: usize, low: usize| {
        let weights: Vec<f64> = (0..n)
            .map(|of| (weight(high, of) - weight(low, of)) / seen[of])
            .collect();
        let variance = varies.of(&weights, counts);
        let z = (smooth[high] - smooth[low]) / variance.sqrt();
        if variance > 0.0 {
            (pairs * libm::erfc(z / std::f64::consts::SQRT_2) / 2.0).min(1.0)
        } else {
            1.0
        }
    };
    let top = |at: &usize| smooth[*at] > smooth[(at + n - 1) % n] && smooth[*at] >= smooth[(at + 1) % n];
    let mut tops: Vec<usize> = (0..n).filter(top).collect();
    tops.sort_by(|a, b| smooth[*b].total_cmp(&smooth[*a]));
    let lowest = |from: usize, steps: usize| {
        (0..=steps)
            .map(|step| (from + step) % n)
            .min_by(|a, b| smooth[*a].total_cmp(&smooth[*b]))
    };
    let mut found: Vec<Peak> = Vec::new();
    for at in tops {
        let valleys = found.iter().flat_map(|peak| {
            let ahead = (peak.at + n - at) % n;
            [lowest(at, ahead), lowest(peak.at, n - ahead)].into_iter().flatten()
        });
        let valley = if found.is_empty() {
            lowest(0, n - 1)
        } else {
            valleys.max_by(|a, b| smooth[*a].total_cmp(&smooth[*b]))
        };
        let p = valley.map_or(1.0, |valley| p(at, valley));
        if p <= level {
            found.push(Peak { at, p });
        } else if found.is_empty() {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_peaks_one_and_none() {
        let seen = [30.0; 24];
        let wave = |turns: f64| -> Vec<f64> {
            (0..24)
                .map(|hour| (1000.0 + 500.0 * (turns * f64::from(hour) / 24.0 * std::f64::consts::TAU).sin()).round())
                .collect()
        };
        // One event a customer: the products are the counts, in the same place alone.
        let alone = |counts: &[f64], overdispersion: f64| CountVariance {
            products: (0..24)
                .map(|row| (0..24).map(|at| if at == row { counts[row] } else { 0.0 }).collect())
                .collect(),
            overdispersion,
        };
        let places = |counts: &[f64]| {
            peaks(counts, &seen, &alone(counts, 1.0), 0.01)
                .iter()
                .map(|peak| peak.at)
                .collect::<Vec<_>>()
        };
        assert_eq!(places(&wave(1.0)), [6]);
        assert_eq!(places(&wave(2.0)).len(), 2);
        assert!(places(&[1000.0; 24]).is_empty());
        // The same waves are chance where counts vary a thousand times as much.
        assert!(peaks(&wave(2.0), &seen, &alone(&wave(2.0), 1000.0), 0.01).is_empty());
        // And where each customer came a hundred times, all in one hour.
        let mut favourite = alone(&wave(2.0), 1.0);
        favourite
            .products
            .iter_mut()
            .flatten()
            .for_each(|product| *product *= 100.0);
        assert!(peaks(&wave(2.0), &seen, &favourite, 0.01).is_empty());
    }

    #[test]
    fn days_of_one_shape_are_not_overdispersed() {
        let rows: Vec<Vec<f64>> = (1..9)
            .map(|day| vec![f64::from(day) * 10.0, f64::from(day) * 20.0])
            .collect();
        assert_eq!(overdispersion(&rows), 1.0);
        assert!(overdispersion(&[vec![100.0, 0.0], vec![0.0, 100.0]]) > 50.0);
        assert_eq!(overdispersion(&[]), 1.0);
    }
}
