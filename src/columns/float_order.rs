//! Floats as whole numbers in the same order, to sort and to group by.

/// As `f64::total_cmp` orders, with one zero; not-a-number comes last.
#[must_use]
pub fn float_key(number: f64) -> i64 {
    if number.is_nan() {
        return i64::MAX;
    }
    flipped((number + 0.0).to_bits().cast_signed())
}

/// The number of a key; `None` for not-a-number.
#[must_use]
pub fn float_of_key(key: i64) -> Option<f64> {
    (key != i64::MAX).then(|| f64::from_bits(flipped(key).cast_unsigned()))
}

/// Negative floats grow with their bits, away from zero: all of these but the sign are turned over. Its own inverse.
fn flipped(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_the_order_of_the_numbers() {
        let numbers = [
            f64::NEG_INFINITY,
            -2.5,
            -1e-300,
            0.0,
            1e-300,
            2.5,
            f64::INFINITY,
            f64::NAN,
        ];
        let keys = numbers.map(float_key);
        assert!(keys.is_sorted());
        assert_eq!(keys.map(float_of_key)[..7], numbers.map(Some)[..7]);
        assert_eq!((float_of_key(keys[7]), float_key(-0.0)), (None, float_key(0.0)));
    }
}
