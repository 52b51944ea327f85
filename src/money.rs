//! Money adds exactly. Integers and decimals are i128 counts of their last digit. Floats are i128 counts of 2⁻⁶⁴:
//! exact for every double of at least 2⁻¹² in size, so that a total equals `math.fsum` whatever the order of the rows.

/// The sum of the sizes of a log's amounts, each rounded up to a whole number, must stay under this: then no sum of their
/// counts of 2⁻⁶⁴ can overflow on the way.
pub const LIMIT: u128 = 1 << 62;

const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// What one count of an exact amount is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    /// 2⁻⁶⁴.
    Binary,
    /// 10 to the minus this.
    Decimal(u8),
}

impl MoneyUnit {
    /// The nearest double, rounded once.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Rounding to the nearest double is what this is for.
    pub fn to_f64(self, exact: i128) -> f64 {
        const EXACT: u128 = 1 << 53;
        match self {
            Self::Binary => exact as f64 / TWO_64,
            Self::Decimal(0) => exact as f64,
            // Both are exact doubles, so that the division rounds once.
            Self::Decimal(scale) if exact.unsigned_abs() <= EXACT && scale <= 22 => {
                exact as f64 / 10f64.powi(i32::from(scale))
            }
            // The parser of decimal digits rounds once too.
            Self::Decimal(scale) => format!("{exact}e-{scale}").parse().unwrap_or(f64::NAN),
        }
    }
}

/// A finite double of size under 2⁶² as a count of 2⁻⁶⁴; what is smaller than that is rounded half to even.
///
/// The bits are read by hand: without SSE 4.1, rounding and the conversion to i128 are calls into a library.
#[must_use]
pub fn fixed(value: f64) -> i128 {
    const MANTISSA: u64 = (1 << 52) - 1;
    // Bits of the mantissa below the point, less the 64 that are kept.
    const POINT: i32 = 1023 + 52 - 64;
    let bits = value.to_bits();
    // Eleven bits; a number without the leading one is far below 2⁻⁶⁴.
    let exponent = ((bits >> 52) & 0x7FF) as i32;
    let mantissa = i128::from(bits & MANTISSA | 1 << 52);
    let shift = exponent - POINT;
    let size = match shift {
        0.. => mantissa << shift,
        -54..0 => {
            let (kept, half) = (mantissa >> -shift, 1 << (-shift - 1));
            let rest = mantissa & ((half << 1) - 1);
            kept + i128::from(rest > half || (rest == half && kept & 1 == 1))
        }
        _ => 0,
    };
    if value.is_sign_negative() { -size } else { size }
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation)] // The library's way is what ours is compared with.
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tenths_add_to_what_they_are() {
        let tenths = [0.1, 0.2, 0.3, -0.3, -0.2, -0.1];
        assert_eq!(tenths.iter().map(|&x| fixed(x)).sum::<i128>(), 0);
        let cents: i128 = (0..10_000_000).map(|_| fixed(0.01)).sum();
        // The double nearest to 10⁷ times the double nearest to 0.01.
        assert_eq!(MoneyUnit::Binary.to_f64(cents), 100_000.0);
    }

    #[test]
    fn halves_go_to_the_even() {
        let one = 1.0 / TWO_64;
        let counts = [0.0, -0.0, 0.5, 0.75, 1.5, 2.5, -1.5, f64::MIN_POSITIVE].map(|count| fixed(count * one));
        assert_eq!(counts, [0, 0, 0, 1, 2, 2, -2, 0]);
    }

    #[test]
    fn decimals_are_rounded_once() {
        assert_eq!(MoneyUnit::Decimal(2).to_f64(12_345), 123.45);
        assert_eq!(MoneyUnit::Decimal(2).to_f64(-1), -0.01);
        assert_eq!(
            MoneyUnit::Decimal(2).to_f64(900_719_925_474_099_300_123),
            9_007_199_254_740_993_001.23
        );
        assert_eq!(
            MoneyUnit::Decimal(0).to_f64(i128::from(i64::MAX)),
            9_223_372_036_854_775_807.0
        );
    }

    proptest! {
        #[test]
        fn a_double_comes_back(value in -1e15f64..1e15) {
            prop_assume!(value.abs() >= 1.0 / 4096.0);
            prop_assert_eq!(MoneyUnit::Binary.to_f64(fixed(value)), value);
        }

        #[test]
        fn the_bits_say_what_the_library_says(value in prop_oneof![-4.6e18f64..4.6e18, -1.0..1.0, -1e-15..1e-15, -1e-19..1e-19]) {
            let whole = value.trunc();
            let rest = ((value - whole) * TWO_64).round_ties_even();
            prop_assert_eq!(fixed(value), ((whole as i128) << 64) + rest as i128);
        }

        #[test]
        fn small_doubles_come_close(value in -0.001f64..0.001) {
            prop_assert!((MoneyUnit::Binary.to_f64(fixed(value)) - value).abs() <= 0.5 / TWO_64);
        }
    }
}
