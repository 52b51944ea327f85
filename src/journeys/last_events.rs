//! The last event of each customer: what it was, when, and the last value that one had.

use crate::analysis::{Analysis, Context, Customer, Decoder, Encoder, Outcome, PartitionView, State};
use crate::columns::{Columns, NONE};
use crate::error::Result;
use crate::log::{Category, CustomerIndex, Facts, View};
use crate::params::options;

options! {
    /// What is asked for.
    pub struct LastEventOptions {
        /// The number of which the last is kept, by its role or column.
        pub value: Option<String>,
    }
}

/// Last events.
#[derive(Debug)]
pub struct LastEvents {
    event: usize,
    value: Option<usize>,
    /// Which rows count.
    window: (i64, i64),
}

/// The last event of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LastEvent {
    /// Whose, by its customer in the chunk.
    customer: u32,
    time: i64,
    code: u32,
    events: u64,
    /// Not-a-number where no event has one.
    value: f64,
}

/// The last events of some customers, chunk by chunk, each in the order of its customers.
#[derive(Debug, Default)]
pub struct LastEventState(Vec<Vec<LastEvent>>);

impl State for LastEventState {
    fn merge(&mut self, mut other: Self) -> Result<()> {
        self.0.append(&mut other.0);
        Ok(())
    }

    fn encode(&self, to: &mut Encoder<'_>) {
        to.list(&self.0, |to, chunk| {
            to.list(chunk, |to, last| {
                to.u32(last.customer);
                to.i64(last.time);
                to.code(0, last.code);
                to.u64(last.events);
                to.f64(last.value);
            });
        });
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let last = |from: &mut Decoder<'_>| {
            Ok(LastEvent {
                customer: from.u32()?,
                time: from.i64()?,
                code: from.code(0)?,
                events: from.u64()?,
                value: from.f64()?,
            })
        };
        Ok(Self(from.list(|from| from.list(last))?))
    }
}

impl Analysis for LastEvents {
    const NAME: &'static str = "last_events";
    const PER_CUSTOMER: bool = true;

    type Options = LastEventOptions;
    type State = LastEventState;
    type Rows = ();
    type Scratch<'a> = Vec<LastEvent>;
    type Output = Outcome;

    fn plan(options: LastEventOptions, view: &View) -> Result<Self> {
        Ok(Self {
            event: view.event()?,
            value: options.value.map(|name| view.number(&name)).transpose()?,
            window: view.window.bounds(),
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        vec![Some(&facts.categories[self.event])]
    }

    fn start(&self) -> LastEventState {
        LastEventState::default()
    }

    fn scratch<'a>(&'a self, _: &PartitionView<'a>) -> Vec<LastEvent> {
        Vec::new()
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        found: &mut Vec<LastEvent>,
        _: &mut LastEventState,
        _: Option<&mut ()>,
    ) -> Result<()> {
        found.extend(self.last(customer));
        Ok(())
    }

    fn end_partition(&self, found: Vec<LastEvent>, state: &mut LastEventState) {
        state.0.push(found);
    }

    fn finish(&self, state: LastEventState, context: &Context<'_>) -> Result<Outcome> {
        let rows = sorted_by_key(&state, context)?;
        let (facts, each) = (context.facts, || rows.iter().map(|row| row.1));
        let mut columns = Columns::default();
        columns.push(
            context
                .population
                .keys(&rows.iter().map(|row| row.0).collect::<Vec<_>>())?,
        );
        columns.category("event", &facts.categories[self.event], each().map(|last| last.code))?;
        columns.maybe_times("time", each().map(|last| Some(last.time)), &facts.zone);
        columns.ints("events", each().map(|last| last.events.cast_signed()));
        if self.value.is_some() {
            let value = |last: &LastEvent| (!last.value.is_nan()).then_some(last.value);
            columns.maybe_floats("value", each().map(value));
        }
        Ok(Outcome::table(columns.finish()?))
    }
}

impl LastEvents {
    /// The last event of a customer, if it has one. Of several at one instant it is that whose name comes last, and the
    /// value that is largest, so that the order of rows does not matter.
    fn last(&self, customer: &Customer<'_>) -> Option<LastEvent> {
        let partition = customer.partition;
        let codes = &partition.labels[self.event];
        let (mut found, mut valued) = (None, i64::MIN);
        for row in customer.rows() {
            let (time, code) = (partition.time[row], codes[row]);
            if code == NONE || !(self.window.0..self.window.1).contains(&time) {
                continue;
            }
            let last = found.get_or_insert(LastEvent {
                customer: customer.index.1,
                time,
                code,
                events: 0,
                value: f64::NAN,
            });
            last.events += 1;
            (last.time, last.code) = (last.time, last.code).max((time, code));
            let value = self.value.map_or(f64::NAN, |at| partition.numbers[at][row]);
            let later = last.value.is_nan() || time.cmp(&valued).then(value.total_cmp(&last.value)).is_gt();
            if !value.is_nan() && later {
                (valued, last.value) = (time, value);
            }
        }
        found
    }
}

/// The last events in the order of the keys.
fn sorted_by_key<'a>(state: &'a LastEventState, context: &Context<'_>) -> Result<Vec<(CustomerIndex, &'a LastEvent)>> {
    context
        .population
        .in_key_order(&state.0, |last| last.customer, context.task)
}
