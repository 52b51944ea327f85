//! Money adds exactly. Integers and decimals are i128 counts of their last digit. Floats are decided value by value: one
//! within four units in the last place of a decimal of at most four places is that decimal, any other is the double that
//! it is, in counts of 2⁻⁶⁴ (exact for every double of at least 2⁻¹² in size). Both are whole counts of 10⁻⁴ · 2⁻⁶⁰, so
//! that one sum holds them, whatever the order of the rows.

/// The sum of the sizes of a log's amounts, each rounded up to a whole number, must stay under this: then no sum of their
/// counts can overflow on the way.
pub const LIMIT: u128 = 1 << 53;

/// Doubles of this size and more are added as they are: decimals of four places are no longer told apart.
const LARGE: f64 = 34_359_738_368.0;
/// Counts of 10⁻⁴ in one.
const PLACES: f64 = 10_000.0;
const COUNTS: u128 = 10_000;
/// What shifts a count of 10⁻⁴ to one of 10⁻⁴ · 2⁻⁶⁰.
const SHIFT: u32 = 60;
/// Counts of 10⁻⁴ · 2⁻⁶⁰ in one of 2⁻⁶⁴.
const OF_BINARY: i128 = 625;
/// How many doubles a value may lie from its decimal.
const UNITS: u64 = 4;

/// What one count of an exact amount is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    /// 10⁻⁴ · 2⁻⁶⁰, of amounts that came as floats.
    Float,
    /// 10 to the minus this.
    Decimal(u8),
}

impl MoneyUnit {
    /// A double in this unit; of decimals with more places than the unit, the nearest count.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // Amounts are smaller.
    pub fn exact(self, value: f64) -> i128 {
        match self {
            Self::Float => exact(value),
            Self::Decimal(scale) => (value * 10f64.powi(i32::from(scale))).round() as i128,
        }
    }

    /// The nearest double, rounded once.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Rounding to the nearest double is what this is for.
    pub fn to_f64(self, exact: i128) -> f64 {
        const EXACT: u128 = 1 << 53;
        match self {
            Self::Float if exact & ((1 << SHIFT) - 1) == 0 => match i64::try_from(exact >> SHIFT) {
                // Both are exact doubles, so that the division rounds once; most amounts are such.
                Ok(count) if count.unsigned_abs() <= 1 << 53 => count as f64 / PLACES,
                _ => Self::Decimal(4).to_f64(exact >> SHIFT),
            },
            Self::Float => rounded(exact),
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

/// The size of what is added, shifted by this, is what rounding can leave of nothing.
const RESIDUE: u32 = 52;

impl MoneyUnit {
    /// The most that rounding can leave of nothing, where amounts of that size in all were added.
    #[must_use]
    pub fn residue(self, size: u128) -> i128 {
        match self {
            Self::Float => i128::try_from(size >> RESIDUE).unwrap_or(i128::MAX),
            Self::Decimal(_) => 0,
        }
    }
}

/// A count of 10⁻⁴ · 2⁻⁶⁰ as the nearest double.
#[allow(clippy::cast_precision_loss)] // The only rounding.
fn rounded(exact: i128) -> f64 {
    let size = exact.unsigned_abs();
    let shift = size.leading_zeros();
    let (size, places) = (size << shift, COUNTS);
    // What is lost below the last bit is told by that bit, so that the conversion rounds as if nothing had been.
    let quotient = (size / places) | u128::from(size % places != 0);
    let value = quotient as f64 * 2f64.powi(-(SHIFT + shift).cast_signed());
    if exact < 0 { -value } else { value }
}

/// The decimal of at most four places that a double is meant to be, as the double nearest to it; else the double itself.
#[must_use]
pub fn as_decimal(value: f64) -> f64 {
    let nearest = nearest_count(value) / PLACES;
    if value.abs() < LARGE && nearest.to_bits().abs_diff(value.to_bits()) <= UNITS {
        nearest
    } else {
        value
    }
}

/// The same of a number that came as a float of 32 bits, and is one: the decimal of fewest places that it is, else the one of fewest
/// places within four units in its last place.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // To the type that it came in.
pub fn as_decimal_f32(value: f64) -> f64 {
    let value = value as f32;
    let scales = [1.0, 10.0, 100.0, 1_000.0, PLACES];
    let near = |scale: &f64| (f64::from(value) * scale).round() / scale;
    let within = |units: u32| {
        let close = move |decimal: &f64| (*decimal as f32).to_bits().abs_diff(value.to_bits()) <= units;
        scales.iter().map(near).find(close)
    };
    let found = within(0)
        .or_else(|| within(4))
        .filter(|_| f64::from(value).abs() < LARGE);
    found.unwrap_or_else(|| f64::from(value))
}

/// A price times a number of pieces: of decimals the decimal product, rounded once where it has more than four places.
#[must_use]
pub fn product(price: f64, pieces: f64) -> f64 {
    match (decimal_count(price), decimal_count(pieces)) {
        (Some(price), Some(pieces)) => MoneyUnit::Decimal(8).to_f64(i128::from(price) * i128::from(pieces)),
        _ => as_decimal(price * pieces),
    }
}

/// Two amounts together: of decimals the decimal sum.
#[must_use]
pub fn sum(one: f64, other: f64) -> f64 {
    MoneyUnit::Float.to_f64(exact(one) + exact(other))
}

/// The nearest whole count of 10⁻⁴; of doubles under 2³⁵.
fn nearest_count(value: f64) -> f64 {
    // Adding it leaves no room for a fraction; a call into a library would cost more than all the rest.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    value * PLACES + WHOLE - WHOLE
}

/// A double as a count of 10⁻⁴, where it is one.
#[must_use]
#[inline]
#[allow(clippy::cast_possible_truncation, clippy::float_cmp)] // Whole, and less than 2⁵³; the same double or none.
pub fn decimal_count(value: f64) -> Option<i64> {
    let count = nearest_count(value);
    (count / PLACES == value && value.abs() < LARGE).then_some(count as i64)
}

/// A finite double of size under 2⁵³ as a count of 10⁻⁴ · 2⁻⁶⁰.
#[must_use]
#[inline]
pub fn exact(value: f64) -> i128 {
    match decimal_count(value) {
        Some(count) => i128::from(count) << SHIFT,
        None => binary(value) * OF_BINARY,
    }
}

/// Hundredths as a count of 10⁻⁴ · 2⁻⁶⁰: of 32 bits, what [`exact`] says of the double nearest to them.
#[must_use]
#[inline]
pub fn exact_cents(cents: i64) -> i128 {
    (i128::from(cents) * 100) << SHIFT
}

/// A finite double of size under 2⁵³ as a count of 2⁻⁶⁴; what is smaller than that is rounded half to even.
///
/// The bits are read by hand: without SSE 4.1, rounding and the conversion to i128 are calls into a library.
fn binary(value: f64) -> i128 {
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
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // The library's way is what ours is compared with.
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TWO_64: f64 = 18_446_744_073_709_551_616.0;

    #[test]
    fn decimals_add_to_what_they_are() {
        let sum = |values: &[f64]| values.iter().map(|value| exact(as_decimal(*value))).sum::<i128>();
        assert_eq!(sum(&[0.1, 0.2]), sum(&[0.3]));
        assert_eq!(sum(&[19.9, 19.9, 19.9]), sum(&[3.0 * 19.9]));
        assert_eq!(sum(&[0.1, 0.2, -0.3]), 0);
        let cents = sum(&[0.01]) * 10_000_000;
        assert_eq!(MoneyUnit::Float.to_f64(cents), 100_000.0);
    }

    #[test]
    fn what_is_no_decimal_stays_a_double() {
        for value in [1.0 / 3.0, 0.000_05, 1e-17, 34_359_738_368.7, f64::MIN_POSITIVE] {
            assert_eq!(as_decimal(value), value);
        }
        assert_eq!(decimal_count(1.0 / 3.0), None);
        assert_eq!(decimal_count(-19.9), Some(-199_000));
    }

    #[test]
    fn floats_of_32_bits_are_the_decimals_that_they_show() {
        for (value, decimal) in [
            (19.9f32, 19.9),
            (123_456.78, 123_456.78),
            (3.0 * 19.9, 59.7),
            (0.333_333_34, 0.333_333_343_267_440_8),
        ] {
            assert_eq!(as_decimal_f32(f64::from(value)), decimal);
        }
    }

    #[test]
    fn halves_go_to_the_even() {
        let one = 1.0 / TWO_64;
        let counts = [0.0, -0.0, 0.5, 0.75, 1.5, 2.5, -1.5, f64::MIN_POSITIVE].map(|count| binary(count * one));
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
            prop_assert_eq!(MoneyUnit::Float.to_f64(exact(value)), value);
        }

        #[test]
        fn a_decimal_comes_back(count in -340_000_000_000_000i64..340_000_000_000_000) {
            let value = count as f64 / PLACES;
            prop_assert_eq!(as_decimal(value), value);
            prop_assert_eq!(exact(value), i128::from(count) << SHIFT);
            prop_assert_eq!(MoneyUnit::Float.to_f64(exact(value)), value);
        }

        #[test]
        fn cents_are_what_their_double_is(cents in any::<i32>()) {
            prop_assert_eq!(exact_cents(i64::from(cents)), exact(f64::from(cents) / 100.0));
        }

        #[test]
        fn a_product_of_a_price_is_its_decimal(pieces in 1i64..1000, cents in 1i64..1_000_000) {
            let product = pieces as f64 * (cents as f64 / 100.0);
            prop_assert_eq!(exact(as_decimal(product)), i128::from(pieces * cents * 100) << SHIFT);
        }

        #[test]
        fn the_bits_say_what_the_library_says(value in prop_oneof![-9e15f64..9e15, -1.0..1.0, -1e-15..1e-15, -1e-19..1e-19]) {
            let whole = value.trunc();
            let rest = ((value - whole) * TWO_64).round_ties_even();
            prop_assert_eq!(binary(value), ((whole as i128) << 64) + rest as i128);
        }

        #[test]
        fn small_doubles_come_close(value in -0.001f64..0.001) {
            prop_assert!((MoneyUnit::Float.to_f64(exact(value)) - value).abs() <= 0.5 / TWO_64);
        }

        #[test]
        fn a_sum_is_the_double_nearest_to_it(a in -1e9f64..1e9, b in -1.0f64..1.0) {
            let near = MoneyUnit::Float.to_f64(exact(a) + exact(b));
            prop_assert!((near - (a + b)).abs() <= (a + b).abs() * f64::EPSILON);
        }
    }
}
