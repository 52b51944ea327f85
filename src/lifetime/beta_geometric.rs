//! BG/NBD and MBG/NBD: rates are gamma distributed, and a purchase is the last with a probability that is beta
//! distributed.
//!
//! P. S. Fader, B. G. S. Hardie & K. L. Lee, Marketing Science 24 (2005); E. P. Batislam, M. Denizel & A. Filiztekin,
//! International Journal of Research in Marketing 24 (2007), where the first purchase can be the last, too.

#![allow(clippy::many_single_char_names)] // The papers' names.

use super::histories::History;
use crate::stats::{Dropout, Point, rising, softplus};

/// r, α, a, b.
pub(super) type Parameters = [f64; 4];

/// Whether the first purchase can be the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// Customers stay until a repeat.
    Stays,
    /// They can leave at once.
    MayLeave,
}

impl First {
    /// Chances to leave beyond the repeats.
    fn chances(self) -> f64 {
        match self {
            Self::Stays => 0.0,
            Self::MayLeave => 1.0,
        }
    }

    /// Whether a history had a chance to leave.
    fn could_leave(self, history: &History) -> bool {
        history.repeats > 0.0 || self == Self::MayLeave
    }
}

/// What depends on the repeats alone.
pub(super) fn of_repeats(first: First, [r, alpha, a, b]: &Parameters, repeats: f64) -> Point<4> {
    let (rate, kept, chances) = (
        rising(*r, repeats),
        rising(*b, repeats + first.chances()),
        rising(a + b, repeats + first.chances()),
    );
    let mut to = Point::zero();
    to.value = rate[0] + r * alpha.ln() + kept[0] - chances[0];
    to.gradient = [rate[1] + alpha.ln(), r / alpha, -chances[1], kept[1] - chances[1]];
    to.hessian = [
        [rate[2], 1.0 / alpha, 0.0, 0.0],
        [1.0 / alpha, -r / (alpha * alpha), 0.0, 0.0],
        [0.0, 0.0, -chances[2], -chances[2]],
        [0.0, 0.0, -chances[2], kept[2] - chances[2]],
    ];
    to
}

/// What depends on all of a history: −(r + x)·ln(α + T) + ln(1 + e^d), where d is the logarithm of the odds to have left.
pub(super) fn of_history(first: First, parameters: &Parameters, history: &History) -> Point<4> {
    let [r, alpha, a, b] = *parameters;
    let History { repeats, last, age } = *history;
    let (shape, now) = (r + repeats, 1.0 / (alpha + age));
    let mut to = Point::zero();
    to.value = -shape * (alpha + age).ln();
    to.gradient = [-(alpha + age).ln(), -shape * now, 0.0, 0.0];
    to.hessian[0][1] = -now;
    to.hessian[1] = [-now, shape * now * now, 0.0, 0.0];
    if !first.could_leave(history) {
        return to;
    }
    let (then, chances) = (1.0 / (alpha + last), b + repeats + first.chances() - 1.0);
    let odds = log_odds(first, parameters, history);
    let slope = [silence(alpha, history), shape * (now - then), 1.0 / a, -1.0 / chances];
    let left = 1.0 / (1.0 + (-odds).exp());
    to.value += softplus(odds);
    for (row, by) in slope.into_iter().enumerate() {
        to.gradient[row] += left * by;
        for (column, other) in slope.into_iter().enumerate() {
            to.hessian[row][column] += left * (1.0 - left) * by * other;
        }
    }
    to.hessian[0][1] += left * (now - then);
    to.hessian[1][0] += left * (now - then);
    to.hessian[1][1] += left * shape * (then * then - now * now);
    to.hessian[2][2] -= left / (a * a);
    to.hessian[3][3] += left / (chances * chances);
    to
}

/// `ln((α + T) / (α + t_x))`.
fn silence(alpha: f64, history: &History) -> f64 {
    ((history.age - history.last) / (alpha + history.last)).ln_1p()
}

fn log_odds(first: First, [r, alpha, a, b]: &Parameters, history: &History) -> f64 {
    let chances = b + history.repeats + first.chances() - 1.0;
    (a / chances).ln() + (r + history.repeats) * silence(*alpha, history)
}

/// The chance that a customer has not left.
pub(super) fn p_alive(first: First, parameters: &Parameters, history: &History) -> f64 {
    if !first.could_leave(history) {
        return 1.0;
    }
    1.0 / (1.0 + log_odds(first, parameters, history).exp())
}

/// The rate and the dropout of a customer who has not left.
pub(super) fn dropout(first: First, [r, _, a, b]: &Parameters, history: &History) -> Dropout {
    Dropout {
        shape: r + history.repeats,
        a: *a,
        b: b + history.repeats + first.chances(),
        excess: a + b + first.chances() - r,
    }
}

/// The chance of `n` repeats in a time `t` since the first purchase.
pub(super) fn probability(first: First, [r, alpha, a, b]: &Parameters, n: f64, t: f64) -> f64 {
    let chances = n + first.chances();
    let stay = (rising(*b, chances)[0] - rising(a + b, chances)[0]).exp();
    let counts = super::model::Counts {
        shape: *r,
        odds: t / alpha,
    };
    let here = stay * counts.exactly(n);
    if chances == 0.0 {
        return here;
    }
    // B(a + 1, b + k − 1) / B(a, b): stayed at the k − 1 chances before, and left at the last.
    let leave = (rising(*b, chances - 1.0)[0] - rising(a + b, chances)[0]).exp() * a;
    here + leave * counts.at_least(n)
}
