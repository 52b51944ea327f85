//! Gauss–Legendre quadrature.

use std::f64::consts::PI;

/// The nodes in (−1, 1) and their weights, exact for polynomials of degree 2·N − 1.
///
/// Newton's method on Legendre's polynomials from their cosine approximation.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Nodes are few.
pub fn gauss_legendre<const N: usize>() -> [(f64, f64); N] {
    let n = N as f64;
    std::array::from_fn(|at| {
        let mut x = (PI * (at as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 0.0;
        // Each step doubles the digits of the last, from two; the last evaluates the slope where nothing moves any more.
        for _ in 0..6 {
            let (mut last, mut value) = (1.0, x);
            for degree in 2..=N {
                let degree = degree as f64;
                (last, value) = (
                    value,
                    ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * last) / degree,
                );
            }
            slope = n * (x * value - last) / (x * x - 1.0);
            x -= value / slope;
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_are_exact() {
        let nodes = gauss_legendre::<24>();
        for degree in 0..48 {
            let sum: f64 = nodes.iter().map(|(x, weight)| weight * x.powi(degree)).sum();
            let whole = if degree % 2 == 0 {
                2.0 / f64::from(degree + 1)
            } else {
                0.0
            };
            assert!((sum - whole).abs() < 1e-14, "{degree}: {sum}");
        }
    }
}
