//! Tasks: work that can be watched and stopped.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Error, Result};

/// One piece of work that can be watched and stopped.
#[derive(Debug, Default)]
pub struct Task {
    stop: Stop,
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
        self.stop.0.store(true, Ordering::Relaxed);
    }

    /// Stop here if that was asked.
    ///
    /// # Errors
    /// [`Error::Interrupted`] after [`Task::cancel`].
    pub fn check(&self) -> Result<()> {
        self.stop.check()
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

    /// Work on it in this thread: what is called hears a stop by [`check`], wherever it is.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        let outer = HERE.replace(Some(self.stop.clone()));
        let out = work();
        HERE.set(outer);
        out
    }

    /// Do a step of it.
    pub(super) fn step<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.check()?;
        let out = self.run(work);
        self.advance();
        out
    }

    fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether a piece of work was asked to stop.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(super) fn check(&self) -> Result<()> {
        if self.0.load(Ordering::Relaxed) {
            Err(Error::Interrupted)
        } else {
            Ok(())
        }
    }

    /// That of the work which this thread does.
    pub(super) fn here() -> Self {
        HERE.with_borrow(Clone::clone).unwrap_or_default()
    }
}

thread_local! {
    /// What this thread works for.
    static HERE: RefCell<Option<Stop>> = const { RefCell::new(None) };
}

/// Stop here if that was asked of the work that this thread does; for what has no task at hand, as the rows of one customer.
///
/// # Errors
/// [`Error::Interrupted`] after [`Task::cancel`].
pub fn check() -> Result<()> {
    HERE.with_borrow(|stop| stop.as_ref().map_or(Ok(()), Stop::check))
}
