//! Building blocks of states: sums, multisets, and groups with a state each.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use smallvec::SmallVec;

use crate::error::Result;
use crate::stats::ClusteredProportion;

use super::State;
use super::codec::{Decoder, Encoder};

/// The parts of a group, in the order of what an analysis is broken down by: codes of categories, and plain numbers such
/// as the index of a period. A few stand in place: there may be as many keys as cells of every partition.
pub type GroupKey = SmallVec<[i64; 3]>;

/// Groups in their order, with the state of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups<S>(BTreeMap<GroupKey, S>);

impl<S> Default for Groups<S> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<S: Default> Groups<S> {
    /// Change the state of a group; a key is made only where the group is new.
    pub fn update(&mut self, group: &[i64], change: impl FnOnce(&mut S)) {
        match self.0.get_mut(group) {
            Some(state) => change(state),
            None => change(self.0.entry(GroupKey::from_slice(group)).or_default()),
        }
    }
}

impl<S> Deref for Groups<S> {
    type Target = BTreeMap<GroupKey, S>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<S> DerefMut for Groups<S> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<S> FromIterator<(GroupKey, S)> for Groups<S> {
    fn from_iter<I: IntoIterator<Item = (GroupKey, S)>>(groups: I) -> Self {
        Self(groups.into_iter().collect())
    }
}

impl<S: State + Default> State for Groups<S> {
    fn merge(&mut self, other: Self) -> Result<()> {
        for (group, state) in other.0 {
            self.entry(group).or_default().merge(state)?;
        }
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.length(self.len());
        for (group, state) in &self.0 {
            to.group(group);
            state.encode(to);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let count = from.length()?;
        (0..count).map(|_| Ok((from.group()?, S::decode(from)?))).collect()
    }
}

/// Groups while a partition is folded: asked by slices, the group of the last question at no cost.
#[derive(Debug)]
pub(crate) struct FoldGroups<S> {
    places: HashMap<GroupKey, usize, FixedState>,
    groups: Vec<(GroupKey, S)>,
    last: usize,
}

impl<S> Default for FoldGroups<S> {
    fn default() -> Self {
        Self {
            places: HashMap::default(),
            groups: Vec::new(),
            last: 0,
        }
    }
}

impl<S: Default> FoldGroups<S> {
    /// The state of a group; a key is made only where the group is new.
    pub(crate) fn of(&mut self, group: &[i64]) -> &mut S {
        // Part by part: comparing empty slices by `memcmp` costs a fault of their dangling addresses on some processors.
        let same = |(key, _): &(GroupKey, S)| key.len() == group.len() && key.iter().eq(group);
        if !self.groups.get(self.last).is_some_and(same) {
            self.last = self.places.get(group).copied().unwrap_or_else(|| {
                let place = self.groups.len();
                self.places.insert(GroupKey::from_slice(group), place);
                self.groups.push((GroupKey::from_slice(group), S::default()));
                place
            });
        }
        &mut self.groups[self.last].1
    }
}

impl<S> IntoIterator for FoldGroups<S> {
    type Item = (GroupKey, S);
    type IntoIter = std::vec::IntoIter<(GroupKey, S)>;

    fn into_iter(self) -> Self::IntoIter {
        self.groups.into_iter()
    }
}

macro_rules! sums {
    ($($Type:ty => $name:ident,)*) => {$(
        impl State for $Type {
            fn merge(&mut self, other: Self) -> Result<()> {
                *self += other;
                Ok(())
            }

            fn encode(&self, to: &mut Encoder<'_>) {
                to.$name(*self);
            }

            fn decode(from: &mut Decoder<'_>) -> Result<Self> {
                from.$name()
            }
        }
    )*};
}

sums! {
    u64 => u64,
    i128 => i128,
}

impl<S: State, const N: usize> State for [S; N] {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.iter_mut()
            .zip(other)
            .try_for_each(|(ours, theirs)| ours.merge(theirs))
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        for state in self {
            state.encode(to);
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let all: Vec<S> = (0..N).map(|_| S::decode(from)).collect::<Result<_>>()?;
        all.try_into()
            .map_err(|_| crate::error::Error::Internal("an array of another length".into()))
    }
}

/// Numbers of which quantiles are asked, in no order: exact, at eight bytes each. Those of merged states stay where they
/// are, as growing one list copies it again and again.
#[derive(Debug, Clone, Default)]
pub struct Multiset(Vec<Vec<i64>>);

impl Multiset {
    /// Add a number.
    pub fn add(&mut self, value: i64) {
        match self.0.last_mut() {
            Some(values) => values.push(value),
            None => self.0.push(vec![value]),
        }
    }

    /// All numbers, in no order.
    #[must_use]
    pub fn into_values(mut self) -> Vec<i64> {
        match self.0.len() {
            0 | 1 => self.0.pop().unwrap_or_default(),
            _ => self.0.concat(),
        }
    }
}

impl FromIterator<i64> for Multiset {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Self {
        Self(vec![values.into_iter().collect()])
    }
}

impl State for Multiset {
    fn merge(&mut self, mut other: Self) -> Result<()> {
        self.0.append(&mut other.0);
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        let values: Vec<i64> = self.0.iter().flatten().copied().collect();
        to.list(&values, |to, value| to.i64(*value));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self(vec![from.list(Decoder::i64)?]))
    }
}

impl State for ClusteredProportion {
    fn merge(&mut self, other: Self) -> Result<()> {
        Self::merge(self, &other);
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        self.sums().encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self::from_sums(State::decode(from)?))
    }
}

/// The first and the last of some instants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Range(pub Option<(i64, i64)>);

impl Range {
    /// Add an instant.
    pub fn add(&mut self, at: i64) {
        let (first, last) = self.0.unwrap_or((at, at));
        self.0 = Some((first.min(at), last.max(at)));
    }
}

impl State for Range {
    fn merge(&mut self, other: Self) -> Result<()> {
        if let Some((first, last)) = other.0 {
            self.add(first);
            self.add(last);
        }
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.opt_i64(self.0.map(|range| range.0));
        to.opt_i64(self.0.map(|range| range.1));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self(from.opt_i64()?.zip(from.opt_i64()?)))
    }
}

/// A struct whose fields are states is one.
macro_rules! state_of_fields {
    ($Name:ident { $($field:ident),* $(,)? }) => {
        impl crate::analysis::State for $Name {
            fn merge(&mut self, other: Self) -> crate::error::Result<()> {
                $(crate::analysis::State::merge(&mut self.$field, other.$field)?;)*
                Ok(())
            }

            fn encode(&self, to: &mut crate::analysis::Encoder<'_>) {
                $(crate::analysis::State::encode(&self.$field, to);)*
            }

            fn decode(from: &mut crate::analysis::Decoder<'_>) -> crate::error::Result<Self> {
                Ok(Self { $($field: crate::analysis::State::decode(from)?,)* })
            }
        }
    };
}

pub(crate) use state_of_fields;
