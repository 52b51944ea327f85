//! Differences of the logarithm of the gamma function and of its derivatives.

use special::Gamma;

/// Below this, a product is both faster and more exact than a difference of two large logarithms.
const FEW: f64 = 64.0;

/// ln Γ.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ψ, the derivative of ln Γ.
#[must_use]
pub fn digamma(x: f64) -> f64 {
    x.digamma()
}

/// ψ', the second derivative of ln Γ.
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    x.trigamma()
}

/// ln Γ(a + n) − ln Γ(a) for a whole `n`, and its first and second derivative by `a`.
#[must_use]
pub fn rising(a: f64, n: f64) -> [f64; 3] {
    if n >= FEW {
        return [
            ln_gamma(a + n) - ln_gamma(a),
            digamma(a + n) - digamma(a),
            trigamma(a + n) - trigamma(a),
        ];
    }
    let (mut product, mut sums, mut step) = (1.0_f64, [0.0; 3], 0.0);
    while step < n {
        let at = a + step;
        product *= at;
        if product > 1e280 {
            sums[0] += product.ln();
            product = 1.0;
        }
        sums[1] += 1.0 / at;
        sums[2] -= 1.0 / (at * at);
        step += 1.0;
    }
    sums[0] += product.ln();
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `mpmath.loggamma`, `mpmath.psi(0, x)`, `mpmath.psi(1, x)` at 30 digits.
    #[allow(clippy::unreadable_literal, clippy::excessive_precision)] // As they were printed.
    const TABLE: [(f64, f64, f64, f64); 8] = [
        (0.001, 6.9071788853838537, -1000.5755719318103, 1000001.6425331959),
        (0.25, 1.2880225246980775, -4.2274535333762654, 17.197329154507111),
        (0.8, 0.15205967839983759, -0.96500856670613846, 2.2994741375017002),
        (1.5, -0.12078223763524522, 0.036489973978576521, 0.93480220054467931),
        (6.25, 5.2196039869902293, 1.7504535268837360, 0.17347923315893217),
        (42.0, 114.03421178146170, 3.7257176179372822, 0.024095219843670564),
        (1234.5, 7550.5509010778949, 7.1180162318279978, 0.00081037272712696665),
        (
            100000.0,
            1051287.7089736569,
            11.512920464961895,
            0.000010000050000166667,
        ),
    ];

    #[test]
    fn as_mpmath_has_them() {
        for (x, ln, first, second) in TABLE {
            let near = |a: f64, b: f64| (a - b).abs() <= 4e-15 * b.abs().max(1.0);
            assert!(near(ln_gamma(x), ln), "ln Γ({x}) = {}", ln_gamma(x));
            assert!(near(digamma(x), first), "ψ({x}) = {}", digamma(x));
            assert!(near(trigamma(x), second), "ψ'({x}) = {}", trigamma(x));
        }
    }

    #[test]
    fn a_product_is_the_difference() {
        for a in [0.01, 0.7, 3.0, 250.0, 1e5] {
            for n in [0.0, 1.0, 2.0, 30.0, 63.0] {
                let difference = [
                    ln_gamma(a + n) - ln_gamma(a),
                    digamma(a + n) - digamma(a),
                    trigamma(a + n) - trigamma(a),
                ];
                for (own, other) in rising(a, n).into_iter().zip(difference) {
                    let scale = ln_gamma(a + n).abs().max(other.abs()).max(1.0);
                    assert!((own - other).abs() <= 1e-13 * scale, "{a} {n}: {own} {other}");
                }
            }
        }
    }
}
