//! Memory: asked for before it is used, and given back.

use std::sync::OnceLock;

use arrow::datatypes::ArrowNativeType;

use super::pool::pool;
use crate::error::{Error, Result};

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

/// Give the pages of some values back to the system, while what they stand in is kept; they may be zero from here on.
/// Where the system cannot do so nothing happens.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
pub fn release<T: ArrowNativeType>(values: &mut [T]) {
    const PAGE: usize = 1 << 12;
    let range = values.as_mut_ptr_range();
    let (first, last) = (
        (range.start as usize).next_multiple_of(PAGE),
        range.end as usize / PAGE * PAGE,
    );
    if first < last {
        let start = range.start.wrapping_byte_add(first - range.start as usize);
        // SAFETY: the pages lie within the slice, which nothing else sees while it is borrowed; anonymous pages become
        // zero, which is a value of every native type.
        unsafe { libc::madvise(start.cast(), last - first, libc::MADV_DONTNEED) };
    }
}

/// Give the pages of some values back to the system, while what they stand in is kept; they may be zero from here on.
/// Where the system cannot do so nothing happens.
#[cfg(not(target_os = "linux"))]
pub fn release<T: ArrowNativeType>(_values: &mut [T]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_released_values_is_kept() {
        let mut values: Vec<u32> = (0..100_000).collect();
        release(&mut values[10_000..90_000]);
        release(&mut values[10..20]);
        assert!(values[..10_000].iter().copied().eq(0..10_000));
        assert!(values[90_000..].iter().copied().eq(90_000..100_000));
    }
}
