//! A model of purchases: which, with its parameters.

use super::beta_geometric::{self, First};
use super::histories::{Histories, History};
use super::pareto;
use special::Beta;

use crate::error::Result;
use crate::params::words;
use crate::runtime::{self, Task};
use crate::stats::{Point, ln_gamma, rising};

words! {
    /// Which model of purchases.
    pub enum ModelKind {
        /// BG/NBD: r, α, a, b.
        Bg = "bg",
        /// MBG/NBD: r, α, a, b.
        Mbg = "mbg",
        /// Pareto/NBD: r, α, s, β.
        Pareto = "pareto",
    }
}

/// A model of purchases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// Which.
    pub kind: ModelKind,
    /// Its parameters.
    pub parameters: [f64; 4],
}

/// Histories evaluated by one task.
const CHUNK: usize = 256;

impl ModelKind {
    fn first(self) -> Option<First> {
        match self {
            Self::Bg => Some(First::Stays),
            Self::Mbg => Some(First::MayLeave),
            Self::Pareto => None,
        }
    }
}

impl Model {
    fn of_repeats(&self, repeats: f64) -> Point<4> {
        match self.kind.first() {
            Some(first) => beta_geometric::of_repeats(first, &self.parameters, repeats),
            None => pareto::of_repeats(&self.parameters, repeats),
        }
    }

    fn of_history(&self, history: &History) -> Point<4> {
        match self.kind.first() {
            Some(first) => beta_geometric::of_history(first, &self.parameters, history),
            None => pareto::of_history(&self.parameters, history),
        }
    }

    /// The log-likelihood of one history.
    #[must_use]
    pub fn log_likelihood(&self, history: &History) -> f64 {
        self.of_repeats(history.repeats).value + self.of_history(history).value
    }

    /// The log-likelihood of all histories, its gradient and Hessian by the parameters.
    ///
    /// # Errors
    /// If the caller asked to stop.
    pub fn point(&self, histories: &Histories, task: &Task) -> Result<Point<4>> {
        let count = histories.distinct.len();
        let parts = runtime::map(count.div_ceil(CHUNK), task, |at| {
            let mut sum = Point::zero();
            for (history, weight) in &histories.distinct[at * CHUNK..count.min((at + 1) * CHUNK)] {
                sum.add(&self.of_history(history), *weight);
            }
            Ok(sum)
        })?;
        let mut all = Point::zero();
        for (repeats, weight) in &histories.by_repeats {
            all.add(&self.of_repeats(*repeats), *weight);
        }
        for part in &parts {
            all.add(part, 1.0);
        }
        Ok(all)
    }

    /// The chance that a customer is still one, a time `ahead` after the end of observation.
    #[must_use]
    pub fn p_alive(&self, history: &History, ahead: f64) -> f64 {
        match self.kind.first() {
            Some(first) => {
                let now = beta_geometric::p_alive(first, &self.parameters, history);
                let dropout = beta_geometric::dropout(first, &self.parameters, history);
                now * dropout.survival(ahead / self.scale(history))
            }
            None => pareto::p_alive(&self.parameters, history) * pareto::survival(&self.parameters, history, ahead),
        }
    }

    /// Expected purchases of a customer in a time after the end of observation.
    #[must_use]
    pub fn expected(&self, history: &History, horizon: f64) -> f64 {
        match self.kind.first() {
            Some(first) => {
                let now = beta_geometric::p_alive(first, &self.parameters, history);
                let dropout = beta_geometric::dropout(first, &self.parameters, history);
                now * dropout.purchases(horizon / self.scale(history))
            }
            None => pareto::p_alive(&self.parameters, history) * pareto::purchases(&self.parameters, history, horizon),
        }
    }

    /// Expected repeats of a new customer in a time since the first purchase.
    #[must_use]
    pub fn expected_new(&self, time: f64) -> f64 {
        const NEW: History = History {
            repeats: 0.0,
            last: 0.0,
            age: 0.0,
        };
        self.expected(&NEW, time)
    }

    /// The chance of `n` repeats in a time since the first purchase.
    #[must_use]
    pub fn probability(&self, n: f64, time: f64) -> f64 {
        match self.kind.first() {
            Some(first) => beta_geometric::probability(first, &self.parameters, n, time),
            None => pareto::probability(&self.parameters, n, time),
        }
    }

    /// The median of the time to the next purchase of a customer who has not left: that of Lomax's distribution.
    #[must_use]
    pub fn next_median(&self, history: &History) -> f64 {
        self.scale(history) * (std::f64::consts::LN_2 / (self.parameters[0] + history.repeats)).exp_m1()
    }

    /// The mean of that time; infinite where r + x is at most one.
    #[must_use]
    pub fn next_mean(&self, history: &History) -> f64 {
        let shape = self.parameters[0] + history.repeats;
        if shape > 1.0 {
            self.scale(history) / (shape - 1.0)
        } else {
            f64::INFINITY
        }
    }

    /// The scale of the rate of a customer, α + T.
    fn scale(&self, history: &History) -> f64 {
        self.parameters[1] + history.age
    }
}

/// Negative binomial counts: of a gamma rate, over a time of `odds` times the scale.
pub(super) struct Counts {
    pub(super) shape: f64,
    pub(super) odds: f64,
}

impl Counts {
    /// The chance of `n`.
    pub(super) fn exactly(&self, n: f64) -> f64 {
        let many = if n > 0.0 {
            n * (self.odds / (1.0 + self.odds)).ln()
        } else {
            0.0
        };
        (rising(self.shape, n)[0] - ln_gamma(n + 1.0) - self.shape * self.odds.ln_1p() + many).exp()
    }

    /// The chance of `n` or more: the regularised incomplete beta function.
    pub(super) fn at_least(&self, n: f64) -> f64 {
        if n <= 0.0 {
            return 1.0;
        }
        let beta = ln_gamma(n) - rising(self.shape, n)[0];
        // Of a share and its complement the smaller is known the better.
        if self.odds < 1.0 {
            return (self.odds / (1.0 + self.odds)).inc_beta(n, self.shape, beta);
        }
        1.0 - (1.0 / (1.0 + self.odds)).inc_beta(self.shape, n, beta)
    }
}
