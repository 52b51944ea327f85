//! Wilson score interval of a proportion.
//!
//! E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % interval of `part` of `whole`. `None` where there is no whole.
#[must_use]
#[allow(clippy::cast_precision_loss)] // Counts of customers lie far below 2⁵³.
pub fn wilson(part: u64, whole: u64) -> Option<(f64, f64)> {
    wilson_effective(part as f64 / whole as f64, whole as f64)
}

/// The 95 % interval of a share `p` that is known as well as `n` independent units tell it; `n` need not be whole. `None`
/// where there are none.
#[must_use]
pub fn wilson_effective(p: f64, n: f64) -> Option<(f64, f64)> {
    if n.is_nan() || n <= 0.0 {
        return None;
    }
    let scale = 1.0 + Z * Z / n;
    let middle = (p + Z * Z / (2.0 * n)) / scale;
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
    // The ends of the scale are exact.
    let low = if p <= 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if p >= 1.0 { 1.0 } else { (middle + half).min(1.0) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_newcombe_prints_it() {
        // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
        // table I, method 3.
        for (part, whole, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (a, b) = wilson(part, whole).unwrap();
            assert!(
                (a - low).abs() < 5e-5 && (b - high).abs() < 5e-5,
                "{part}/{whole}: {a} {b}"
            );
        }
        assert_eq!(wilson(0, 0), None);
    }
}
