//! Partial state that can be shipped: with what it was computed from, and for whom. It refuses a customer that it has
//! seen, and a state of another analysis, other options or other data.

use std::sync::Arc;

use crate::columns::{Keys, hash_bits, hash_bytes};
use crate::error::{Error, Result};
use crate::log::{Facts, Population, View, Window};
use crate::money::MoneyUnit;
use crate::runtime::Task;

use super::codec::{Decoder, Encoder};
use super::context::Context;
use super::driver::fold_all;
use super::{Analysis, State};
use crate::params::{FromParams, Params};

const MAGIC: &[u8; 8] = b"FOOTFALL";
/// The version of the envelope itself.
const FORMAT: u16 = 1;
/// Magic, format, length and checksum of what follows.
const HEAD: usize = 8 + 2 + 8 + 4;

/// What a state was computed from.
#[derive(Debug, Clone, PartialEq)]
struct Origin {
    name: String,
    version: u16,
    params: Params,
    zone: Option<String>,
    unit: MoneyUnit,
    window: Window,
    range: Option<(i64, i64)>,
}

/// The state of an analysis, of some customers.
#[derive(Debug)]
pub struct Partial<'v, A: Analysis> {
    analysis: A,
    view: &'v View,
    origin: Origin,
    /// Hashes of the keys of its customers, sorted.
    covered: Vec<u64>,
    /// The keys, where the state has a row per customer.
    chunks: Vec<Arc<Keys>>,
    state: A::State,
}

impl<'v, A: Analysis> Partial<'v, A> {
    /// The state of no customer.
    ///
    /// # Errors
    /// If the parameters are none of the analysis.
    pub fn empty(params: &Params, view: &'v View) -> Result<Self> {
        let analysis = A::plan(A::Options::from_params(params)?, view)?;
        let facts = view.facts();
        Ok(Self {
            origin: Origin {
                name: A::NAME.into(),
                version: A::VERSION,
                params: params.clone(),
                zone: facts.zone.name().map(String::from),
                unit: facts.unit,
                window: view.window,
                range: facts.range,
            },
            covered: Vec::new(),
            chunks: Vec::new(),
            state: analysis.start(),
            analysis,
            view,
        })
    }

    /// The state of the customers of a log.
    ///
    /// # Errors
    /// If the parameters are none of the analysis, or the caller asked to stop.
    pub fn of_log(params: &Params, view: &'v View, task: &Task) -> Result<Self> {
        let mut to = Self::empty(params, view)?;
        to.state = fold_all(&to.analysis, &view.log, task)?;
        let chunks = view.log.population.chunks();
        to.covered = covered(chunks);
        if A::PER_CUSTOMER {
            to.chunks = chunks.to_vec();
        }
        Ok(to)
    }

    /// Add the state of other customers.
    ///
    /// # Errors
    /// If a customer is in both, or the two were computed from different things.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        self.origin.check(&other.origin)?;
        self.covered = joined(&self.covered, &other.covered)?;
        self.chunks.extend(other.chunks);
        self.state.merge(other.state)
    }

    /// The state as bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut body = Encoder::new(Vec::new());
        self.origin.encode(&mut body);
        body.list(&self.covered, |to, hash| to.u64(*hash));
        body.list(&self.chunks, |to, keys| to.keys(keys));
        let mut state = Encoder::new(self.analysis.categories(self.view.facts()));
        self.state.encode(&mut state);
        state.finish(&mut body);
        let body = body.into_bytes();
        let mut bytes = Vec::with_capacity(HEAD + body.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// The state that bytes hold, of the analysis that the parameters name and the data that the view knows.
    ///
    /// # Errors
    /// If the bytes are damaged, of another format, analysis, version or options, or of other data.
    pub fn decode(params: &Params, view: &'v View, bytes: &[u8]) -> Result<Self> {
        let mut to = Self::empty(params, view)?;
        let mut from = Decoder::new(verified(bytes)?);
        to.origin.check(&Origin::decode(&mut from)?)?;
        to.covered = from.list(Decoder::u64)?;
        to.chunks = from.list(|from| from.keys().map(Arc::new))?;
        from.dictionaries(&to.analysis.categories(view.facts()))?;
        to.state = A::State::decode(&mut from)?;
        if !from.is_empty() {
            return Err(Error::State("bytes are left behind the state".into()));
        }
        Ok(to)
    }

    /// What the state of all customers says.
    ///
    /// # Errors
    /// If the caller asked to stop, or a table cannot be built.
    pub fn finish(self, task: &Task) -> Result<A::Output> {
        let facts: &Facts = self.view.facts();
        let population = Population::new(facts.key.clone(), self.chunks);
        let context = Context {
            facts,
            population: &population,
            task,
        };
        self.analysis.finish(self.state, &context)
    }
}

impl Origin {
    fn encode(&self, to: &mut Encoder<'_>) {
        to.text(&self.name);
        to.u16(self.version);
        to.params(&self.params);
        to.u8(u8::from(self.zone.is_some()));
        to.text(self.zone.as_deref().unwrap_or_default());
        to.u16(match self.unit {
            MoneyUnit::Float => u16::MAX,
            MoneyUnit::Decimal(scale) => scale.into(),
        });
        to.opt_i64(self.window.start);
        to.opt_i64(self.window.end);
        to.opt_i64(self.range.map(|range| range.0));
        to.opt_i64(self.range.map(|range| range.1));
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let (name, version, params) = (from.text()?, from.u16()?, from.params()?);
        let (zoned, zone) = (from.u8()? == 1, from.text()?);
        let unit = match from.u16()? {
            u16::MAX => MoneyUnit::Float,
            scale => MoneyUnit::Decimal(u8::try_from(scale).unwrap_or(u8::MAX)),
        };
        Ok(Self {
            name,
            version,
            params,
            zone: zoned.then_some(zone),
            unit,
            window: Window {
                start: from.opt_i64()?,
                end: from.opt_i64()?,
            },
            range: from.opt_i64()?.zip(from.opt_i64()?),
        })
    }

    /// Refuse what was computed from something else, by name.
    fn check(&self, other: &Self) -> Result<()> {
        let differs = |what: &str, ours: &dyn std::fmt::Debug, theirs: &dyn std::fmt::Debug| {
            Err(Error::State(format!(
                "the states are of different {what}, {ours:?} and {theirs:?}: compute both in one way"
            )))
        };
        if self.name != other.name {
            return differs("analyses", &self.name, &other.name);
        }
        if self.version != other.version {
            return differs("versions of one analysis", &self.version, &other.version);
        }
        for (name, ours) in &self.params.0 {
            let theirs = other.params.0.get(name);
            if theirs != Some(ours) {
                return differs(&format!("{name}="), ours, &theirs);
            }
        }
        if self.params != other.params {
            return differs("options", &self.params, &other.params);
        }
        if self.zone != other.zone {
            return differs("time zones", &self.zone, &other.zone);
        }
        if self.unit != other.unit {
            return differs("units of money", &self.unit, &other.unit);
        }
        if (self.window, self.range) != (other.window, other.range) {
            return differs("periods", &(self.window, self.range), &(other.window, other.range));
        }
        Ok(())
    }
}

/// The bytes behind the head, once their length and checksum are right.
fn verified(bytes: &[u8]) -> Result<&[u8]> {
    let damaged = || Error::State("the state is damaged (its length or checksum is another): compute it again".into());
    if bytes.len() < HEAD || &bytes[..8] != MAGIC {
        return Err(Error::State("these bytes are no state of footfall".into()));
    }
    let mut head = Decoder::new(&bytes[8..HEAD]);
    let (format, length, sum) = (head.u16()?, head.u64()?, head.u32()?);
    if format != FORMAT {
        return Err(Error::State(format!(
            "the state has the format {format}, and this version reads {FORMAT}: compute it again"
        )));
    }
    let body = &bytes[HEAD..];
    if body.len() as u64 != length || crc32fast::hash(body) != sum {
        return Err(damaged());
    }
    Ok(body)
}

/// Hashes of the keys of customers, sorted.
fn covered(chunks: &[Arc<Keys>]) -> Vec<u64> {
    let hash = |keys: &Keys, at: usize| match keys {
        Keys::Bits(bits) => hash_bits(bits[at]),
        Keys::Bytes(bytes) => hash_bytes(bytes.get(at)),
    };
    let each = chunks
        .iter()
        .flat_map(|keys| (0..keys.len()).map(move |at| hash(keys, at)));
    let mut all: Vec<u64> = each.collect();
    all.sort_unstable();
    all
}

/// Two sorted lists as one, of which no item is in both.
fn joined(ours: &[u64], theirs: &[u64]) -> Result<Vec<u64>> {
    let mut all = [ours, theirs].concat();
    all.sort_unstable();
    match all.windows(2).filter(|pair| pair[0] == pair[1]).count() {
        0 => Ok(all),
        twice => Err(Error::State(format!(
            "{twice} customers are in both states: a state holds whole customers, so split the rows by customer"
        ))),
    }
}
