//! The pool, ordered maps, cancellation and progress. The only file that says `rayon`.
//!
//! rayon's global pool does not survive a fork: its threads exist in the parent alone, and a child that uses it waits
//! for ever. The pool here belongs to one process id; a child makes its own at its first use.

use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

use crate::error::{Error, Result};

/// One piece of work that can be watched and stopped.
#[derive(Debug, Default)]
pub struct Task {
    cancelled: AtomicBool,
    rows: AtomicU64,
    done: AtomicU64,
    total: AtomicU64,
    ready: AtomicBool,
    /// Whether progress is counted in steps; how many there are, and how many are over.
    stepwise: AtomicBool,
    steps: AtomicU64,
    steps_done: AtomicU64,
}

/// How far a piece of work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows read from a source.
    pub rows: u64,
    /// Units of work done.
    pub done: u64,
    /// Units of work known; none while a source is read, as no one knows how long it is.
    pub total: u64,
}

impl Task {
    /// Ask the work to stop at its next chunk.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Stop here if that was asked.
    ///
    /// # Errors
    /// [`Error::Interrupted`] after [`Task::cancel`].
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            Err(Error::Interrupted)
        } else {
            Ok(())
        }
    }

    /// Say how many more units of work there will be.
    pub fn expect_more(&self, units: usize) {
        self.total.fetch_add(units as u64, Ordering::Relaxed);
    }

    /// Count rows that were read.
    pub fn read(&self, rows: usize) {
        self.rows.fetch_add(rows as u64, Ordering::Relaxed);
    }

    /// All rows were read: from here on, what is left to do can be counted.
    pub fn ready(&self) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(0, Ordering::Relaxed);
        self.ready.store(true, Ordering::Relaxed);
    }

    /// From here on progress is counted in steps, each of which does some work in parallel: how many there are, or none where
    /// a search ends by itself. (Units that become known only as each step begins would always be nearly done.)
    pub fn in_steps(&self, steps: Option<u64>) {
        self.steps.store(steps.unwrap_or(0), Ordering::Relaxed);
        self.steps_done.store(0, Ordering::Relaxed);
        self.stepwise.store(true, Ordering::Relaxed);
    }

    /// A step is over.
    pub fn step_done(&self) {
        self.steps_done.fetch_add(1, Ordering::Relaxed);
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let rows = self.rows.load(Ordering::Relaxed);
        if rows > 0 && !self.ready.load(Ordering::Relaxed) {
            return Progress {
                rows,
                done: 0,
                total: 0,
            };
        }
        if self.stepwise.load(Ordering::Relaxed) {
            return Progress {
                rows,
                done: self.steps_done.load(Ordering::Relaxed),
                total: self.steps.load(Ordering::Relaxed),
            };
        }
        let done = self.done.load(Ordering::Relaxed);
        let total = self.total.load(Ordering::Relaxed).max(done);
        Progress { rows, done, total }
    }

    fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// The pool of a process, made at its first use and again when the number of threads changes. One that is replaced ends when
/// the last work on it does.
struct Process {
    pid: u32,
    pool: Mutex<Option<(usize, Arc<rayon::ThreadPool>)>>,
}

static PROCESS: AtomicPtr<Process> = AtomicPtr::new(std::ptr::null_mut());
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// More threads never help, and a machine may not be able to start them.
pub const MOST_THREADS: usize = 1024;

/// Use this many threads from now on, at most [`MOST_THREADS`]; 0 is one per core. Results do not depend on it.
pub fn set_threads(threads: usize) {
    THREADS.store(threads.min(MOST_THREADS), Ordering::Relaxed);
}

/// The number of threads asked for; 0 is one per core.
#[must_use]
pub fn threads() -> usize {
    THREADS.load(Ordering::Relaxed)
}

/// What belongs to this process. A child has its own, as the lock of its parent's may be held by a thread that the fork left
/// behind; so it is found without a lock.
#[allow(unsafe_code)]
fn process() -> &'static Process {
    let pid = std::process::id();
    let current = PROCESS.load(Ordering::Acquire);
    // SAFETY: the pointer is null or comes from Box::leak below, and what it points to is never freed.
    if let Some(process) = unsafe { current.as_ref() }
        && process.pid == pid
    {
        return process;
    }
    let made: *mut Process = Box::leak(Box::new(Process {
        pid,
        pool: Mutex::new(None),
    }));
    // Of two threads that come here at once the first one's is kept.
    let kept = match PROCESS.compare_exchange(current, made, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => made,
        Err(theirs) => theirs,
    };
    // SAFETY: as above; only shared references are made.
    unsafe { &*kept }
}

/// The pool of this process.
fn pool() -> Result<Arc<rayon::ThreadPool>> {
    let threads = threads();
    let mut held = process().pool.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((count, pool)) = held.as_ref()
        && *count == threads
    {
        return Ok(pool.clone());
    }
    let made = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("footfall-{index}"))
        .build()
        .map_err(|error| Error::Threads(error.to_string()))?;
    let made = Arc::new(made);
    *held = Some((threads, made.clone()));
    Ok(made)
}

/// Ask whether there is memory for what comes next, in bytes: an allocation that fails within it ends the process.
///
/// # Errors
/// [`Error::Memory`] if there is not.
pub fn reserve(bytes: usize) -> Result<()> {
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(bytes).map_err(|_| {
        Error::Memory(format!(
            "there is no memory for another {} MB: give memory_limit= to keep rows on disk, read fewer columns, or free \
             what is not needed",
            bytes.div_ceil(1_000_000)
        ))
    })
}

static ALLOCATOR: OnceLock<fn()> = OnceLock::new();

/// Name the function by which the allocator of the process gives back what it keeps for a thread.
pub fn set_allocator(give_back: fn()) {
    _ = ALLOCATOR.set(give_back);
}

/// Give back what was freed, by this thread and by those of the pool: an allocator that keeps pieces for each thread would
/// hold several times what is in use.
///
/// # Errors
/// If no threads could be started.
pub fn give_back() -> Result<()> {
    if let Some(give_back) = ALLOCATOR.get() {
        give_back();
        pool()?.broadcast(|_| give_back());
    }
    Ok(())
}

/// `f` of each index in parallel; results, and the error if several fail, in the order of the indices.
///
/// # Errors
/// The error of the lowest index that failed, or [`Error::Interrupted`].
pub fn map<T: Send>(count: usize, task: &Task, f: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    task.expect_more(count);
    let step = |index: usize| {
        task.check()?;
        let out = f(index);
        task.advance();
        out
    };
    let all: Vec<Result<T>> = pool()?.install(|| (0..count).into_par_iter().with_max_len(1).map(step).collect());
    all.into_iter().collect()
}

/// `f` of each index of `order` in parallel, begun in that order; results in the order of the indices.
///
/// # Errors
/// The error of the lowest index that failed, or [`Error::Interrupted`].
pub fn map_in<T: Send>(order: &[u32], task: &Task, f: impl Fn(u32) -> Result<T> + Sync) -> Result<Vec<T>> {
    task.expect_more(order.len());
    let step = |&index: &u32| {
        task.check()?;
        let out = f(index);
        task.advance();
        out
    };
    let all: Vec<Result<T>> = pool()?.install(|| order.par_iter().with_max_len(1).map(step).collect());
    let mut indexed: Vec<(u32, Result<T>)> = order.iter().copied().zip(all).collect();
    indexed.sort_by_key(|(index, _)| *index);
    indexed.into_iter().map(|(_, out)| out).collect()
}

/// `f` of each item in parallel, with its index; results in the order of the items.
///
/// # Errors
/// The error of the first item that failed, or [`Error::Interrupted`].
pub fn each<V: Send, T: Send>(items: Vec<V>, task: &Task, f: impl Fn(usize, V) -> Result<T> + Sync) -> Result<Vec<T>> {
    task.expect_more(items.len());
    let step = |(index, item)| {
        task.check()?;
        let out = f(index, item);
        task.advance();
        out
    };
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

/// One vector of many, copied in parallel: most of what that takes is the first touch of new memory.
///
/// # Errors
/// If no threads could be started.
pub fn concat<T: Copy + Default + Send + Sync>(parts: Vec<Vec<T>>) -> Result<Vec<T>> {
    let length = parts.iter().map(Vec::len).sum();
    reserve(length * size_of::<T>())?;
    let mut all = vec![T::default(); length];
    let mut rest = all.as_mut_slice();
    let mut goals = Vec::with_capacity(parts.len());
    for part in &parts {
        let (goal, others) = rest.split_at_mut(part.len());
        goals.push(goal);
        rest = others;
    }
    pool()?.install(|| {
        goals
            .into_par_iter()
            .zip(parts)
            .for_each(|(goal, part)| goal.copy_from_slice(&part));
    });
    Ok(all)
}

/// Sort in parallel, in pieces short enough that a stop is heard between them.
///
/// # Errors
/// [`Error::Interrupted`] if the caller asked to stop.
pub fn sort<T: Ord + Send>(values: &mut [T], task: &Task) -> Result<()> {
    const PIECE: usize = 1 << 16;
    let sort_pieces = |values: &mut [T], width: usize| -> Result<()> {
        values.par_chunks_mut(width).try_for_each(|piece| {
            task.check()?;
            // The stable sort finds the two sorted halves of a piece and only merges them.
            if width == PIECE {
                piece.sort_unstable();
            } else {
                piece.sort();
            }
            Ok(())
        })
    };
    let length = values.len();
    pool()?.install(|| {
        let mut width = PIECE;
        sort_pieces(values, width)?;
        while width < length {
            width *= 2;
            sort_pieces(values, width)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
