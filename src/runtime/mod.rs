//! The pool, ordered maps, cancellation and progress. The only folder that says `rayon`.

mod fill;
mod memory;
mod pool;
mod sort;
mod task;

use rayon::prelude::*;

use crate::error::Result;

pub use fill::{Slot, fill};
pub use memory::{give_back, release, reserve, set_allocator};
use pool::pool;
pub use pool::{MOST_THREADS, parallelism, set_threads, threads};
pub use sort::{sort, sort_by};
pub use task::{Progress, Task, check};

/// `f` of each index in parallel; results, and the error if several fail, in the order of the indices.
///
/// # Errors
/// The error of the lowest index that failed, or [`crate::error::Error::Interrupted`].
pub fn map<T: Send>(count: usize, task: &Task, f: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    task.expect_more(count);
    let step = |index: usize| task.step(|| f(index));
    let all: Vec<Result<T>> = pool()?.install(|| (0..count).into_par_iter().with_max_len(1).map(step).collect());
    all.into_iter().collect()
}

/// `f` of each index of `order` in parallel, begun in that order; results in the order of the indices.
///
/// # Errors
/// The error of the lowest index that failed, or [`crate::error::Error::Interrupted`].
pub fn map_in<T: Send>(order: &[u32], task: &Task, f: impl Fn(u32) -> Result<T> + Sync) -> Result<Vec<T>> {
    task.expect_more(order.len());
    let step = |&index: &u32| task.step(|| f(index));
    let all: Vec<Result<T>> = pool()?.install(|| order.par_iter().with_max_len(1).map(step).collect());
    let mut indexed: Vec<(u32, Result<T>)> = order.iter().copied().zip(all).collect();
    indexed.sort_by_key(|(index, _)| *index);
    indexed.into_iter().map(|(_, out)| out).collect()
}

/// `f` of each item in parallel, with its index; results in the order of the items.
///
/// # Errors
/// The error of the first item that failed, or [`crate::error::Error::Interrupted`].
pub fn each<V: Send, T: Send>(items: Vec<V>, task: &Task, f: impl Fn(usize, V) -> Result<T> + Sync) -> Result<Vec<T>> {
    task.expect_more(items.len());
    let step = |(index, item)| task.step(|| f(index, item));
    let all: Vec<Result<T>> = pool()?.install(|| items.into_par_iter().enumerate().with_max_len(1).map(step).collect());
    all.into_iter().collect()
}

/// Two things at once.
///
/// # Errors
/// The error of the first, else of the second.
pub fn both<A: Send, B: Send>(
    a: impl FnOnce() -> Result<A> + Send,
    b: impl FnOnce() -> Result<B> + Send,
) -> Result<(A, B)> {
    let (a, b) = pool()?.join(a, b);
    Ok((a?, b?))
}

/// Neighbours joined two by two, then the pairs, and so on: each list is joined in the order it has, on all threads.
///
/// # Errors
/// The error of the first that failed, or [`crate::error::Error::Interrupted`].
pub fn reduce<T: Send>(items: Vec<T>, task: &Task, join: impl Fn(T, T) -> Result<T> + Sync) -> Result<Option<T>> {
    task.expect_more(items.len().saturating_sub(1));
    let join = |a: Result<T>, b: Result<T>| task.step(|| join(a?, b?));
    let joined = pool()?.install(|| items.into_par_iter().map(Ok).reduce_with(join));
    joined.transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn a_map_keeps_its_order_and_its_first_error() {
        let task = Task::default();
        assert_eq!(map(1000, &task, |i| Ok(i * 2)).unwrap()[999], 1998);
        let error = map(1000, &task, |i| {
            if i % 7 == 3 {
                Err(Error::Data(i.to_string()))
            } else {
                Ok(i)
            }
        });
        assert_eq!(error, Err(Error::Data("3".into())));
    }

    #[test]
    fn a_cancelled_task_stops() {
        let task = Task::default();
        task.cancel();
        assert_eq!(map(10, &task, Ok), Err(Error::Interrupted));
        assert_eq!(sort(&mut [2, 1], &task), Err(Error::Interrupted));
    }

    #[test]
    fn a_long_slice_is_sorted_across_pieces() {
        let mut values: Vec<u64> = (0..300_000)
            .map(|i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .collect();
        let mut expected = values.clone();
        expected.sort_unstable();
        sort(&mut values, &Task::default()).unwrap();
        assert_eq!(values, expected);
    }
}
