//! Runs the core while Python is detached: listens for Ctrl-C, notifies of progress, maps errors.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use pyo3::call::PyCallArgs;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// Ctrl-C is heard within this time, and a listener of 50 Hz costs no measurable time.
const POLL: Duration = Duration::from_millis(20);
const POLLS_PER_REPORT: u32 = 5;
/// Shorter work shows no progress bar: 50 polls of 20 ms are a second.
const QUIET_POLLS: u32 = 50;

static LISTENER: Mutex<Option<Py<PyAny>>> = Mutex::new(None);
static TASKS: AtomicU64 = AtomicU64::new(0);

/// Wakes the caller when the work ends, however it ends.
struct Done<'a> {
    flag: &'a AtomicBool,
    caller: thread::Thread,
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.flag.store(true, Ordering::Release);
        self.caller.unpark();
    }
}

/// Run work on the core while Python goes on.
pub(super) fn detach<T: Send>(py: Python<'_>, work: impl FnOnce(&Task) -> Result<T> + Send) -> PyResult<T> {
    let task = Task::default();
    let (outcome, interruption) = py.detach(|| supervise(&task, work));
    match (interruption, outcome) {
        (Some(error), _) => Err(error),
        (None, Ok(result)) => result.map_err(PyErr::from),
        (None, Err(_)) => Err(PyRuntimeError::new_err(
            "footfall failed inside; please report what you typed",
        )),
    }
}

/// The work on a thread of its own, this one listening.
fn supervise<T: Send>(
    task: &Task,
    work: impl FnOnce(&Task) -> Result<T> + Send,
) -> (thread::Result<Result<T>>, Option<PyErr>) {
    let flag = AtomicBool::new(false);
    let mut interruption = None;
    thread::scope(|scope| {
        let done = Done {
            flag: &flag,
            caller: thread::current(),
        };
        let worker = thread::Builder::new().spawn_scoped(scope, move || {
            let _done = done;
            task.run(|| work(task))
        });
        let worker = match worker {
            Ok(worker) => worker,
            Err(error) => return (Ok(Err(Error::Threads(error.to_string()))), None),
        };
        let (mut polls, number) = (0, TASKS.fetch_add(1, Ordering::Relaxed));
        while !flag.load(Ordering::Acquire) {
            thread::park_timeout(POLL);
            if flag.load(Ordering::Acquire) || interruption.is_some() {
                continue;
            }
            polls += 1;
            // An interpreter that is ending has nobody to tell.
            if let Some(Err(error)) = Python::try_attach(|py| listen(py, task, number, polls)) {
                task.cancel();
                interruption = Some(error);
            }
        }
        if polls >= QUIET_POLLS {
            let over = Python::try_attach(|py| notify(py, "close", (number,)));
            interruption = interruption.or(over.and_then(PyResult::err));
        }
        (worker.join(), interruption)
    })
}

fn listen(py: Python<'_>, task: &Task, number: u64, polls: u32) -> PyResult<()> {
    py.check_signals()?;
    if polls < QUIET_POLLS || !polls.is_multiple_of(POLLS_PER_REPORT) {
        return Ok(());
    }
    let progress = task.progress();
    notify(py, "update", (number, progress.rows, progress.done, progress.total))
}

fn notify<'py>(py: Python<'py>, what: &str, said: impl PyCallArgs<'py>) -> PyResult<()> {
    let listener = LISTENER
        .lock()
        .ok()
        .and_then(|listener| listener.as_ref().map(|listener| listener.clone_ref(py)));
    match listener {
        Some(listener) => listener.call_method1(py, what, said).map(drop),
        None => Ok(()),
    }
}

/// Call `listener.update(task, rows, done, total)` ten times a second while the core works longer than a second, and
/// `listener.close(task)` when it ends; None to stop.
#[pyfunction]
pub(super) fn on_progress(listener: Option<Py<PyAny>>) {
    if let Ok(mut current) = LISTENER.lock() {
        *current = listener;
    }
}

/// Use so many threads; 0 is one per core.
#[pyfunction]
pub(super) fn set_threads(threads: usize) {
    runtime::set_threads(threads);
}

/// The number of threads asked for; 0 is one per core.
#[pyfunction]
pub(super) fn get_threads() -> usize {
    runtime::threads()
}
