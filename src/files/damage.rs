//! What a damaged file does: the reader of a format fails, or panics where it did not expect what it reads.

use std::cell::Cell;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::error::{Error, Result};

thread_local! {
    /// Whether this thread reads what may be damaged.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Read something of a file; whatever goes wrong within the reader is an error that names the file. Nothing of our own
/// may run in here: its panics are faults of ours, and must be seen.
pub(super) fn guarded<T, E: Display>(name: &str, read: impl FnOnce() -> std::result::Result<T, E>) -> Result<T> {
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            }
        }));
    });
    GUARDED.set(true);
    let done = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    match done {
        Ok(read) => read.map_err(|error| unreadable(name, &error)),
        Err(_) => Err(unreadable(name, &"its bytes are damaged")),
    }
}

/// The error of a file that cannot be read.
pub(super) fn unreadable(name: &str, why: &dyn Display) -> Error {
    let why = why.to_string();
    let why = why.strip_prefix("Parquet error: ").unwrap_or(&why);
    Error::Data(format!("{name} cannot be read as Parquet: {why}"))
}
