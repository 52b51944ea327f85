//! One vector whose parts are written by all threads: most of what a long one takes is the first touch of new memory.

use std::mem::MaybeUninit;

use crate::error::{Error, Result};

use super::memory::reserve;
use super::task::Task;

/// A part of a vector, to be written from its first place to its last.
#[derive(Debug)]
pub struct Slot<'a, T> {
    room: &'a mut [MaybeUninit<T>],
    written: usize,
}

impl<T> Slot<'_, T> {
    /// Write values behind those that were written, as many as have room.
    pub fn extend(&mut self, values: impl Iterator<Item = T>) {
        let room = self.room[self.written..].iter_mut();
        self.written += room.zip(values).map(|(to, value)| to.write(value)).count();
    }
}

/// A vector of parts of these lengths, each written by `of`.
///
/// # Errors
/// The error of the first part that failed, [`Error::Internal`] if one was not written to its end, or
/// [`crate::error::Error::Interrupted`].
#[allow(unsafe_code)]
pub fn fill<T: Copy + Send>(
    lengths: &[usize],
    task: &Task,
    of: impl Fn(usize, &mut Slot<'_, T>) -> Result<()> + Sync,
) -> Result<Vec<T>> {
    let length = lengths.iter().sum();
    reserve(length * size_of::<T>())?;
    let mut all: Vec<T> = Vec::with_capacity(length);
    let mut rest = &mut all.spare_capacity_mut()[..length];
    let mut slots = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (room, others) = rest.split_at_mut(*length);
        slots.push(Slot { room, written: 0 });
        rest = others;
    }
    super::each(slots, task, |at, mut slot: Slot<'_, T>| {
        of(at, &mut slot)?;
        if slot.written < slot.room.len() {
            return Err(Error::Internal("a part of a vector was left empty".into()));
        }
        Ok(())
    })?;
    // SAFETY: the parts are the first `length` places, and each was written to its end: `each` would have failed else.
    unsafe { all.set_len(length) };
    Ok(all)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_one_after_another() {
        let lengths = [3, 0, 5, 1];
        let all = fill(&lengths, &Task::default(), |part, slot| {
            slot.extend((0..lengths[part] / 2).map(|at| (part, at)));
            slot.extend((lengths[part] / 2..100).map(|at| (part, at)));
            Ok(())
        });
        let one = |(part, length): (usize, &usize)| (0..*length).map(move |at| (part, at)).collect::<Vec<_>>();
        assert_eq!(
            all.unwrap(),
            lengths.iter().enumerate().flat_map(one).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_part_that_is_not_written_is_an_error() {
        let found = fill(&[2, 2], &Task::default(), |part, slot| {
            slot.extend(std::iter::repeat_n(7u64, part + 1));
            Ok(())
        });
        assert!(matches!(found, Err(Error::Internal(_))));
        let failed = fill::<u64>(&[2], &Task::default(), |_, _| Err(Error::Data("no".into())));
        assert_eq!(failed, Err(Error::Data("no".into())));
    }
}
