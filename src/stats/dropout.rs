//! What a rate that is gamma distributed brings, and how long it lasts, where each purchase may be the last with a
//! probability that is beta distributed.
//!
//! Both are hypergeometric functions, written so that no power overflows and no pole is met: Euler's transformation
//! (Abramowitz & Stegun 15.3.3) takes the power out of the series, and what divides by a − 1 or by a + b − 1 is divided
//! term by term. Where the series is slow (z > 0.9) or its terms cancel, the integral over the probability is done
//! instead.

/// Rates λ ~ Γ(`shape`, `scale`), given as a ratio of times; dropout p ~ B(`a`, `b`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    /// The shape of the rate, r + x.
    pub shape: f64,
    /// The first parameter of the dropout.
    pub a: f64,
    /// The second parameter of the dropout.
    pub b: f64,
    /// a + b − shape, which does not depend on x and so is better known than its parts.
    pub excess: f64,
}

/// Up to here the series is the faster.
const NEAR: f64 = 0.9;
/// The least share of a sum that its terms may leave, and the least first parameter, for it to be trusted.
const LEFT: f64 = 1e-6;
const LEAST: f64 = -2.0;
const MOST_TERMS: u32 = 2_000;
/// Steps of the integral, in a variable in which its singularities keep a distance of some tenths.
const STEP: f64 = 1.0 / 24.0;

impl Dropout {
    /// Expected purchases in a time of `ratio` times the scale: the mean of (1 − (1 + p·ratio)^−shape) / p.
    #[must_use]
    pub fn purchases(&self, ratio: f64) -> f64 {
        if ratio <= 0.0 {
            return 0.0;
        }
        self.purchases_by_series(ratio)
            .unwrap_or_else(|| self.mean(ratio, |p| self.bought(p, ratio)))
    }

    /// The chance to outlast a time of `ratio` times the scale: the mean of (1 + p·ratio)^−shape.
    #[must_use]
    pub fn survival(&self, ratio: f64) -> f64 {
        if ratio <= 0.0 {
            return 1.0;
        }
        self.survival_by_series(ratio)
            .unwrap_or_else(|| self.mean(ratio, |p| (-self.shape * (p * ratio).ln_1p()).exp()))
            .min(1.0)
    }

    fn bought(&self, p: f64, ratio: f64) -> f64 {
        // At p = 0 the quotient is its limit.
        if p * ratio < 1e-12 {
            self.shape * ratio
        } else {
            -(-self.shape * (p * ratio).ln_1p()).exp_m1() / p
        }
    }

    /// With ε = a − 1, C = a + b − 1, z = ratio / (1 + ratio), F = ₂F₁(C − shape, ε; C; z):
    /// C·(1 − (1 − z)^ε·F) / ε, where (F − 1) / ε is summed and (1 − z)^ε − 1 divided by ε without loss.
    fn purchases_by_series(&self, ratio: f64) -> Option<f64> {
        let z = ratio / (1.0 + ratio);
        let (epsilon, c, first) = (self.a - 1.0, self.a + self.b - 1.0, self.excess - 1.0);
        if z > NEAR || first < LEAST {
            return None;
        }
        let (mut term, mut sum, mut size, mut n) = (first * z, 0.0, 0.0, 1.0);
        for _ in 0..MOST_TERMS {
            sum += term;
            size += f64::abs(term);
            term *= (first + n) * (epsilon + n) / ((c + n) * (n + 1.0)) * z;
            n += 1.0;
            if term.abs() <= 1e-17 * size {
                break;
            }
        }
        if term.abs() > 1e-15 * size {
            return None;
        }
        let log = -ratio.ln_1p();
        let power = if (epsilon * log).abs() < 1e-300 {
            log
        } else {
            (epsilon * log).exp_m1() / epsilon
        };
        let all = -power * (c + epsilon * sum) - sum;
        let parts = power.abs() * (c.abs() + epsilon.abs() * size) + size;
        (all > LEFT * parts).then_some(all)
    }

    /// (1 − z)^a·₂F₁(a + b − shape, a; a + b; z).
    fn survival_by_series(&self, ratio: f64) -> Option<f64> {
        let z = ratio / (1.0 + ratio);
        if z > NEAR || self.excess < LEAST {
            return None;
        }
        let (mut term, mut sum, mut size, mut n) = (1.0, 0.0, 0.0, 0.0);
        for _ in 0..MOST_TERMS {
            sum += term;
            size += f64::abs(term);
            term *= (self.excess + n) * (self.a + n) / ((self.a + self.b + n) * (n + 1.0)) * z;
            n += 1.0;
            if term.abs() <= 1e-17 * size {
                break;
            }
        }
        let settled = term.abs() <= 1e-15 * size && sum > LEFT * size;
        settled.then(|| (sum.ln() - self.a * ratio.ln_1p()).exp())
    }

    /// The mean of a function of p over its distribution: the trapezoidal rule in v, where p = 1 / (1 + e^−u) and
    /// u = centre + width·sinh v, so that both tails, which fall as e^(a·u) and e^(−b·u), end soon (H. Takahasi & M. Mori,
    /// Publications of the RIMS 9, 1974).
    fn mean(&self, ratio: f64, f: impl Fn(f64) -> f64) -> f64 {
        let (a, b) = (self.a, self.b);
        // So far to the left p is nothing beside one, and the function is what it is at p = 0. Where nearly nobody leaves,
        // that is nearly all of the way.
        let (nothing, at_nothing) = (-(40.0 + (self.shape * ratio).max(1.0).ln()), f(0.0));
        let centre = (a / b).ln();
        let width = (1.0 / a + 1.0 / b).sqrt().min(1.0);
        let log_weight = |u: f64| -a * softplus(-u) - b * softplus(u);
        let top = log_weight(centre);
        let (mut whole, mut sum) = (0.0, 0.0);
        let mut add = |v: f64| {
            let (rise, fall) = (v.exp(), (-v).exp());
            let u = centre + width * 0.5 * (rise - fall);
            let (log, value) = if u < nothing {
                (a * u, at_nothing)
            } else {
                (log_weight(u), f((-softplus(-u)).exp()))
            };
            let weight = (log - top).exp() * 0.5 * (rise + fall);
            whole += weight;
            sum += weight * value;
            weight
        };
        let most = add(0.0).max(1.0);
        for side in [-1.0, 1.0] {
            let mut at = 1.0;
            // Behind its peak the weight only falls; the function is at most as large as at p = 0.
            while add(side * at * STEP) > 1e-18 * most || at < 24.0 {
                at += 1.0;
            }
        }
        sum / whole
    }
}

/// ln(1 + e^x).
#[must_use]
pub fn softplus(x: f64) -> f64 {
    if x > 0.0 {
        x + (-x).exp().ln_1p()
    } else {
        x.exp().ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shape, ratio, a, b; expected purchases and survival by `mpmath.hyp2f1` at 60 digits (at a = 1 and a + b = 1 the mean
    /// of two neighbours).
    #[rustfmt::skip]
    #[allow(clippy::unreadable_literal, clippy::excessive_precision)] // As they were printed.
    const TABLE: [(f64, f64, f64, f64, f64, f64); 70] = [
        (0.25, 0.3, 0.02, 0.5, 0.074527676871010214, 0.99742405296306986),
        (0.25, 9.5, 0.02, 2.4, 2.3251618781898843, 0.99050880467179082),
        (0.25, 500.0, 0.02, 30.0, 120.22862923078984, 0.98109348704133438),
        (0.25, 500.0, 0.02, 5000.0, 124.85411917344618, 0.99952794148404576),
        (0.25, 500.0, 0.79, 0.5, 3.3746144376447401, 0.26818517679210282),
        (0.25, 0.01, 0.79, 2.4, 0.0024961428301661511, 0.9993825241969964),
        (0.25, 2.0, 0.79, 30.0, 0.48516007459596374, 0.98797600236831995),
        (0.25, 0.01, 0.79, 5000.0, 0.002499997531646626, 0.99999960506328349),
        (0.25, 8.0, 1.7, 0.5, 0.54160053929329375, 0.62085607887169534),
        (0.25, 500.0, 1.7, 2.4, 2.7420298413725933, 0.28085729273204275),
        (0.25, 8.0, 1.7, 30.0, 1.6260379958389995, 0.92074947728110737),
        (0.25, 8.0, 1.7, 5000.0, 1.9966121093534617, 0.9993220574174735),
        (0.25, 40.0, 40.0, 0.5, 0.61130077422182912, 0.39640566269385988),
        (0.25, 8.0, 40.0, 2.4, 0.4403857070731923, 0.58495149976558765),
        (0.25, 500.0, 40.0, 30.0, 1.337350621288628, 0.24342584299977131),
        (0.25, 0.3, 40.0, 5000.0, 0.074888596683750945, 0.99940566794210505),
        (3.5, 0.01, 0.02, 0.5, 0.034970079374159637, 0.99867387672143685),
        (3.5, 8.0, 0.02, 2.4, 26.893099419444612, 0.94950859371272759),
        (3.5, 0.01, 0.02, 30.0, 0.034999475665721546, 0.99997669944349081),
        (3.5, 500.0, 0.02, 5000.0, 1743.2570554970675, 0.99419797793171511),
        (3.5, 8.0, 0.79, 0.5, 3.3409741879692552, 0.047546856307979749),
        (3.5, 8.0, 0.79, 2.4, 7.8914794471402314, 0.16192808519044648),
        (3.5, 9.5, 0.79, 30.0, 23.293947905415287, 0.58592752873612394),
        (3.5, 500.0, 0.79, 5000.0, 1510.8212698186347, 0.79881407836442392),
        (3.5, 500.0, 1.7, 0.5, 1.7085028081332904, 4.505836531724e-6),
        (3.5, 0.01, 1.7, 2.4, 0.034676613886712741, 0.98565876888793955),
        (3.5, 40.0, 1.7, 30.0, 29.261617105933328, 0.083929643907936139),
        (3.5, 8.0, 1.7, 5000.0, 27.83004133045512, 0.99057469811920619),
        (3.5, 2.0, 40.0, 0.5, 0.99048493668817771, 0.022035355234288248),
        (3.5, 40.0, 40.0, 2.4, 1.0615354772341878, 2.7957897750306976e-6),
        (3.5, 500.0, 40.0, 30.0, 1.76923076418109, 2.7373163510292239e-9),
        (3.5, 0.3, 40.0, 5000.0, 1.0444000606270189, 0.99171220778210775),
        (60.0, 9.5, 0.02, 0.5, 493.04082396501107, 0.84786876537162481),
        (60.0, 0.01, 0.02, 2.4, 0.59857456163878773, 0.99545324474877274),
        (60.0, 2.0, 0.02, 30.0, 117.57021698440733, 0.96822849021633183),
        (60.0, 0.01, 0.02, 5000.0, 0.59999926803378073, 0.99999760015888445),
        (60.0, 0.01, 0.79, 0.5, 0.50386503499605685, 0.7067171407858031),
        (60.0, 0.01, 0.79, 2.4, 0.55836748956411075, 0.86881163794025321),
        (60.0, 40.0, 0.79, 30.0, 216.12602123920544, 0.031352284685955725),
        (60.0, 9.5, 0.79, 5000.0, 545.60229281253744, 0.91837283616384048),
        (60.0, 0.01, 1.7, 0.5, 0.48018739638810574, 0.63671697742977538),
        (60.0, 8.0, 1.7, 2.4, 4.3237163383611784, 0.0001568858737150544),
        (60.0, 40.0, 1.7, 30.0, 41.820388946985205, 0.00060364325962199745),
        (60.0, 0.3, 1.7, 5000.0, 17.944207697163831, 0.99391215452065869),
        (60.0, 8.0, 40.0, 0.5, 1.0128205128205128, 5.6029724630368083e-53),
        (60.0, 40.0, 40.0, 2.4, 1.0615384615384615, 8.056283258806329e-78),
        (60.0, 0.01, 40.0, 30.0, 0.50684300580918992, 0.71087641221291684),
        (60.0, 9.5, 40.0, 5000.0, 126.95787086072351, 0.015738178357220095),
        (5000.0, 0.3, 0.02, 0.5, 1272.7177704781712, 0.83146943054354702),
        (5000.0, 500.0, 0.02, 2.4, 1925173.2394281896, 0.75467107392265044),
        (5000.0, 8.0, 0.02, 30.0, 35329.399625997705, 0.86567163876254143),
        (5000.0, 8.0, 0.02, 5000.0, 38842.051616099607, 0.95700714604124525),
        (5000.0, 9.5, 0.79, 0.5, 21.797425699551023, 0.00010249010187629212),
        (5000.0, 0.3, 0.79, 2.4, 32.313293549460857, 0.0059792213840615788),
        (5000.0, 2.0, 0.79, 30.0, 340.94204103699199, 0.010111051425834473),
        (5000.0, 0.3, 0.79, 5000.0, 1348.6272087337604, 0.81282538821083216),
        (5000.0, 40.0, 1.7, 0.5, 1.7141128273320253, 6.0531165768173642e-10),
        (5000.0, 0.3, 1.7, 2.4, 4.3817397806056801, 2.184177951767206e-5),
        (5000.0, 500.0, 1.7, 30.0, 43.841439273543687, 4.3984478406472265e-9),
        (5000.0, 8.0, 1.7, 5000.0, 5609.2371941917014, 0.023878710825815193),
        (5000.0, 2.0, 40.0, 0.5, 1.0128205128205128, 8.5699441720456055e-114),
        (5000.0, 0.01, 40.0, 2.4, 1.0615384615384615, 1.784092813606479e-19),
        (5000.0, 8.0, 40.0, 30.0, 1.7692307692307692, 1.8326745784318782e-117),
        (5000.0, 500.0, 40.0, 5000.0, 129.20512820512821, 1.3970144498393004e-108),
        (2.25, 0.4, 1.0, 1.5, 0.72228943394596758, 0.73713582958291327),
        (0.3, 0.7, 0.4, 0.6, 0.18171524209389885, 0.93497765029840132),
        (0.3, 7.0, 1.0, 0.5, 0.70594308969432047, 0.61970491609273815),
        (1e3, 0.2, 0.001, 0.001, 100.01629991522374, 0.49707481893592237),
        (1000.0, 30.0, 1000.0, 1000.0, 2.001001001001001, 2.3351307954104933e-1033),
        (0.001, 1000.0, 0.001, 1000.0, 0.99965822670495944, 0.99999925508572894),
    ];

    #[test]
    fn as_mpmath_has_them() {
        for (shape, ratio, a, b, purchases, survival) in TABLE {
            let dropout = Dropout {
                shape,
                a,
                b,
                excess: a + b - shape,
            };
            // What is next to nothing is known to that.
            let near = |own: f64, other: f64| (own - other).abs() < 1e-9 * other + 1e-16;
            assert!(
                near(dropout.purchases(ratio), purchases),
                "{dropout:?} {ratio}: {}",
                dropout.purchases(ratio)
            );
            assert!(
                near(dropout.survival(ratio), survival),
                "{dropout:?} {ratio}: {}",
                dropout.survival(ratio)
            );
        }
    }

    #[test]
    fn the_series_and_the_integral_agree() {
        for (shape, ratio, a, b, ..) in TABLE {
            let dropout = Dropout {
                shape,
                a,
                b,
                excess: a + b - shape,
            };
            if let Some(series) = dropout.purchases_by_series(ratio) {
                let integral = dropout.mean(ratio, |p| dropout.bought(p, ratio));
                assert!(
                    (series / integral - 1.0).abs() < 1e-9,
                    "{dropout:?} {ratio}: {series} {integral}"
                );
            }
        }
    }
}
