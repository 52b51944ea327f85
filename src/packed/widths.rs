//! The widths in which columns are packed: how each writes its values in fewer bits.

use std::marker::PhantomData;

use arrow::datatypes::ArrowNativeType;

use super::column::Width;
use crate::columns::NONE;

/// Keys and order numbers: how far each lies above the least.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Distance;

impl Width for Distance {
    type Value = u64;
    type Small = u32;
    type Base = u64;

    fn base(values: impl Iterator<Item = u64>) -> u64 {
        values.min().unwrap_or_default()
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // What does not fit is told.
    fn shrink(value: u64, base: u64) -> (u32, bool) {
        let distance = value.wrapping_sub(base);
        (distance as u32, distance >> u32::BITS == 0)
    }

    #[inline]
    fn widen(small: u32, base: u64) -> u64 {
        base.wrapping_add(u64::from(small))
    }
}

/// Microseconds: whole seconds after the earliest.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seconds;

const SECOND: u64 = 1_000_000;

/// What the odd part of a second is to be multiplied by for 1, of 64 bits: the powers of two of a second are rotated away.
const INVERSE: u64 = {
    let (odd, mut inverse) = (SECOND >> SECOND.trailing_zeros(), 1u64);
    let mut bits = 1;
    // By Newton's method each step doubles the bits that are right.
    while bits < u64::BITS {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
        bits *= 2;
    }
    inverse
};

impl Width for Seconds {
    type Value = i64;
    type Small = u32;
    type Base = i64;

    fn base(values: impl Iterator<Item = i64>) -> i64 {
        values.min().unwrap_or_default()
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // What does not fit is told.
    fn shrink(value: i64, base: i64) -> (u32, bool) {
        let after = value.wrapping_sub(base).cast_unsigned();
        // An exact division is a multiplication, and of what is not divisible the quotient is large (Warren, Hacker's
        // Delight, 10-16 and 10-17).
        let seconds = after.wrapping_mul(INVERSE).rotate_right(SECOND.trailing_zeros());
        (seconds as u32, seconds >> u32::BITS == 0)
    }

    #[inline]
    fn widen(small: u32, base: i64) -> i64 {
        base.wrapping_add((u64::from(small) * SECOND).cast_signed())
    }
}

/// Doubles: hundredths.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cents;

impl Width for Cents {
    type Value = f64;
    type Small = i32;
    type Base = ();

    fn base(_: impl Iterator<Item = f64>) {}

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // The low bits of the mantissa are the number.
    fn shrink(value: f64, (): ()) -> (i32, bool) {
        // Adding it leaves no room for a fraction; a call into a library would cost more than all the rest.
        const WHOLE: f64 = 6_755_399_441_055_744.0;
        const FITS: f64 = 2_147_483_647.0;
        let shifted = value * 100.0 + WHOLE;
        let cents = shifted - WHOLE;
        // The bits are compared: minus zero is not zero, and what is no number is nothing.
        let same = cents.abs() <= FITS && (cents / 100.0).to_bits() == value.to_bits();
        (shifted.to_bits() as i32, same)
    }

    #[inline]
    fn widen(small: i32, (): ()) -> f64 {
        f64::from(small) / 100.0
    }
}

/// Exact amounts: counts of 32 bits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Counts;

impl Width for Counts {
    type Value = i128;
    type Small = i32;
    type Base = ();

    fn base(_: impl Iterator<Item = i128>) {}

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // What does not fit is told.
    fn shrink(value: i128, (): ()) -> (i32, bool) {
        let small = value as i32;
        (small, i128::from(small) == value)
    }

    #[inline]
    fn widen(small: i32, (): ()) -> i128 {
        i128::from(small)
    }
}

/// Codes: of labels in one byte, of customers and orders within a partition in two.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CodesOf<S>(PhantomData<S>);

/// Codes of labels.
pub(crate) type Codes = CodesOf<u8>;
/// Codes of customers or orders within a partition.
pub(crate) type ShortCodes = CodesOf<u16>;

/// A number in which codes are written.
pub(crate) trait ShortCode: ArrowNativeType + TryFrom<u32> + Into<u32> {
    /// What stands for [`NONE`].
    const NULL: Self;
}

impl ShortCode for u8 {
    const NULL: Self = Self::MAX;
}

impl ShortCode for u16 {
    const NULL: Self = Self::MAX;
}

impl<S: ShortCode> Width for CodesOf<S> {
    type Value = u32;
    type Small = S;
    type Base = ();

    fn base(_: impl Iterator<Item = u32>) {}

    #[inline]
    fn shrink(value: u32, (): ()) -> (S, bool) {
        let small = S::try_from(value).unwrap_or(S::NULL);
        (small, small != S::NULL || value == NONE)
    }

    #[inline]
    fn widen(small: S, (): ()) -> u32 {
        if small == S::NULL { NONE } else { small.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::{Column, Packed};
    use proptest::prelude::*;
    use std::ops::Range;

    /// What a column gives back, by each way to read it.
    fn read<W: Width>(packed: &Packed<W>, rows: Range<usize>) -> [Vec<W::Value>; 2] {
        let mut appended = Vec::new();
        packed.append(rows.clone(), &mut appended);
        let places: Vec<u32> = (0..).take(rows.len()).collect();
        let mut scattered = vec![W::Value::default(); rows.len()];
        packed.scatter(rows, &places, &mut scattered);
        [appended, scattered]
    }

    fn comes_back<W: Width>(values: &[W::Value], bits: impl Fn(&W::Value) -> u128) -> Packed<W> {
        let order: Vec<u32> = (0..).take(values.len()).collect();
        let packed = Packed::<W>::Wide(values.to_vec()).take(&order);
        let same = |found: &[W::Value]| found.iter().map(&bits).eq(values.iter().map(&bits));
        assert!(same(&packed.clone().into_wide()));
        for found in read(&packed, 0..values.len()) {
            assert!(same(&found));
        }
        let half = values.len() / 2;
        for found in read(&packed, half..values.len()) {
            assert!(found.iter().map(&bits).eq(values[half..].iter().map(&bits)));
        }
        assert_eq!(Packed::<W>::new(values).bytes(), packed.bytes());
        let twice = packed.take(&order);
        assert_eq!(twice.bytes(), packed.bytes());
        packed
    }

    fn is_narrow<W: Width>(packed: &Packed<W>) -> bool {
        matches!(packed, Packed::Narrow(..))
    }

    proptest! {
        #[test]
        fn values_come_back(
            keys in prop::collection::vec(prop_oneof![9 => 7_000_000_000u64..7_000_000_500, 1 => any::<u64>()], 0..300),
            times in prop::collection::vec(prop_oneof![9 => (-10i64..4_000_000_000).prop_map(|s| s * 1_000_000), 1 => any::<i64>()], 0..300),
            money in prop::collection::vec(prop_oneof![20 => (-99_999i32..99_999).prop_map(|c| f64::from(c) / 100.0), 1 => any::<f64>()], 0..300),
            exact in prop::collection::vec(prop_oneof![20 => -99_999i128..99_999, 1 => any::<i128>()], 0..300),
            codes in prop::collection::vec(prop_oneof![20 => 0u32..255, 3 => Just(NONE), 1 => any::<u32>()], 0..300),
        ) {
            comes_back::<Distance>(&keys, |value| u128::from(*value));
            comes_back::<Seconds>(&times, |value| u128::from(value.cast_unsigned()));
            comes_back::<Cents>(&money, |value| u128::from(value.to_bits()));
            comes_back::<Counts>(&exact, |value| value.cast_unsigned());
            comes_back::<Codes>(&codes, |value| u128::from(*value));
            comes_back::<ShortCodes>(&codes, |value| u128::from(*value));
        }
    }

    #[test]
    fn what_fits_is_narrow_and_what_does_not_is_not() {
        let wide = |value: u64| u128::from(value);
        assert!(is_narrow(&comes_back::<Distance>(
            &[u64::MAX, u64::MAX - u64::from(u32::MAX)],
            |v| wide(*v)
        )));
        assert!(!is_narrow(&comes_back::<Distance>(&[0, 1 << 32], |v| wide(*v))));
        let bits = |value: &i64| wide(value.cast_unsigned());
        assert!(is_narrow(&comes_back::<Seconds>(
            &[-5_000_000, 4_294_967_290_000_000],
            bits
        )));
        assert!(is_narrow(&comes_back::<Seconds>(
            &[i64::MIN, i64::MIN + 1_000_000],
            bits
        )));
        assert!(!is_narrow(&comes_back::<Seconds>(&[0, 1], bits)));
        assert!(!is_narrow(&comes_back::<Seconds>(&[0, 4_294_967_296_000_000], bits)));
        let bits = |value: &f64| wide(value.to_bits());
        assert!(is_narrow(&comes_back::<Cents>(
            &[-21_474_836.47, 0.0, 19.9, 21_474_836.47],
            bits
        )));
        for odd in [
            -0.0,
            0.001,
            f64::NAN,
            f64::INFINITY,
            21_474_836.48,
            1e300,
            f64::MIN_POSITIVE,
        ] {
            assert!(!is_narrow(&comes_back::<Cents>(&[1.0, odd], bits)), "{odd}");
        }
        let bits = |value: &u32| u128::from(*value);
        assert!(is_narrow(&comes_back::<Codes>(&[0, 254, NONE], bits)));
        assert!(!is_narrow(&comes_back::<Codes>(&[255], bits)));
        assert!(is_narrow(&comes_back::<ShortCodes>(&[0, 65_534, NONE], bits)));
        assert!(!is_narrow(&comes_back::<ShortCodes>(&[65_535], bits)));
        // What does not fit may come after what was looked at first.
        let mut late: Vec<u32> = vec![0; 1000];
        late[999] = 300;
        assert!(!is_narrow(&comes_back::<Codes>(&late, bits)));
    }
}
