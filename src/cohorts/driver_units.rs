//! The customers that say what goes with an outcome, and what is known of each.

use std::cmp::Ordering;

use crate::analysis::{Context, Decoder, Encoder, State};
use crate::error::Result;
use crate::log::CustomerIndex;

/// A customer at one order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DriverUnit {
    /// Whose, by its customer in the chunk.
    pub(super) customer: u32,
    /// When the order was.
    pub(super) time: i64,
    /// What came of it.
    pub(super) outcome: bool,
    /// Codes of categories.
    pub(super) labels: Vec<u32>,
    /// Numbers; not-a-number where one is not known.
    pub(super) numbers: Vec<f64>,
}

impl DriverUnit {
    /// The order of what is known of two units.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.iter().zip(&other.numbers).map(|(a, b)| a.total_cmp(b));
        self.labels
            .cmp(&other.labels)
            .then_with(|| numbers.fold(Ordering::Equal, Ordering::then))
    }
}

/// Customers by partition, in their order there; and how many say nothing: who ordered again too early, and who was not
/// followed for long enough.
#[derive(Debug, Default)]
pub struct DriverUnits {
    pub(super) units: Vec<Vec<DriverUnit>>,
    pub(super) left_out: [u64; 2],
}

impl DriverUnits {
    /// The units in the order of the keys.
    pub(super) fn sorted_by_key(&self, context: &Context<'_>) -> Result<Vec<(CustomerIndex, &DriverUnit)>> {
        context
            .population
            .in_key_order(&self.units, |unit| unit.customer, context.task)
    }
}

impl State for DriverUnits {
    fn merge(&mut self, mut other: Self) -> Result<()> {
        self.units.append(&mut other.units);
        self.left_out.merge(other.left_out)
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.list(&self.units, |to, chunk| {
            to.list(chunk, |to, unit| {
                to.u32(unit.customer);
                to.i64(unit.time);
                to.u8(u8::from(unit.outcome));
                to.length(unit.labels.len());
                for (position, code) in unit.labels.iter().enumerate() {
                    to.code(position, *code);
                }
                to.list(&unit.numbers, |to, number| to.f64(*number));
            });
        });
        self.left_out.encode(to);
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let unit = |from: &mut Decoder<'_>| {
            let (customer, time, outcome) = (from.u32()?, from.i64()?, from.u8()? == 1);
            let labels = from.length()?;
            Ok(DriverUnit {
                customer,
                time,
                outcome,
                labels: (0..labels).map(|position| from.code(position)).collect::<Result<_>>()?,
                numbers: from.list(Decoder::f64)?,
            })
        };
        Ok(Self {
            units: from.list(|from| from.list(unit))?,
            left_out: State::decode(from)?,
        })
    }
}
