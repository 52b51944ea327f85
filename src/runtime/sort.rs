//! Sorting, on all threads where it is worth it.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::pool::pool;
use super::task::{Stop, Task};
use crate::error::Result;

/// So many are sorted between two looks for a stop.
const PIECE: usize = 1 << 16;

/// Sort in parallel, in pieces short enough that a stop is heard between them.
///
/// # Errors
/// [`crate::error::Error::Interrupted`] if the caller asked to stop.
pub fn sort<T: Ord + Send>(values: &mut [T], task: &Task) -> Result<()> {
    pool()?.install(|| task.step(|| sort_by(values, T::cmp)))
}

/// Sort as part of a step of some work; equal ones in no stated order. The few of most customers are sorted here, the many
/// of one on all threads, and a stop is heard between pieces of them.
///
/// # Errors
/// [`crate::error::Error::Interrupted`] if the caller asked to stop.
pub fn sort_by<T: Send>(values: &mut [T], compare: impl Fn(&T, &T) -> Ordering + Sync) -> Result<()> {
    if values.len() <= PIECE {
        values.sort_unstable_by(compare);
        return Ok(());
    }
    let stop = Stop::here();
    pool()?.install(|| {
        values.par_chunks_mut(PIECE).try_for_each(|piece| -> Result<()> {
            stop.check()?;
            piece.sort_unstable_by(&compare);
            Ok(())
        })?;
        let mut width = PIECE;
        while width < values.len() {
            width *= 2;
            values.par_chunks_mut(width).try_for_each(|piece| -> Result<()> {
                stop.check()?;
                // The stable sort finds the two sorted halves of a piece and only merges them.
                piece.sort_by(&compare);
                Ok(())
            })?;
        }
        Ok(())
    })
}
