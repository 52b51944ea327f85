//! The threads of a process.
//!
//! rayon's global pool does not survive a fork: its threads exist in the parent alone, and a child that uses it waits
//! for ever. The pool here belongs to one process id; a child makes its own at its first use.

use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};

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

/// How many threads work at once.
///
/// # Errors
/// If they could not be started.
pub fn parallelism() -> Result<usize> {
    Ok(pool()?.current_num_threads())
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
pub(super) fn pool() -> Result<Arc<rayon::ThreadPool>> {
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
