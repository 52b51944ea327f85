//! LSD radix argsort of keys with what they belong to.

use crate::error::Result;
use crate::runtime::{self, Task};

/// Bits looked at in one pass: a table of their counts stays in the nearest cache.
const DIGIT: u32 = 11;

/// Sort by the number; equal numbers keep their order. Digits that all numbers share take no pass, so that keys of a few
/// thousand millions take three.
///
/// # Errors
/// If the caller asked to stop.
pub(crate) fn radix_sort<T: Copy>(rows: &mut Vec<(u64, T)>, task: &Task) -> Result<()> {
    let Some(&(first, _)) = rows.first() else { return Ok(()) };
    let differing = rows.iter().fold(0, |all, (number, _)| all | (number ^ first));
    let mut other = rows.clone();
    for shift in (0..u64::BITS).step_by(DIGIT as usize) {
        if differing >> shift & ((1 << DIGIT) - 1) != 0 {
            task.check()?;
            pass(rows, &mut other, shift);
            std::mem::swap(rows, &mut other);
        }
    }
    Ok(())
}

/// Two sorted lists as one; of equal numbers, those of the first come first.
pub(crate) fn merge<T: Copy>(one: &[(u64, T)], other: &[(u64, T)]) -> Vec<(u64, T)> {
    merge_by(one, other, |first, second| first.0 > second.0)
}

fn merge_by<T: Copy>(
    one: &[(u64, T)],
    other: &[(u64, T)],
    behind: impl Fn(&(u64, T), &(u64, T)) -> bool,
) -> Vec<(u64, T)> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let (mut left, mut right) = (one, other);
    while let (Some(first), Some(second)) = (left.first(), right.first()) {
        if behind(first, second) {
            all.push(*second);
            right = &right[1..];
        } else {
            all.push(*first);
            left = &left[1..];
        }
    }
    all.extend_from_slice(left);
    all.extend_from_slice(right);
    all
}

/// Things in the order of their bytes: first by the eight bytes after what all of them begin with, then, where these are
/// the same, by all. Each part of them is sorted by a thread.
///
/// # Errors
/// If the caller asked to stop.
pub(crate) fn order_of_bytes<'a, T: Copy + Send + Sync>(
    parts: &[Vec<T>],
    key: impl Fn(T) -> &'a [u8] + Sync,
    task: &Task,
) -> Result<Vec<T>> {
    let Some(first) = parts.iter().flatten().next().map(|first| key(*first)) else {
        return Ok(Vec::new());
    };
    let common = |other: &[u8]| first.iter().zip(other).take_while(|(a, b)| a == b).count();
    let shared = runtime::map(parts.len(), task, |part| {
        Ok(parts[part].iter().map(|thing| common(key(*thing))).min())
    })?;
    let shared = shared.into_iter().flatten().min().unwrap_or_default();
    let sorted = runtime::map(parts.len(), task, |part| {
        let eight = |thing: T| eight_bytes(&key(thing)[shared..]);
        let mut ranked: Vec<(u64, T)> = parts[part].iter().map(|&thing| (eight(thing), thing)).collect();
        radix_sort(&mut ranked, task)?;
        for same in ranked.chunk_by_mut(|a, b| a.0 == b.0) {
            same.sort_by_key(|(_, thing)| key(*thing));
        }
        Ok(ranked)
    })?;
    let behind = |one: &(u64, T), other: &(u64, T)| one.0 > other.0 || (one.0 == other.0 && key(one.1) > key(other.1));
    let merged = runtime::reduce(sorted, task, |one, other| Ok(merge_by(&one, &other, behind)))?;
    Ok(things(&merged.unwrap_or_default()))
}

/// What was sorted, in memory of its own: in the place of the pairs it would keep twice as much.
pub(crate) fn things<T: Copy>(sorted: &[(u64, T)]) -> Vec<T> {
    sorted.iter().map(|(_, thing)| *thing).collect()
}

/// The first eight bytes as a number that sorts as they do.
fn eight_bytes(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    let length = bytes.len().min(8);
    eight[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(eight)
}

/// One stable pass by the digit at `shift`.
#[allow(clippy::cast_possible_truncation)] // Masked to a digit.
fn pass<T: Copy>(from: &[(u64, T)], to: &mut [(u64, T)], shift: u32) {
    let digit = |number: u64| (number >> shift) as usize & ((1 << DIGIT) - 1);
    let mut next = [0; 1 << DIGIT];
    for (number, _) in from {
        next[digit(*number)] += 1;
    }
    let mut start = 0;
    for place in &mut next {
        start += std::mem::replace(place, start);
    }
    for row in from {
        let place = &mut next[digit(row.0)];
        to[*place] = *row;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_are_in_their_order(
            prefix in "[ab]{0,3}",
            ends in prop::collection::vec(prop_oneof!["[\\x00ab]{0,3}", "[ab]{7,12}", ".{0,4}"], 0..200),
        ) {
            let keys: Vec<String> = ends.into_iter().map(|end| format!("{prefix}{end}")).collect();
            let parts = [(0..keys.len() / 3).collect(), (keys.len() / 3..keys.len()).collect()];
            let order = order_of_bytes(&parts, |at: usize| keys[at].as_bytes(), &Task::default()).unwrap();
            let mut sorted: Vec<usize> = (0..keys.len()).collect();
            sorted.sort_by_key(|at| keys[*at].as_bytes());
            prop_assert_eq!(order, sorted);
        }

        #[test]
        fn merged_halves_are_the_stable_order(numbers in prop::collection::vec(0u64..50, 0..300), cut in 0usize..300) {
            let mut rows: Vec<(u64, usize)> = numbers.into_iter().zip(0..).collect();
            let mut sorted = rows.clone();
            sorted.sort_by_key(|row| row.0);
            let (one, other) = rows.split_at_mut(cut.min(sorted.len()));
            one.sort_by_key(|row| row.0);
            other.sort_by_key(|row| row.0);
            prop_assert_eq!(merge(one, other), sorted);
        }

        #[test]
        fn it_is_the_stable_order(numbers in prop::collection::vec(prop_oneof![0u64..20, any::<u64>()], 0..500)) {
            let mut rows: Vec<(u64, usize)> = numbers.into_iter().zip(0..).collect();
            let mut sorted = rows.clone();
            sorted.sort_by_key(|row| row.0);
            radix_sort(&mut rows, &Task::default()).unwrap();
            prop_assert_eq!(rows, sorted);
        }
    }
}
