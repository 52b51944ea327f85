//! Random numbers of one customer for one purpose.

use rand_distr::num_traits::ToPrimitive;
use rand_distr::{Distribution, Exp1, StandardNormal, StandardUniform};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;

use crate::columns::hash_bits;

/// What random numbers are for. Each purpose has its own, so that one more draw for one does not shift another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Person,
    Purchases,
    Visits,
    Sessions,
    Orders,
    Care,
    Clock,
    Dirt,
}

/// A source of random numbers.
pub(super) struct Chance(Pcg64Mcg);

impl Chance {
    pub(super) fn new(seed: u64, customer: u32, purpose: Purpose) -> Self {
        let own = hash_bits(seed) ^ hash_bits(u64::from(customer) << 8 | purpose as u64);
        Self(Pcg64Mcg::seed_from_u64(own))
    }

    pub(super) fn draw<T>(&mut self, law: &impl Distribution<T>) -> T {
        law.sample(&mut self.0)
    }

    /// Uniform on [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        self.draw(&StandardUniform)
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in [0, count).
    pub(super) fn below(&mut self, count: usize) -> usize {
        whole(self.unit() * real(count)).min(count.saturating_sub(1))
    }

    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        mean * self.draw::<f64>(&Exp1)
    }

    pub(super) fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.draw::<f64>(&StandardNormal)
    }

    /// Poisson, as arrivals in a time of `mean`; our means are small.
    pub(super) fn poisson(&mut self, mean: f64) -> usize {
        let mut time = self.exponential(1.0);
        let mut arrivals = 0;
        while time < mean {
            arrivals += 1;
            time += self.exponential(1.0);
        }
        arrivals
    }

    /// The number of successes before the first failure.
    pub(super) fn successes(&mut self, probability: f64) -> usize {
        let mut count = 0;
        while self.happens(probability) {
            count += 1;
        }
        count
    }

    /// An index with probability in proportion to its weight.
    pub(super) fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }
}

/// The whole part of a number that is not negative.
pub(super) fn whole(value: f64) -> usize {
    value.to_usize().unwrap_or(0)
}

/// A count as a double; ours are far below 2⁵³.
#[allow(clippy::cast_precision_loss)]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_their_means() {
        let mut chance = Chance::new(1, 1, Purpose::Person);
        let runs = 200_000;
        let mean = |draw: &mut dyn FnMut() -> f64| (0..runs).map(|_| draw()).sum::<f64>() / real(runs);
        assert!((mean(&mut || real(chance.poisson(1.7))) - 1.7).abs() < 0.02);
        assert!((mean(&mut || real(chance.successes(0.4))) - 2.0 / 3.0).abs() < 0.02);
        assert!((mean(&mut || real(chance.pick(&[1.0, 0.0, 3.0]))) - 1.5).abs() < 0.02);
        assert!((mean(&mut || chance.exponential(2.0)) - 2.0).abs() < 0.03);
        assert!((mean(&mut || real(chance.below(5))) - 2.0).abs() < 0.02);
    }

    #[test]
    fn purposes_and_customers_have_their_own_numbers() {
        let first = Chance::new(1, 1, Purpose::Person).unit();
        assert_eq!(first, Chance::new(1, 1, Purpose::Person).unit());
        for other in [
            Chance::new(2, 1, Purpose::Person),
            Chance::new(1, 2, Purpose::Person),
            Chance::new(1, 1, Purpose::Care),
        ] {
            let mut other = other;
            assert_ne!(first, other.unit());
        }
    }
}
