//! When a customer buys, and for how much: MBG/NBD and Gamma-Gamma.
//!
//! Batislam, Denizel & Filiztekin, "Empirical validation and comparison of models for customer base analysis"
//! (International Journal of Research in Marketing 24, 2007): purchases come at a rate λ until the customer drops out,
//! which may happen after any purchase, the first included, with probability p; λ ~ Gamma(r, α), p ~ Beta(a, b).
//! Fader & Hardie, "The Gamma-Gamma model of monetary value" (2013): an order's money is Gamma(p, ν), ν ~ Gamma(q, γ).

use rand_distr::{Beta, Gamma};

use super::chance::Chance;
use super::day::{DAYS, END, RECENT, instant, second_of_day, whole_i64};
use super::generate::ShopPlan;
use super::person::Person;
use super::truth::{BOTH, Planted, RETENTION_FALL};
use crate::error::{Error, Result};
use crate::time::DAY;

/// λ ~ Gamma(r, α), in days.
pub(super) const R: f64 = 0.8;
pub(super) const ALPHA: f64 = 75.0;
/// p ~ Beta(a, b).
pub(super) const A: f64 = 0.6;
pub(super) const B: f64 = 4.2;
/// z ~ Gamma(p, ν), ν ~ Gamma(q, γ).
pub(super) const P: f64 = 6.0;
pub(super) const Q: f64 = 4.0;
pub(super) const GAMMA: f64 = 60.0;
/// Registered customers who never buy.
pub(super) const NEVER: f64 = 0.5;

/// The 0.8 quantile of Gamma(0.8, 1), from `scipy.stats.gamma.ppf(0.8, 0.8)`.
const RATE_TOP_FIFTH: f64 = 1.307_371_036_420_097;
/// The 0.2 quantile of Gamma(4, 1), from `scipy.stats.gamma.ppf(0.2, 4)`: a small ν is a large spend.
const SPEND_TOP_FIFTH: f64 = 2.296_786_806_028_084;
/// The shape of the gaps where all customers have a typical one: a standard deviation of a third of it.
const CYCLE_SHAPE: f64 = 9.0;
/// Days from registration to the first order, on average.
const FIRST_ORDER: f64 = 10.0;
/// How long after an order the next one counts as coming back.
pub(super) const AGAIN: i64 = 90 * DAY;

/// The laws of the process.
#[derive(Debug)]
pub(super) struct Process {
    rate: Gamma<f64>,
    dropout: Beta<f64>,
    spend: Gamma<f64>,
    order: Gamma<f64>,
    gap: Gamma<f64>,
}

/// A purchase: when, and for how many cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Purchase {
    pub(super) time: i64,
    pub(super) cents: i64,
}

/// All purchases of a customer before the end.
#[derive(Debug, Default)]
pub(super) struct PlannedHistory {
    pub(super) purchases: Vec<Purchase>,
    /// Whether a second order follows within 90 days of the first, be it after the end.
    pub(super) again: bool,
    /// The place of the tier by the true parameters, for buyers.
    pub(super) tier: Option<usize>,
    /// The day on which the customer is last active.
    pub(super) active_until: f64,
}

impl Process {
    pub(super) fn new() -> Result<Self> {
        let wrong = |what: &dyn std::fmt::Display| Error::Data(format!("the purchase process: {what}"));
        Ok(Self {
            rate: Gamma::new(R, 1.0).map_err(|error| wrong(&error))?,
            dropout: Beta::new(A, B).map_err(|error| wrong(&error))?,
            spend: Gamma::new(Q, 1.0).map_err(|error| wrong(&error))?,
            order: Gamma::new(P, 1.0).map_err(|error| wrong(&error))?,
            gap: Gamma::new(CYCLE_SHAPE, 1.0 / CYCLE_SHAPE).map_err(|error| wrong(&error))?,
        })
    }

    /// Draw the purchases of a customer.
    pub(super) fn history(
        &self,
        person: &Person,
        plan: &ShopPlan,
        chance: &mut Chance,
        clock: &mut Chance,
    ) -> PlannedHistory {
        if chance.happens(NEVER) {
            return PlannedHistory {
                active_until: (person.day + chance.exponential(60.0)).min(DAYS),
                ..PlannedHistory::default()
            };
        }
        let buyer = self.buyer(plan, chance);
        let first = person.day + chance.exponential(FIRST_ORDER);
        let (days, dropped_out) = buyer.days(first, plan, &self.gap, chance);
        let mut purchases: Vec<Purchase> = Vec::with_capacity(days.len());
        for &day in &days {
            let soonest = person.registered + 10 * 60 * crate::time::SECOND;
            // An order on the day of registration is placed then, so that it is on the curve of the day as that is.
            let time = if day < person.day + 1.0 {
                soonest
            } else {
                instant(day, second_of_day(clock, plan)).max(soonest)
            };
            let money = chance.draw(&self.order) / buyer.spend;
            purchases.push(Purchase {
                time,
                cents: whole_i64(money * 100.0).max(100),
            });
        }
        purchases.sort_unstable();
        let again = purchases
            .get(1)
            .is_some_and(|second| second.time - purchases[0].time <= AGAIN);
        purchases.retain(|purchase| purchase.time < END);
        let tier = (!purchases.is_empty()).then(|| buyer.tier(dropped_out));
        let last = days.last().copied().unwrap_or(first);
        let active_until = if dropped_out {
            last + chance.exponential(30.0)
        } else {
            DAYS
        };
        PlannedHistory {
            purchases,
            again,
            tier,
            active_until: active_until.min(DAYS),
        }
    }

    /// Rate, dropout and spend. Rate and spend keep their distributions; that both lie in their top fifth is as likely
    /// as planted.
    fn buyer(&self, plan: &ShopPlan, chance: &mut Chance) -> Buyer {
        if plan.without.contains(&Planted::PurchaseProcess) {
            return Buyer {
                rate: R / ALPHA,
                dropout: A / (A + B),
                spend: (Q - 1.0) / GAMMA,
                frequent: false,
                high: false,
            };
        }
        let both = plan.size(BOTH);
        let cell = chance.pick(&[both, 0.2 - both, 0.2 - both, 0.6 + both]);
        let (frequent, high) = (cell < 2, cell.is_multiple_of(2));
        let rate = until(|| chance.draw(&self.rate), |rate| (rate > RATE_TOP_FIFTH) == frequent);
        let spend = until(|| chance.draw(&self.spend), |spend| (spend < SPEND_TOP_FIFTH) == high);
        let dropout = chance.draw(&self.dropout);
        Buyer {
            rate: rate / ALPHA,
            dropout,
            spend: spend / GAMMA,
            frequent,
            high,
        }
    }
}

/// The true parameters of a buyer.
struct Buyer {
    rate: f64,
    dropout: f64,
    /// ν: orders have a mean of P / ν.
    spend: f64,
    frequent: bool,
    high: bool,
}

impl Buyer {
    /// The days of all purchases, some weeks past the end, and whether the customer dropped out before it.
    fn days(&self, first: f64, plan: &ShopPlan, gap: &Gamma<f64>, chance: &mut Chance) -> (Vec<f64>, bool) {
        let horizon = DAYS + 92.0;
        let stays = if first >= RECENT {
            plan.size(RETENTION_FALL)
        } else {
            1.0
        };
        let mut days = vec![first];
        let mut stay = (1.0 - self.dropout) * stays;
        let mut day = first;
        while chance.happens(stay) {
            day += match plan.cycle {
                Some(cycle) => cycle * chance.draw(gap),
                None => chance.exponential(1.0 / self.rate),
            };
            if day >= horizon {
                return (days, false);
            }
            days.push(day);
            stay = 1.0 - self.dropout;
        }
        (days, day < DAYS)
    }

    /// The place among the tiers.
    fn tier(&self, dropped_out: bool) -> usize {
        match (dropped_out, self.frequent, self.high) {
            (true, _, _) => super::words::LOST,
            (false, true, true) => 0,
            (false, true, false) => 1,
            (false, false, true) => 2,
            (false, false, false) => 3,
        }
    }
}

fn until(mut draw: impl FnMut() -> f64, accept: impl Fn(f64) -> bool) -> f64 {
    loop {
        let value = draw();
        if accept(value) {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::chance::{Purpose, real};

    #[test]
    fn the_top_fifths_are_fifths() {
        let process = Process::new().unwrap();
        let mut chance = Chance::new(3, 0, Purpose::Purchases);
        let runs = 100_000;
        let rates = (0..runs)
            .filter(|_| chance.draw(&process.rate) > RATE_TOP_FIFTH)
            .count();
        let spends = (0..runs)
            .filter(|_| chance.draw(&process.spend) < SPEND_TOP_FIFTH)
            .count();
        // Four standard errors.
        assert!((real(rates) / real(runs) - 0.2).abs() < 0.005);
        assert!((real(spends) / real(runs) - 0.2).abs() < 0.005);
    }
}
