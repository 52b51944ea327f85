//! Packed columns: rows in half of their width or less. What costs most of rows that wait is the first touch of
//! the memory that they stand in.

use std::fmt::Debug;
use std::ops::Range;

use arrow::datatypes::ArrowNativeType;

use super::prefetch::prefetch;
use crate::runtime;

/// How values are written in fewer bits, all of a column alike.
pub(crate) trait Width: Debug + Clone + PartialEq {
    /// What is written.
    type Value: ArrowNativeType;
    /// What it is written as.
    type Small: ArrowNativeType;
    /// What all values of a column have in common.
    type Base: Copy + Debug + PartialEq + Send + Sync;

    /// What some values have in common.
    fn base(values: impl Iterator<Item = Self::Value>) -> Self::Base;

    /// A value in few bits, and whether it is the same again when it is widened.
    fn shrink(value: Self::Value, base: Self::Base) -> (Self::Small, bool);

    /// The value again.
    fn widen(small: Self::Small, base: Self::Base) -> Self::Value;
}

/// The values of a column, in few bits where all of them fit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Packed<W: Width> {
    /// What they have in common, and the rest of each.
    Narrow(W::Base, Vec<W::Small>),
    /// As they are.
    Wide(Vec<W::Value>),
}

/// A column, whatever its width.
pub(crate) trait Column {
    /// What it holds.
    type Value: Copy + Default;

    /// Add the values of some rows to a list.
    fn append(&self, rows: Range<usize>, to: &mut Vec<Self::Value>);

    /// Put the values of some rows into their places, one for each row.
    fn scatter(&self, rows: Range<usize>, places: &[u32], to: &mut [Self::Value]);

    /// Ask for the memory of some rows.
    fn prefetch(&self, rows: Range<usize>);
}

impl<W: Width> Default for Packed<W> {
    fn default() -> Self {
        Self::Wide(Vec::new())
    }
}

impl<W: Width> Packed<W> {
    /// Some values in few bits; none where one of them does not fit, which a few of them tell of most columns.
    pub(crate) fn narrow(base: W::Base, values: impl Iterator<Item = W::Value> + Clone) -> Option<Self> {
        if !fits::<W>(base, values.clone()) {
            return None;
        }
        let mut fits = true;
        let small = values.map(|value| {
            let (small, same) = W::shrink(value, base);
            fits &= same;
            small
        });
        let small = small.collect();
        fits.then_some(Self::Narrow(base, small))
    }

    /// All of some values in few bits.
    pub(crate) fn narrow_all(values: &[W::Value]) -> Option<Self> {
        let sample = values.iter().take(SAMPLE).copied();
        if !fits::<W>(W::base(sample.clone()), sample) {
            return None;
        }
        Self::narrow(W::base(values.iter().copied()), values.iter().copied())
    }

    /// Some values, in an order.
    fn gather(values: &[W::Value], order: &[u32]) -> Self {
        let values: Vec<W::Value> = order.iter().map(|&row| values[row as usize]).collect();
        Self::Wide(values).pack()
    }

    /// Some values, in as few bits as they fit.
    pub(crate) fn new(values: &[W::Value]) -> Self {
        Self::narrow_all(values).unwrap_or_else(|| Self::Wide(values.to_vec()))
    }

    /// The least and the greatest of some rows, where narrow values are in the order of wide ones.
    pub(crate) fn range(&self, rows: Range<usize>) -> Option<(W::Value, W::Value)>
    where
        W::Value: Ord,
        W::Small: Ord,
    {
        match self {
            Self::Wide(values) => least_and_greatest(&values[rows]),
            Self::Narrow(base, small) => {
                let (least, greatest) = least_and_greatest(&small[rows])?;
                Some((W::widen(least, *base), W::widen(greatest, *base)))
            }
        }
    }

    /// The same in as few bits as they fit.
    pub(crate) fn pack(self) -> Self {
        match &self {
            Self::Wide(values) => Self::narrow_all(values).unwrap_or(self),
            Self::Narrow(..) => self,
        }
    }

    /// The values of some rows, in an order, in as few bits as they fit.
    pub(crate) fn take(&self, order: &[u32]) -> Self {
        match self {
            Self::Wide(values) => Self::gather(values, order),
            Self::Narrow(base, small) => Self::Narrow(*base, order.iter().map(|&row| small[row as usize]).collect()),
        }
    }

    /// All values as they are.
    pub(crate) fn to_wide(&self) -> Vec<W::Value> {
        let mut to = Vec::with_capacity(self.len());
        self.append(0..self.len(), &mut to);
        to
    }

    /// All values as they are.
    pub(crate) fn into_wide(self) -> Vec<W::Value> {
        match self {
            Self::Wide(values) => values,
            Self::Narrow(base, small) => small.into_iter().map(|small| W::widen(small, base)).collect(),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Wide(values) => values.len(),
            Self::Narrow(_, small) => small.len(),
        }
    }

    /// What they take in memory.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Wide(values) => size_of_val(values.as_slice()),
            Self::Narrow(_, small) => size_of_val(small.as_slice()),
        }
    }

    /// Give the memory of some rows back; they are not read again.
    pub(crate) fn release(&mut self, rows: Range<usize>) {
        match self {
            Self::Wide(values) => runtime::release(&mut values[rows]),
            Self::Narrow(_, small) => runtime::release(&mut small[rows]),
        }
    }
}

/// So many values tell of most columns whether all fit.
const SAMPLE: usize = 64;

/// Whether the first of some values fit.
fn fits<W: Width>(base: W::Base, values: impl Iterator<Item = W::Value>) -> bool {
    values.take(SAMPLE).all(|value| W::shrink(value, base).1)
}

/// The least and the greatest of some values: each by a pass of its own, which takes many at once.
fn least_and_greatest<T: Ord + Copy>(values: &[T]) -> Option<(T, T)> {
    let least = values.iter().min()?;
    Some((*least, *values.iter().max()?))
}

impl<W: Width> Column for Packed<W> {
    type Value = W::Value;

    fn append(&self, rows: Range<usize>, to: &mut Vec<W::Value>) {
        match self {
            Self::Wide(values) => to.extend_from_slice(&values[rows]),
            Self::Narrow(base, small) => to.extend(small[rows].iter().map(|&small| W::widen(small, *base))),
        }
    }

    fn scatter(&self, rows: Range<usize>, places: &[u32], to: &mut [W::Value]) {
        match self {
            Self::Wide(values) => {
                for (&value, &place) in values[rows].iter().zip(places) {
                    to[place as usize] = value;
                }
            }
            Self::Narrow(base, small) => {
                for (&small, &place) in small[rows].iter().zip(places) {
                    to[place as usize] = W::widen(small, *base);
                }
            }
        }
    }

    fn prefetch(&self, rows: Range<usize>) {
        match self {
            Self::Wide(values) => prefetch(&values[rows]),
            Self::Narrow(_, small) => prefetch(&small[rows]),
        }
    }
}

impl<T: Copy + Default> Column for Vec<T> {
    type Value = T;

    fn append(&self, rows: Range<usize>, to: &mut Vec<T>) {
        to.extend_from_slice(&self[rows]);
    }

    fn scatter(&self, rows: Range<usize>, places: &[u32], to: &mut [T]) {
        for (&value, &place) in self[rows].iter().zip(places) {
            to[place as usize] = value;
        }
    }

    fn prefetch(&self, rows: Range<usize>) {
        prefetch(&self[rows]);
    }
}
