//! Times that are plain counts: read where they stand, without a copy.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::buffer::ScalarBuffer;
use arrow::datatypes::Int64Type;

use super::time_form::{Form, raw_numbers, scale};
use super::times::{RANGE, TimeType};
use crate::error::Result;

/// The instants of an array, all of which are there and in range.
#[derive(Debug)]
pub struct PlainTimes {
    counts: ScalarBuffer<i64>,
    /// Multiply, then divide: from counts to microseconds.
    scale: (i64, i64),
    first: i64,
}

impl PlainTimes {
    /// The first instant, in microseconds; zero where there is none.
    #[must_use]
    pub fn first(&self) -> i64 {
        self.first
    }

    /// The instants in microseconds.
    pub fn iter(&self) -> impl Iterator<Item = i64> + Clone + '_ {
        let (multiply, divide) = self.scale;
        self.counts.iter().map(move |count| match divide {
            1 => count * multiply,
            _ => (count * multiply).div_euclid(divide),
        })
    }
}

impl TimeType {
    /// The instants of an array, where none is null, written as text, out of range, or to be moved to another zone.
    ///
    /// # Errors
    /// If Arrow cannot convert the array.
    pub fn plain(&self, array: &ArrayRef) -> Result<Option<PlainTimes>> {
        let (multiply, divide) = scale(self.form());
        if matches!(self.form(), Form::Text { .. }) || self.is_moved() {
            return Ok(None);
        }
        let raw = raw_numbers(self.form(), array)?;
        let raw = raw.as_primitive::<Int64Type>();
        if raw.null_count() > 0 {
            return Ok(None);
        }
        let counts = raw.values().clone();
        let both = |(least, greatest): (i64, i64), &count: &i64| (least.min(count), greatest.max(count));
        let (least, greatest) = counts.iter().fold((i64::MAX, i64::MIN), both);
        let at = |count: i64| {
            let at = count.checked_mul(multiply)?.div_euclid(divide);
            RANGE.contains(&at).then_some(at)
        };
        let first = if counts.is_empty() {
            Some(0)
        } else {
            at(greatest).and(at(least))
        };
        Ok(first.map(|first| PlainTimes {
            counts,
            scale: (multiply, divide),
            first,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::{ParseErrors, TimeOptions};
    use arrow::array::{Int64Array, TimestampMillisecondArray};
    use proptest::prelude::*;
    use std::sync::Arc;

    proptest! {
        #[test]
        fn plain_times_are_those_of_each_count(
            counts in prop::collection::vec(prop::option::weighted(0.99, prop_oneof![50 => -10_000_000_000i64..2_000_000_000, 1 => any::<i64>()]), 0..60),
            unit in prop::sample::select(vec!["s", "ms", "us", "ns"]),
            zone in prop::sample::select(vec![None, Some("Asia/Shanghai")]),
            stamps in any::<bool>(),
        ) {
            // One by one, and in as many bits as that takes.
            let (multiply, divide) = match unit {
                _ if stamps => (1_000, 1),
                "s" => (1_000_000, 1),
                "ms" => (1_000, 1),
                "us" => (1, 1),
                _ => (1, 1_000),
            };
            let instant = |count: Option<i64>| {
                let at = (i128::from(count?) * multiply).div_euclid(divide);
                i64::try_from(at).ok().filter(|at| RANGE.contains(at))
            };
            let expected: Option<Vec<i64>> = counts.iter().map(|count| instant(*count)).collect();
            let array: ArrayRef = if stamps {
                Arc::new(TimestampMillisecondArray::from(counts))
            } else {
                Arc::new(Int64Array::from(counts))
            };
            let options = TimeOptions {
                timezone: zone.map(str::to_owned),
                unit: (!stamps).then(|| unit.into()),
                ..TimeOptions::default()
            };
            let times = TimeType::new("time", "ts", &options, std::slice::from_ref(&array)).unwrap();
            let (mut to, mut errors, mut nulls) = (Vec::new(), ParseErrors::default(), 0);
            times.append(&array, 0, &mut to, &mut errors, |_| nulls += 1).unwrap();
            let plain = times.plain(&array).unwrap();
            match expected.filter(|_| !(stamps && zone.is_some())) {
                Some(expected) => {
                    let plain = plain.unwrap();
                    prop_assert!(nulls == 0 && times.check(&errors).is_ok());
                    prop_assert_eq!(plain.first(), expected.iter().copied().min().unwrap_or_default());
                    prop_assert_eq!(plain.iter().collect::<Vec<_>>(), &expected[..]);
                    prop_assert_eq!(to, expected);
                }
                None => prop_assert!(plain.is_none()),
            }
        }
    }
}
