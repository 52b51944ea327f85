//! Chains of customers with few events, as nearly all have: the rows that fit a level are the bits of one word, so that
//! the next step is found without looking at the events between.

use super::plain::Events;
use super::rules::{Anchor, FEW_STEPS, Rules, Ties};

/// Rows that one word holds.
const WORD: usize = 64;
/// Rows that are compared at a time.
const BYTES: usize = 8;

/// The rows of a partition that fit each level, a bit for each row.
#[derive(Debug)]
pub(super) struct RowSets(Vec<[u64; FEW_STEPS]>);

impl RowSets {
    /// By the level of each row; nothing where there are more steps than sets.
    pub(super) fn new(levels: &[u8], steps: usize) -> Self {
        if steps > FEW_STEPS {
            return Self(Vec::new());
        }
        let (whole, rest) = levels.as_chunks::<WORD>();
        let mut last = [0; WORD];
        last[..rest.len()].copy_from_slice(rest);
        // A customer's rows can begin in one word and end in the next, which the last has none of.
        let words = whole.iter().chain([&last]).map(|levels| sets_of(levels, steps));
        Self(words.chain([[0; FEW_STEPS]]).collect())
    }

    /// Of some rows, at least one and at most those of a word, those that fit a level; the first has the lowest bit.
    #[inline]
    fn of(&self, level: usize, first: usize, rows: usize) -> u64 {
        let (at, shift) = (first / WORD, first % WORD);
        let both = u128::from(self.0[at][level]) | u128::from(self.0[at + 1][level]) << WORD;
        #[allow(clippy::cast_possible_truncation)] // The lower half.
        let word = (both >> shift) as u64;
        word & (u64::MAX >> (WORD - rows))
    }
}

/// The rows of a word that fit each level.
#[inline]
fn sets_of(levels: &[u8; WORD], steps: usize) -> [u64; FEW_STEPS] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // Moves the lowest bit of each byte to the top byte, in their order.
    const TO_TOP: u64 = 0x0102_0408_1020_4080;
    let mut sets = [0; FEW_STEPS];
    for (set, level) in sets[..steps].iter_mut().zip(0..) {
        for (number, levels) in levels.as_chunks::<BYTES>().0.iter().enumerate() {
            let other = u64::from_le_bytes(*levels) ^ (EACH * level);
            // Levels lie below 128: of the sums, those of bytes that are zero, and no others, leave the top bit clear.
            let same = !(other + EACH * 0x7F) & (EACH * 0x80);
            *set |= ((same >> 7).wrapping_mul(TO_TOP) >> (WORD - BYTES)) << (number * BYTES);
        }
    }
    sets
}

/// A chain from one start.
struct Chain {
    times: [i64; FEW_STEPS],
    depth: usize,
    /// Whether it was the window that ended it.
    cut: bool,
}

/// The rows of one customer.
#[derive(Clone, Copy)]
struct CustomerRows<'a> {
    events: &'a Events<'a>,
    rules: &'a Rules,
}

/// Whether a customer has few enough events, and the funnel few enough steps.
pub(super) fn serve(events: &Events<'_>, rules: &Rules) -> bool {
    (1..=WORD).contains(&events.times.len()) && rules.steps <= FEW_STEPS
}

/// Append the times of the reported chain; how many there are is its depth.
pub(super) fn chain(events: &Events<'_>, rules: &Rules, to: &mut Vec<i64>) -> usize {
    let rows = CustomerRows { events, rules };
    let mut starts = rows.starts();
    if starts == 0 {
        return 0;
    }
    let mut best = rows.follow(first(starts));
    // What ends for want of an event ends there for all later starts too.
    if best.cut && rules.anchor == Anchor::EarliestLongest {
        let endless = Rules { window: None, ..*rules };
        let possible = CustomerRows {
            events,
            rules: &endless,
        }
        .follow(first(starts))
        .depth;
        starts &= starts - 1;
        while starts != 0 && best.depth < possible {
            let other = rows.follow(first(starts));
            starts = if other.cut { starts & (starts - 1) } else { 0 };
            if other.depth > best.depth {
                best = other;
            }
        }
    }
    to.extend_from_slice(&best.times[..best.depth]);
    best.depth
}

impl CustomerRows<'_> {
    #[inline]
    fn of(self, level: usize) -> u64 {
        let (sets, first) = self.events.sets;
        sets.of(level, first, self.events.times.len())
    }

    /// The rows that start a chain.
    #[inline]
    fn starts(self) -> u64 {
        let (from, before) = self.events.starts;
        let mut starts = self.of(0);
        while starts != 0 && self.events.times[first(starts)] < from {
            starts &= starts - 1;
        }
        while starts != 0 && self.events.times[last(starts)] >= before {
            starts ^= 1 << last(starts);
        }
        starts
    }

    /// Each next step at the first instant that has it, as far as the window reaches.
    #[inline]
    fn follow(self, start: usize) -> Chain {
        let begun = self.events.times[start];
        let mut chain = Chain {
            times: [begun; FEW_STEPS],
            depth: 1,
            cut: false,
        };
        let mut row = start;
        while let Some(next) = self.next(chain.depth, row) {
            let time = self.events.times[next];
            if !self.rules.within(begun, time) {
                chain.cut = true;
                break;
            }
            chain.times[chain.depth] = time;
            chain.depth += 1;
            row = next;
        }
        chain
    }

    /// The first row that fits a level, if there is such a step, and may follow a row.
    #[inline]
    fn next(self, level: usize, row: usize) -> Option<usize> {
        if level == self.rules.steps {
            return None;
        }
        let from = match self.rules.ties {
            Ties::Steps => self.events.instant(row),
            Ties::Later => self.events.after(row),
        };
        let later = self.of(level) >> (from % WORD) << (from % WORD);
        // None comes after the last of a whole word.
        (later != 0 && from < WORD).then(|| first(later))
    }
}

#[inline]
fn first(rows: u64) -> usize {
    rows.trailing_zeros() as usize
}

#[inline]
fn last(rows: u64) -> usize {
    rows.ilog2() as usize
}
