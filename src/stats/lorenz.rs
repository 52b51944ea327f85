//! Lorenz curve and Gini coefficient.

/// The cumulative shares of values in ascending order.
#[derive(Debug, Clone, PartialEq)]
pub struct Lorenz {
    cumulative: Vec<f64>,
}

impl Lorenz {
    /// Of some values, which need no order; those below zero count as zero, since shares of a whole that some take away
    /// from would lie beyond it. `None` if there is none or their sum is not positive.
    #[must_use]
    pub fn new(mut values: Vec<f64>) -> Option<Self> {
        for value in &mut values {
            *value = value.max(0.0);
        }
        values.sort_unstable_by(f64::total_cmp);
        let mut total = 0.0;
        let mut cumulative = vec![0.0];
        for value in values {
            total += value;
            cumulative.push(total);
        }
        (total > 0.0).then(|| Self {
            cumulative: cumulative.into_iter().map(|sum| sum / total).collect(),
        })
    }

    /// The share of the money that the lowest `share` of the customers have; straight between two customers.
    #[must_use]
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    pub fn at(&self, share: f64) -> f64 {
        let last = self.cumulative.len() - 1;
        let place = share.clamp(0.0, 1.0) * last as f64;
        let below = (place as usize).min(last);
        let above = (below + 1).min(last);
        let (low, high) = (self.cumulative[below], self.cumulative[above]);
        low + (place - below as f64) * (high - low)
    }

    /// Twice the area between the curve and the diagonal: 0 where all have the same.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Counts of customers lie far below 2⁵³.
    pub fn gini(&self) -> f64 {
        let area: f64 = self.cumulative.windows(2).map(|pair| pair[0] + pair[1]).sum();
        1.0 - area / (self.cumulative.len() - 1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_and_unequal() {
        let equal = Lorenz::new(vec![2.0; 5]).unwrap();
        assert!(equal.gini().abs() < 1e-12);
        assert!((equal.at(0.5) - 0.5).abs() < 1e-12);
        // One of four has everything: (n - 1) / n.
        let one = Lorenz::new(vec![0.0, 7.0, 0.0, 0.0]).unwrap();
        assert!((one.gini() - 0.75).abs() < 1e-12);
        assert_eq!(one.at(0.75), 0.0);
        // Who took more back than was bought brought nothing.
        assert_eq!(Lorenz::new(vec![-5.0, 7.0, 0.0, -2.0]), Some(one));
        assert_eq!(Lorenz::new(vec![]), None);
        assert_eq!(Lorenz::new(vec![-1.0]), None);
    }
}
