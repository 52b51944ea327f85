//! Kaplan–Meier survival estimate over whole days.
//!
//! E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958).

use super::chi_square::{chi_square_survival, quadratic};

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Spells by their length in whole days: those that ended, and those that were last seen. What is censored at a day was at
/// risk on it.
#[derive(Debug, Clone, Copy)]
pub struct Spells<'a> {
    /// How many ended at each day.
    pub ended: &'a [u64],
    /// How many were last seen at each day.
    pub waiting: &'a [u64],
}

/// A day of a Kaplan–Meier curve on which spells ended, or to which they were followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalPoint {
    /// The length of the spells.
    pub day: usize,
    /// The spells that last so long at least.
    pub at_risk: u64,
    /// The estimated share of spells that last longer.
    pub survival: f64,
    /// Its 95 % interval by Greenwood's variance on the scale log(-log); none where it is 0 or 1.
    pub interval: Option<(f64, f64)>,
}

impl Spells<'_> {
    /// The curve: a point for each day on which spells ended.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Counts of spells lie far below 2⁵³.
    pub fn curve(&self) -> Vec<SurvivalPoint> {
        let (mut survival, mut greenwood) = (1.0, 0.0);
        let mut points = Vec::new();
        for (day, at_risk) in self.at_risk() {
            let (ended, n) = (at(self.ended, day) as f64, at_risk as f64);
            if ended > 0.0 {
                survival *= 1.0 - ended / n;
                greenwood += ended / (n * (n - ended));
                points.push(SurvivalPoint {
                    day,
                    at_risk,
                    survival,
                    interval: log_log(survival, greenwood),
                });
            }
        }
        points
    }

    /// The estimate at some days, in their order; none beyond the longest spell, as no one knows.
    #[must_use]
    pub fn estimates(&self, days: &[usize]) -> Vec<Option<SurvivalPoint>> {
        let (curve, at_risk) = (self.curve(), self.at_risk());
        let longest = at_risk
            .iter()
            .rev()
            .find(|(_, at_risk)| *at_risk > 0)
            .map(|(day, _)| *day);
        let estimate = |&day: &usize| {
            let before = curve.iter().take_while(|point| point.day <= day).last();
            let (survival, interval) = before.map_or((1.0, None), |point| (point.survival, point.interval));
            longest.filter(|longest| day <= *longest).map(|_| SurvivalPoint {
                day,
                at_risk: at_risk.get(day).map_or(0, |(_, at_risk)| *at_risk),
                survival,
                interval,
            })
        };
        days.iter().map(estimate).collect()
    }

    /// How many spells there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.ended.iter().chain(self.waiting).sum()
    }

    /// Each day, and the spells that last so long at least.
    fn at_risk(&self) -> Vec<(usize, u64)> {
        let mut at_risk = self.count();
        let days = 0..self.ended.len().max(self.waiting.len());
        let left = |day| {
            let here = at_risk;
            at_risk -= at(self.ended, day) + at(self.waiting, day);
            (day, here)
        };
        days.map(left).collect()
    }
}

fn at(counts: &[u64], day: usize) -> u64 {
    counts.get(day).copied().unwrap_or_default()
}

/// M. Greenwood (1926); the scale keeps the ends between 0 and 1 (J. D. Kalbfleisch and R. L. Prentice, 1980).
fn log_log(survival: f64, greenwood: f64) -> Option<(f64, f64)> {
    if survival <= 0.0 || survival >= 1.0 {
        return None;
    }
    let half = Z * greenwood.sqrt() / survival.ln();
    // The logarithm is negative, and so is what is half.
    Some((survival.powf((-half).exp()), survival.powf(half.exp())))
}

/// The first day at which the estimated share of events has reached `share` of its final height. `None` if there is no event.
#[must_use]
pub fn kaplan_meier_quantile(events: &[u64], censored: &[u64], share: f64) -> Option<usize> {
    let spells = Spells {
        ended: events,
        waiting: censored,
    };
    let curve = spells.curve();
    let height = curve
        .last()
        .map(|point| 1.0 - point.survival)
        .filter(|height| *height > 0.0)?;
    let reached = curve.iter().find(|point| 1.0 - point.survival >= share * height);
    reached.map(|point| point.day)
}

/// A log-rank test: chi-square, its degrees of freedom, and the probability of as much where groups do not differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRank {
    /// The statistic.
    pub statistic: f64,
    /// Groups with spells, less one.
    pub degrees: usize,
    /// The p-value.
    pub p_value: f64,
}

/// Whether spells of several groups end alike (N. Mantel, 1966; with the hypergeometric variance). `None` where fewer than
/// two groups have spells, or none ended.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts of spells lie far below 2⁵³.
pub fn log_rank(groups: &[Spells<'_>]) -> Option<LogRank> {
    let groups: Vec<&Spells<'_>> = groups.iter().filter(|spells| spells.count() > 0).collect();
    let free = groups.len().checked_sub(1).filter(|free| *free > 0)?;
    let days = groups
        .iter()
        .map(|spells| spells.ended.len().max(spells.waiting.len()))
        .max()?;
    let mut left: Vec<f64> = groups.iter().map(|spells| spells.count() as f64).collect();
    let (mut difference, mut variance) = (vec![0.0; free], vec![vec![0.0; free]; free]);
    for day in 0..days {
        let (n, ended): (f64, f64) = (
            left.iter().sum(),
            groups.iter().map(|group| at(group.ended, day) as f64).sum(),
        );
        if ended > 0.0 {
            let scale = if n > 1.0 { ended * (n - ended) / (n - 1.0) } else { 0.0 };
            for a in 0..free {
                let share = left[a] / n;
                difference[a] += at(groups[a].ended, day) as f64 - ended * share;
                for b in 0..free {
                    let same = if a == b { 1.0 } else { 0.0 };
                    variance[a][b] += scale * share * (same - left[b] / n);
                }
            }
        }
        for (left, group) in left.iter_mut().zip(&groups) {
            *left -= (at(group.ended, day) + at(group.waiting, day)) as f64;
        }
    }
    let statistic = quadratic(variance, &difference)?;
    Some(LogRank {
        statistic,
        degrees: free,
        p_value: chi_square_survival(statistic, free),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The maintained arm of the acute myelogenous leukaemia data as R's `survival` prints it: events at 9, 13, 18, 23,
    /// 31, 34, 48, censored at 13, 28, 45, 161; survival .909 .818 .716 .614 .491 .368 .184.
    #[test]
    fn leukaemia_as_r_has_it() {
        let (mut events, mut censored) = ([0; 162], [0; 162]);
        for day in [9, 13, 18, 23, 31, 34, 48] {
            events[day] = 1;
        }
        for day in [13, 28, 45, 161] {
            censored[day] = 1;
        }
        let height = 1.0 - 0.184_090_909;
        for (ended, day) in [
            (0.0909, 9),
            (0.1818, 13),
            (0.2840, 18),
            (0.3863, 23),
            (0.5090, 31),
            (0.6318, 34),
        ] {
            assert_eq!(kaplan_meier_quantile(&events, &censored, ended / height), Some(day));
        }
        assert_eq!(kaplan_meier_quantile(&events, &censored, 0.9), Some(48));
    }

    #[test]
    fn nobody_came_back() {
        assert_eq!(kaplan_meier_quantile(&[0, 0], &[1, 5], 0.9), None);
        assert_eq!(kaplan_meier_quantile(&[], &[], 0.9), None);
    }

    /// The same data: with `conf.type="log-log"` R prints .508 to .987 at 9 and .350 to .899 at 18.
    #[test]
    fn estimates_have_their_interval() {
        let (mut events, mut censored) = ([0; 162], [0; 162]);
        for day in [9, 13, 18, 23, 31, 34, 48] {
            events[day] = 1;
        }
        for day in [13, 28, 45, 161] {
            censored[day] = 1;
        }
        let spells = Spells {
            ended: &events,
            waiting: &censored,
        };
        let found = spells.estimates(&[8, 9, 18, 100, 162]);
        assert_eq!(
            found[0].map(|point| (point.at_risk, point.survival, point.interval)),
            Some((11, 1.0, None))
        );
        let (low, high) = found[1].unwrap().interval.unwrap();
        assert!(
            (low - 0.508).abs() < 5e-4 && (high - 0.987).abs() < 5e-4,
            "{low} {high}"
        );
        let (low, high) = found[2].unwrap().interval.unwrap();
        assert!(
            (low - 0.350).abs() < 1.5e-3 && (high - 0.899).abs() < 1.5e-3,
            "{low} {high}"
        );
        assert_eq!((found[3].unwrap().at_risk, found[4]), (1, None));
    }

    /// Both arms of the leukaemia data: R's `survdiff` prints 3.396389 on one degree of freedom, p = 0.06533932.
    #[test]
    fn arms_differ_as_r_has_it() {
        let arm = |ended: &[usize], waiting: &[usize]| {
            let count = |days: &[usize]| {
                let mut counts = vec![0; 162];
                for day in days {
                    counts[*day] += 1;
                }
                counts
            };
            (count(ended), count(waiting))
        };
        let maintained = arm(&[9, 13, 18, 23, 31, 34, 48], &[13, 28, 45, 161]);
        let other = arm(&[5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45], &[16]);
        let groups = [&maintained, &other].map(|(ended, waiting)| Spells { ended, waiting });
        let found = log_rank(&groups).unwrap();
        assert!((found.statistic - 3.396_389).abs() < 1e-6, "{found:?}");
        assert!((found.p_value - 0.065_339_32).abs() < 1e-7, "{found:?}");
        assert_eq!(found.degrees, 1);
        let swapped = log_rank(&[groups[1], groups[0]]).unwrap();
        assert!((swapped.statistic - found.statistic).abs() < 1e-12);
        assert_eq!(log_rank(&groups[..1]), None);
    }
}
