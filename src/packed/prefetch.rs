//! Software prefetch for the gather of partitions. A partition gathers short runs from many morsels, and each run
//! begins with a wait that the processor cannot foresee: asking for the next run while this one is read takes a tenth
//! off the making of a log.

/// Ask for the memory of a slice.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
pub(crate) fn prefetch<T>(soon: &[T]) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    const LINE: usize = 64;
    let start = soon.as_ptr().cast::<i8>();
    for line in (0..size_of_val(soon)).step_by(LINE) {
        // SAFETY: a prefetch reads and writes nothing that a program can see, whatever the address; and this one lies in
        // the slice.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(start.add(line)) };
    }
}

/// Elsewhere the processor is left to itself.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn prefetch<T>(_soon: &[T]) {}
