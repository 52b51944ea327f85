//! Steps as a caller writes them, and the bits that an event earns.

use crate::columns::{NONE, Op, Scalar};
use crate::error::{Error, Result, THE_TABLE};
use crate::log::{CategoryIx, Facts, Partition};

/// A step: any of some events, under conditions.
#[derive(Debug, Clone)]
pub struct Step {
    /// The events that fill it.
    pub events: Vec<Scalar>,
    /// What must hold of the event: column, comparison, value.
    pub conditions: Vec<(String, Op, Scalar)>,
    /// Numbers are compared with this; a scalar holds whole numbers only.
    pub numbers: Vec<f64>,
}

/// Events that end a chain between two of its steps.
#[derive(Debug, Clone)]
pub struct Exclusion {
    /// The events, under conditions.
    pub events: Step,
    /// The step after which they count, counted from 0.
    pub after: usize,
    /// The step up to which they count.
    pub before: usize,
}

/// A condition, looked up.
#[derive(Debug, Clone)]
pub enum Test {
    /// By the code of a label.
    Category(usize, Vec<bool>),
    /// By a number.
    Number(usize, Op, f64),
}

/// The steps of a log: for each, which event codes fill it, and what else must hold.
#[derive(Debug, Clone)]
pub struct CompiledSteps {
    /// The steps that an event of each code fits, where no condition stands.
    plain: Vec<u64>,
    /// The steps with conditions.
    tested: Vec<ConditionalStep>,
    /// Events that ban chains from going on to some steps.
    excluded: Vec<ConditionalStep>,
    event: usize,
    steps: u32,
    /// Events that are named and do not occur.
    pub unknown: Vec<String>,
}

/// Bits that an event earns if it has one of some codes and passes all tests.
#[derive(Debug, Clone)]
struct ConditionalStep {
    bits: u64,
    codes: Vec<bool>,
    tests: Vec<Test>,
}

impl ConditionalStep {
    fn new(facts: &Facts, step: &Step, bits: u64, codes: Vec<bool>) -> Result<Self> {
        let conditions = step.conditions.iter().zip(&step.numbers);
        let tests = conditions.map(|(condition, number)| test(facts, condition, *number));
        Ok(Self {
            bits,
            codes,
            tests: tests.collect::<Result<_>>()?,
        })
    }

    fn bits(&self, partition: &Partition, code: usize, row: usize) -> u64 {
        let fits = self.codes[code] && self.tests.iter().all(|test| test.holds(partition, row));
        if fits { self.bits } else { 0 }
    }
}

/// Look steps up in a log.
///
/// # Errors
/// If a column is missing or cannot be compared.
pub fn compile(facts: &Facts, steps: &[Step], exclusions: &[Exclusion]) -> Result<CompiledSteps> {
    let Some(CategoryIx(event)) = facts.index.event else {
        return Err(Error::Argument("a funnel needs a log of events".into()));
    };
    let mut to = CompiledSteps {
        plain: vec![0; facts.categories[event].len()],
        tested: Vec::new(),
        excluded: Vec::new(),
        event,
        steps: u32::try_from(steps.len()).unwrap_or(u32::MAX),
        unknown: Vec::new(),
    };
    for (at, step) in steps.iter().enumerate() {
        let codes = to.codes(facts, step)?;
        let bit = 1 << at;
        if step.conditions.is_empty() {
            for (mask, fits) in to.plain.iter_mut().zip(codes) {
                *mask |= if fits { bit } else { 0 };
            }
        } else {
            to.tested.push(ConditionalStep::new(facts, step, bit, codes)?);
        }
    }
    for exclusion in exclusions {
        let codes = to.codes(facts, &exclusion.events)?;
        let bits = (exclusion.after + 1..=exclusion.before).fold(0, |bits, step| bits | 1 << step);
        to.excluded
            .push(ConditionalStep::new(facts, &exclusion.events, bits, codes)?);
    }
    Ok(to)
}

fn test(facts: &Facts, (name, op, value): &(String, Op, Scalar), number: f64) -> Result<Test> {
    let is = |(role, column): &(String, String)| role == name || column == name;
    if let Some(at) = facts.roles.numbers.iter().position(is) {
        if number.is_nan() {
            return Err(Error::Argument(format!(
                "where={name:?} is numeric; compare it with a number, not {value}"
            )));
        }
        return Ok(Test::Number(at, *op, number));
    }
    if let Some(at) = facts.roles.labels.iter().position(is) {
        if number.fract() != 0.0 && !number.is_nan() {
            return Err(Error::Argument(format!(
                "where={name:?} can be compared with whole numbers and text, not {number}"
            )));
        }
        return Ok(Test::Category(at, facts.categories[at].compared(*op, value)?));
    }
    let found = facts
        .roles
        .labels
        .iter()
        .chain(&facts.roles.numbers)
        .map(|(_, column)| column.clone())
        .collect();
    Err(Error::MissingColumn {
        role: "where".into(),
        table: THE_TABLE.into(),
        name: name.clone(),
        found,
    })
}

impl CompiledSteps {
    /// The step of each event code, counted from 0, where no event can fit two; the number of steps where it fits none.
    #[must_use]
    pub fn plain(&self) -> Option<Vec<u8>> {
        let one = |mask: &u64| mask & mask.wrapping_sub(1) == 0;
        let tested = !self.tested.is_empty() || !self.excluded.is_empty();
        if tested || !self.plain.iter().all(one) {
            return None;
        }
        let level = |mask: &u64| if *mask == 0 { self.steps } else { mask.trailing_zeros() };
        self.plain.iter().map(|mask| u8::try_from(level(mask)).ok()).collect()
    }

    /// Which label names the event.
    #[must_use]
    pub fn event(&self) -> usize {
        self.event
    }

    /// The steps that the event in a row fits.
    #[must_use]
    pub fn mask(&self, partition: &Partition, row: usize) -> u64 {
        let code = partition.labels[self.event][row] as usize;
        let bits = |mask, tested: &ConditionalStep| mask | tested.bits(partition, code, row);
        self.tested.iter().fold(self.plain[code], bits)
    }

    /// The steps that no chain comes to from before the event in a row.
    #[must_use]
    pub fn ban(&self, partition: &Partition, row: usize) -> u64 {
        let code = partition.labels[self.event][row] as usize;
        let bits = |ban, tested: &ConditionalStep| ban | tested.bits(partition, code, row);
        self.excluded.iter().fold(0, bits)
    }

    /// Whether there are events that end chains.
    #[must_use]
    pub fn excludes(&self) -> bool {
        !self.excluded.is_empty()
    }

    /// Which event codes a step names; what does not occur is noted.
    fn codes(&mut self, facts: &Facts, step: &Step) -> Result<Vec<bool>> {
        let label = &facts.categories[self.event];
        let mut codes = vec![false; label.len()];
        for name in &step.events {
            let found = label.compared(Op::Equal, name)?;
            if !found.contains(&true) {
                self.unknown.push(name.to_string());
            }
            for (code, found) in codes.iter_mut().zip(found) {
                *code |= found;
            }
        }
        Ok(codes)
    }
}

impl Test {
    /// A null never holds.
    fn holds(&self, partition: &Partition, row: usize) -> bool {
        match self {
            Self::Category(at, codes) => {
                let code = partition.labels[*at][row];
                code != NONE && codes[code as usize]
            }
            Self::Number(at, op, number) => {
                let value = partition.numbers[*at][row];
                !value.is_nan() && op.holds(value, *number)
            }
        }
    }
}
