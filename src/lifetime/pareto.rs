//! Pareto/NBD: rates and times to leave are gamma and Pareto distributed.
//!
//! D. C. Schmittlein, D. G. Morrison & R. Colombo, Management Science 33 (1987); P. S. Fader & B. G. S. Hardie, "A note
//! on deriving the Pareto/NBD model and related expressions" (2005). The likelihood's integral over the time of leaving
//! is done by quadrature in u = ln(c + y), c = min(α, β), up to where the integrand has fallen by e^40: no
//! hypergeometric function, nothing that overflows, and derivatives come from under the integral.

#![allow(clippy::many_single_char_names)] // The papers' names.

use std::sync::LazyLock;

use super::histories::History;
use super::model::Counts;
use crate::stats::{Point, gauss_legendre, rising};

/// r, α, s, β.
type Parameters = [f64; 4];

const NODES: usize = 24;
/// Nodes, and the logarithms of their weights.
static RULE: LazyLock<[(f64, f64); NODES]> = LazyLock::new(|| gauss_legendre().map(|(x, weight)| (x, f64::ln(weight))));
/// Logarithm of how far the integrand may fall before it is cut.
const FALL: f64 = 40.0;

/// What depends on the repeats alone.
pub(super) fn of_repeats([r, alpha, s, beta]: &Parameters, repeats: f64) -> Point<4> {
    let rate = rising(*r, repeats);
    let mut to = Point::zero();
    to.value = rate[0] + r * alpha.ln() + s * beta.ln();
    to.gradient = [rate[1] + alpha.ln(), r / alpha, beta.ln(), s / beta];
    to.hessian[0] = [rate[2], 1.0 / alpha, 0.0, 0.0];
    to.hessian[1] = [1.0 / alpha, -r / (alpha * alpha), 0.0, 0.0];
    to.hessian[2][3] = 1.0 / beta;
    to.hessian[3] = [0.0, 0.0, 1.0 / beta, -s / (beta * beta)];
    to
}

/// The integral's terms: to have left at each node's time, and, the last, to be here still.
struct Terms {
    times: [f64; NODES + 1],
    /// ln(α + time) and ln(β + time).
    alphas: [f64; NODES + 1],
    betas: [f64; NODES + 1],
    /// The logarithms of the likelihoods, up to a factor.
    logs: [f64; NODES + 1],
}

fn terms(parameters: &Parameters, history: &History) -> Terms {
    let [r, alpha, s, beta] = *parameters;
    let History { repeats, last, age } = *history;
    let (shape, c) = (r + repeats, alpha.min(beta));
    let mut to = Terms {
        times: [age; NODES + 1],
        alphas: [(alpha + age).ln(); NODES + 1],
        betas: [(beta + age).ln(); NODES + 1],
        logs: [f64::NEG_INFINITY; NODES + 1],
    };
    to.logs[NODES] = -shape * to.alphas[NODES] - s * to.betas[NODES];
    let (start, mut length) = ((c + last).ln(), ((age - last) / (c + last)).ln_1p());
    let fall = shape * (c + last) / (alpha + last) + (s + 1.0) * (c + last) / (beta + last) - 1.0;
    if fall > 0.0 {
        length = length.min(FALL / fall);
    }
    if length <= 0.0 {
        return to;
    }
    let factor = (s * 0.5 * length).ln();
    for (at, (x, weight)) in RULE.iter().enumerate() {
        let u = length * 0.5 * (1.0 + x);
        // y = last + (c + last)·(e^u − 1), so that nothing is lost where c is large.
        let y = last + (c + last) * u.exp_m1();
        // Of the two logarithms one is what the time was made from.
        let near = start + u;
        let (a, b) = if alpha <= beta {
            (near, (beta + y).ln())
        } else {
            ((alpha + y).ln(), near)
        };
        to.times[at] = y;
        (to.alphas[at], to.betas[at]) = (a, b);
        to.logs[at] = factor + weight + near - shape * a - (s + 1.0) * b;
    }
    to
}

/// What depends on all of a history.
pub(super) fn of_history(parameters: &Parameters, history: &History) -> Point<4> {
    let [r, alpha, s, beta] = *parameters;
    let shape = r + history.repeats;
    let terms = terms(parameters, history);
    let top = terms.logs.iter().fold(f64::NEG_INFINITY, |top, log| top.max(*log));
    // Sums of weights, of slopes, and of the products of slopes and the second derivatives (the upper triangle).
    let (mut sum, mut first, mut second) = (0.0, [0.0; 4], [[0.0; 4]; 4]);
    for at in 0..=NODES {
        if terms.logs[at] < top - FALL {
            continue;
        }
        let weight = (terms.logs[at] - top).exp();
        sum += weight;
        let (a, b) = (1.0 / (alpha + terms.times[at]), 1.0 / (beta + terms.times[at]));
        // The last is the chance to be here still, where s is no density's factor.
        let (leave, power) = if at < NODES { (1.0 / s, s + 1.0) } else { (0.0, s) };
        let slope = [-terms.alphas[at], -shape * a, leave - terms.betas[at], -power * b];
        for row in 0..4 {
            let weighted = weight * slope[row];
            first[row] += weighted;
            for column in row..4 {
                second[row][column] += weighted * slope[column];
            }
        }
        second[0][1] -= weight * a;
        second[1][1] += weight * shape * a * a;
        second[2][2] -= weight * leave * leave;
        second[2][3] -= weight * b;
        second[3][3] += weight * power * b * b;
    }
    let gradient = first.map(|slope| slope / sum);
    Point {
        value: top + sum.ln(),
        gradient,
        hessian: std::array::from_fn(|row| {
            std::array::from_fn(|column| {
                second[row.min(column)][row.max(column)] / sum - gradient[row] * gradient[column]
            })
        }),
    }
}

/// The chance that a customer has not left.
pub(super) fn p_alive(parameters: &Parameters, history: &History) -> f64 {
    let logs = terms(parameters, history).logs;
    1.0 / logs.iter().map(|log| (log - logs[NODES]).exp()).sum::<f64>()
}

/// The chance that a customer who has not left stays for a time.
pub(super) fn survival([_, _, s, beta]: &Parameters, history: &History, ahead: f64) -> f64 {
    (-s * (ahead / (beta + history.age)).ln_1p()).exp()
}

/// Expected purchases in a time of a customer who has not left.
pub(super) fn purchases([r, alpha, s, beta]: &Parameters, history: &History, horizon: f64) -> f64 {
    let log = (horizon / (beta + history.age)).ln_1p();
    let power = (s - 1.0) * log;
    // −(e^−((s−1)·log) − 1) / (s − 1), whose limit at s = 1 is the logarithm.
    let time = if power.abs() < 1e-300 {
        log
    } else {
        -(-power).exp_m1() / (s - 1.0)
    };
    (r + history.repeats) * (beta + history.age) / (alpha + history.age) * time
}

/// The chance of `n` repeats in a time `t` since the first purchase: those who stay buy as often, those who leave at y as
/// often until then.
pub(super) fn probability([r, alpha, s, beta]: &Parameters, n: f64, t: f64) -> f64 {
    const PANELS: u32 = 16;
    let counts = |time: f64| {
        let odds = time / alpha;
        Counts { shape: *r, odds }.exactly(n)
    };
    let c = alpha.min(*beta);
    let panel = (t / c).ln_1p() / f64::from(PANELS);
    let mut left = 0.0;
    for at in 0..PANELS {
        for (x, weight) in RULE.iter() {
            let u = panel * (f64::from(at) + 0.5 * (1.0 + x));
            let y = c * u.exp_m1();
            let density = (s.ln() - s * (y / beta).ln_1p() - (beta + y).ln() + c.ln() + u).exp();
            left += 0.5 * panel * weight.exp() * density * counts(y);
        }
    }
    counts(t) * (-s * (t / beta).ln_1p()).exp() + left
}

#[cfg(test)]
mod tests {
    use super::*;

    /// r, α, s, β, repeats, last, age; the log-likelihood and the chance to be here still, integrated by mpmath at 40 digits.
    #[rustfmt::skip]
    #[allow(clippy::unreadable_literal, clippy::excessive_precision)] // As they were printed.
    const TABLE: [[f64; 9]; 24] = [
        [0.553, 10.578, 0.606, 11.669, 2.0, 30.43, 38.86, -9.5542832451504058, 0.86916755915301119],
        [0.553, 10.578, 0.606, 11.669, 0.0, 0.0, 39.0, -0.52150741887657735, 0.29446703101458643],
        [1.0, 7.0, 1.0, 7.0, 5.0, 20.0, 20.0, -14.391546021137631, 1.0],
        [0.01, 2000.0, 20.0, 0.01, 0.0, 0.0, 365.0, -0.0000000026315782125273659, 5.6646976448053964e-92],
        [4.2086, 988.52, 2.7648, 773.25, 200.0, 354.05, 365.0, -566.21108493847041, 0.93483635070168992],
        [3.6363, 0.20892, 0.014829, 0.067813, 0.0, 0.0, 365.0, -4.7009107705029725, 1.5679270030627689e-10],
        [0.18051, 0.034711, 0.066495, 75.037, 3.0, 182.5, 365.0, -20.133610051518708, 0.88505994083519597],
        [10.567, 114.38, 0.033627, 167.83, 17.0, 182.5, 365.0, -64.727914673948164, 0.0017384843740473248],
        [0.026188, 0.010219, 7.5099, 0.12886, 1.0, 5000.0, 5000.0, -91.854193991755213, 1.0],
        [0.090096, 1246.9, 0.60178, 39.129, 1.0, 15.0, 30.0, -9.7555523489736511, 0.8623112427833352],
        [15.476, 545.55, 0.096829, 0.82093, 1.0, 15.0, 30.0, -4.7133186346628858, 0.92106246399749749],
        [0.016404, 0.39555, 0.97783, 0.010422, 1.0, 29.1, 30.0, -15.354309009265587, 0.97022401591680905],
        [0.016515, 0.76447, 0.10233, 49.094, 2000.0, 4850.0, 5000.0, -3789.3344428570292, 6.9402083849049629e-23],
        [2.1155, 0.02005, 16.513, 0.013219, 1.0, 365.0, 365.0, -194.76510648969117, 1.0],
        [0.011472, 149.63, 0.16159, 11.645, 2000.0, 365.0, 365.0, 707.07699237112281, 1.0],
        [0.014263, 0.090965, 14.194, 0.11004, 0.0, 0.0, 365.0, -0.0011985185974788656, 9.4156280501057612e-51],
        [0.49118, 538.73, 0.06729, 2.8386, 1.0, 354.05, 365.0, -8.0968394031523017, 0.99794992357554375],
        [6.8705, 0.015637, 13.217, 0.030427, 200.0, 4850.0, 5000.0, -1057.2485210332633, 0.020037338648529992],
        [10.707, 0.63356, 11.216, 7.7493, 3.0, 4850.0, 5000.0, -186.42823959851121, 0.66205529406415326],
        [0.10242, 171.2, 1.1707, 66.377, 3.0, 4850.0, 5000.0, -32.477906504022714, 0.96384899660036992],
        [2.3792, 0.026858, 0.95972, 785.45, 3.0, 182.5, 365.0, -36.123991642503078, 0.35909671937054539],
        [2.7787, 0.66422, 0.066941, 28.192, 0.0, 0.0, 30.0, -7.0296841137216324, 0.025541022095919857],
        [4.4207, 0.59045, 0.048228, 1588.2, 1.0, 0.6, 30.0, -13.499819772154804, 0.0027768362816496897],
        [0.022484, 2.0098, 0.031082, 299.98, 200.0, 30.0, 30.0, 160.99673802188247, 1.0],
    ];

    #[test]
    fn as_mpmath_integrates_it() {
        for [r, alpha, s, beta, repeats, last, age, likelihood, alive] in TABLE {
            let (parameters, history) = ([r, alpha, s, beta], History { repeats, last, age });
            let own = of_repeats(&parameters, repeats).value + of_history(&parameters, &history).value;
            assert!(
                (own - likelihood).abs() < 1e-9 * likelihood.abs().max(1.0),
                "{parameters:?} {history:?}: {own}"
            );
            let here = p_alive(&parameters, &history);
            assert!((here - alive).abs() < 1e-9, "{parameters:?} {history:?}: {here}");
        }
    }
}
