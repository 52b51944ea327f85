//! Shapley decomposition of the change of a product into its factors.

/// The change of `a·b·c` from `before` to `after`, split among the three factors: their Shapley values, the mean over
/// every order in which the factors can be changed one by one. They add up to the change, whatever its sign.
///
/// A. F. Shorrocks, "Decomposition procedures for distributional analysis: a unified framework based on the Shapley
/// value", Journal of Economic Inequality 11 (2013).
#[must_use]
pub fn shapley_decomposition(before: [f64; 3], after: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|factor| {
        let (b, c) = ((factor + 1) % 3, (factor + 2) % 3);
        let both = before[b] * before[c] + after[b] * after[c];
        let mixed = before[b] * after[c] + after[b] * before[c];
        (after[factor] - before[factor]) * (2.0 * both + mixed) / 6.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every order in which three factors can be changed, one after another.
    fn by_enumeration(before: [f64; 3], after: [f64; 3]) -> [f64; 3] {
        let mut shares = [0.0; 3];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut now = before;
            for factor in order {
                let was: f64 = now.iter().product();
                now[factor] = after[factor];
                shares[factor] += (now.iter().product::<f64>() - was) / 6.0;
            }
        }
        shares
    }

    #[test]
    fn one_factor_takes_the_whole_change() {
        assert_eq!(
            shapley_decomposition([10.0, 2.0, 5.0], [12.0, 2.0, 5.0]),
            [20.0, 0.0, 0.0]
        );
    }

    proptest! {
        #[test]
        fn the_shares_are_the_mean_over_all_orders(
            before in prop::array::uniform3(-100f64..100.0), after in prop::array::uniform3(-100f64..100.0)
        ) {
            let (fast, slow) = (shapley_decomposition(before, after), by_enumeration(before, after));
            for (a, b) in fast.iter().zip(slow) {
                prop_assert!((a - b).abs() < 1e-6);
            }
            let change = after.iter().product::<f64>() - before.iter().product::<f64>();
            prop_assert!((fast.iter().sum::<f64>() - change).abs() < 1e-6);
        }
    }
}
