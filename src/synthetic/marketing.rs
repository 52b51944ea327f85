//! What the shop spends: on new customers by channel, and on customers by tier.

use super::chance::real;
use super::day::{MONTHS, month};
use super::generate::ShopPlan;
use super::person::Person;
use super::purchases::PlannedHistory;
use super::truth::{COST_RISE, Planted};
use super::words::{ADS, CHANNELS, TIERS};

/// Cost of a registration in the first month, by channel.
const COSTS: [f64; CHANNELS.len()] = [5.0, 30.0, 25.0, 45.0, 15.0];
/// Shares of the spend on customers that are planted, by tier.
pub(super) const SHARES: [f64; TIERS.len()] = [0.10, 0.10, 0.10, 0.25, 0.45];
/// Spend on customers as a share of sales.
const OF_SALES: f64 = 0.04;

/// What the spend follows: counts and cents, which add up alike in any order.
#[derive(Debug, Clone, Default)]
pub(super) struct Totals {
    pub(super) registrations: [[usize; MONTHS]; CHANNELS.len()],
    pub(super) cents: [[i64; MONTHS]; TIERS.len()],
    /// Buyers by tier.
    pub(super) buyers: [usize; TIERS.len()],
}

/// One line of spend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SpendRow {
    pub(super) month: usize,
    /// The place among the channels; none for spend on customers.
    pub(super) channel: Option<usize>,
    pub(super) tier: Option<usize>,
    pub(super) amount: f64,
}

impl Totals {
    pub(super) fn count(&mut self, person: &Person, history: &PlannedHistory) {
        self.registrations[usize::from(person.channel)][month(person.registered)] += 1;
        if let Some(tier) = history.tier {
            self.buyers[tier] += 1;
            for purchase in &history.purchases {
                self.cents[tier][month(purchase.time)] += purchase.cents;
            }
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        let registrations = self
            .registrations
            .iter_mut()
            .flatten()
            .zip(other.registrations.iter().flatten());
        registrations.for_each(|(to, more)| *to += more);
        let cents = self.cents.iter_mut().flatten().zip(other.cents.iter().flatten());
        cents.for_each(|(to, more)| *to += more);
        self.buyers
            .iter_mut()
            .zip(other.buyers)
            .for_each(|(to, more)| *to += more);
    }

    /// The share of all sales by tier.
    pub(super) fn sales_share(&self, tier: usize) -> f64 {
        let of = |tier: usize| money(self.cents[tier].iter().sum());
        of(tier) / (0..TIERS.len()).map(of).sum::<f64>().max(0.01)
    }

    /// The lines of spend, month by month.
    pub(super) fn spend(&self, plan: &ShopPlan) -> Vec<SpendRow> {
        let mut rows = Vec::new();
        for month in 0..MONTHS {
            for (channel, registrations) in self.registrations.iter().enumerate() {
                let rise = if channel == ADS { plan.size(COST_RISE) } else { 1.0 };
                let cost = COSTS[channel] * rise.powf(real(month) / real(MONTHS - 1));
                let amount = cents(cost * real(registrations[month]));
                rows.push(SpendRow {
                    month,
                    channel: Some(channel),
                    tier: None,
                    amount,
                });
            }
            let sales: i64 = self.cents.iter().map(|tier| tier[month]).sum();
            for (tier, of_tier) in self.cents.iter().enumerate() {
                let amount = if plan.without.contains(&Planted::SpendByTier) {
                    cents(OF_SALES * money(of_tier[month]))
                } else {
                    cents(OF_SALES * SHARES[tier] * money(sales))
                };
                rows.push(SpendRow {
                    month,
                    channel: None,
                    tier: Some(tier),
                    amount,
                });
            }
        }
        rows
    }
}

/// Cents as money; ours are far below 2⁵³.
#[allow(clippy::cast_precision_loss)]
pub(super) fn money(cents: i64) -> f64 {
    cents as f64 / 100.0
}

fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}
