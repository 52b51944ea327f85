//! Standing: whether the purchases of a customer in a period are those of a new, a returning or a won-back customer.

use crate::time::Period;

/// A customer who stayed away for more days than this was lost, and is won back.
const LOST_AFTER: i64 = 365;

/// What a customer is in a period, by the purchase before the first one of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Standing {
    /// Nobody: orders of which no one knows whose they are.
    Guest,
    /// There is none before, or none within the lookback.
    New,
    /// It is at most 365 days earlier; who has refunds alone in the period is returning too.
    #[default]
    Returning,
    /// It is longer ago.
    WonBack,
}

impl Standing {
    /// That of a first purchase so many days after the one before, if there is one.
    pub(super) fn after(gap: Option<i64>) -> Self {
        match gap {
            None => Self::New,
            Some(gap) if gap > LOST_AFTER => Self::WonBack,
            Some(_) => Self::Returning,
        }
    }
}

/// The standings of one customer, by period.
#[derive(Debug, Default)]
pub(super) struct Standings {
    /// The days with a purchase.
    days: Vec<i64>,
    /// The periods with one, in their order.
    by_period: Vec<(i64, Standing)>,
}

impl Standings {
    /// Find those of a customer with purchases on some days, in any order.
    pub(super) fn find(&mut self, days: impl Iterator<Item = i64>, period: Period, lookback: Option<i64>) {
        self.days.clear();
        self.by_period.clear();
        self.days.extend(days);
        self.days.sort_unstable();
        self.days.dedup();
        let mut before = None;
        for &day in &self.days {
            let index = period.index(day);
            if self.by_period.last().is_none_or(|(last, _)| *last != index) {
                let gap = before.map(|before| day - before);
                let known = gap.filter(|gap| lookback.is_none_or(|lookback| *gap <= lookback));
                self.by_period.push((index, Standing::after(known)));
            }
            before = Some(day);
        }
    }

    /// That in a period.
    pub(super) fn of(&self, period: i64) -> Standing {
        let found = self.by_period.binary_search_by_key(&period, |(period, _)| *period);
        found.map_or(Standing::default(), |at| self.by_period[at].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standings(days: &[i64], lookback: Option<i64>) -> Vec<Standing> {
        let mut found = Standings::default();
        found.find(days.iter().copied(), Period::Day, lookback);
        days.iter().map(|day| found.of(*day)).collect()
    }

    #[test]
    fn a_year_parts_returning_from_won_back() {
        use Standing::{New, Returning, WonBack};
        assert_eq!(standings(&[0, 365, 731], None), [New, Returning, WonBack]);
        assert_eq!(standings(&[0, 365, 731], Some(365)), [New, Returning, New]);
        assert_eq!(standings(&[0, 10, 21], Some(10)), [New, Returning, New]);
    }

    #[test]
    fn a_period_goes_by_its_first_purchase() {
        let mut found = Standings::default();
        found.find([3, 40, 2].into_iter(), Period::Month, None);
        assert_eq!(
            (found.of(0), found.of(1), found.of(2)),
            (Standing::New, Standing::Returning, Standing::Returning)
        );
    }
}
