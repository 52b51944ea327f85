//! Codes of order numbers within a partition.

use std::ops::Range;

use super::layout::Layout;
use super::morsel_keys::MorselKeys;
use super::slices::PartitionSlices;
use crate::columns::{IntInterner, KeyInterner, Keys, NONE, hash_bytes};
use crate::packed::Column;

/// The codes of each role that numbers orders, and the numbers by code. All roles share their codes, so that a refund finds
/// its order.
pub(super) fn order_codes(layout: &Layout, runs: PartitionSlices<'_>, places: &[u32]) -> (Vec<Vec<u32>>, Option<Keys>) {
    let Some((_, kind)) = layout.ids.first() else {
        return (Vec::new(), None);
    };
    let roles = 0..layout.ids.len();
    match kind.none() {
        Keys::Bits(_) => {
            let mut table = IntInterner::with_capacity(places.len() / 2);
            let mut beyond = IntInterner::with_capacity(0);
            let mut numbers = Vec::new();
            let mut columns = columns(runs, places, roles, |role, ids, rows, codes| {
                let MorselKeys::Bits(ids) = ids else { return };
                numbers.clear();
                ids.append(rows, &mut numbers);
                for (code, &bits) in codes.iter_mut().zip(&numbers).filter(|(code, _)| **code != NONE) {
                    // A number that the first role cannot hold is none of its numbers, whatever its bits look like.
                    *code = if layout.ids[role].1.beyond(kind, bits) {
                        NONE - 1 - beyond.intern(bits)
                    } else {
                        table.intern(bits)
                    };
                }
            });
            let (mut known, beyond) = (table.into_known(), beyond.into_known());
            number_behind(&mut columns, known.len(), beyond.len());
            known.extend(beyond);
            (columns, Some(Keys::Bits(known)))
        }
        Keys::Bytes(_) => {
            let mut table = KeyInterner::new(kind);
            let columns = columns(runs, places, roles, |_, ids, rows, codes| {
                let MorselKeys::Bytes(ids) = ids else { return };
                for (code, row) in codes.iter_mut().zip(rows).filter(|(code, _)| **code != NONE) {
                    let number = ids.get(row);
                    *code = table.intern_bytes(hash_bytes(number), number);
                }
            });
            (columns, Some(table.into_ids()))
        }
    }
}

/// A column of codes for each role; `encode` is given codes that are [`NONE`] where a row has no number.
fn columns(
    runs: PartitionSlices<'_>,
    places: &[u32],
    roles: Range<usize>,
    mut encode: impl FnMut(usize, &MorselKeys, Range<usize>, &mut [u32]),
) -> Vec<Vec<u32>> {
    let mut codes = Vec::new();
    let mut column = |role: usize| {
        let mut to = vec![NONE; places.len()];
        let mut left = places;
        for run in runs.0 {
            let (ids, valid) = &run.chunk.ids[role];
            codes.clear();
            codes.extend(
                valid[run.rows.clone()]
                    .iter()
                    .map(|valid| if *valid { 0 } else { NONE }),
            );
            encode(role, ids, run.rows.clone(), &mut codes);
            let (places, others) = left.split_at(codes.len());
            for (&code, &place) in codes.iter().zip(places) {
                to[place as usize] = code;
            }
            left = others;
        }
        to
    };
    roles.map(&mut column).collect()
}

/// Codes that were counted down from the highest become those behind the others.
#[allow(clippy::cast_possible_truncation)] // A partition of 2³² rows is refused.
fn number_behind(columns: &mut [Vec<u32>], known: usize, beyond: usize) {
    if beyond == 0 {
        return;
    }
    let lowest = NONE - beyond as u32;
    for code in columns
        .iter_mut()
        .flatten()
        .filter(|code| **code >= lowest && **code != NONE)
    {
        *code = known as u32 + (NONE - 1 - *code);
    }
}
