//! One way to write an analysis: a plan, a fold over whole customers into a state that merges, and a finish.
//!
//! The cut is that of an accumulator in `DataFusion` (update, state, merge, evaluate) and of `-State`/`-Merge` in
//! `ClickHouse`; threads, spilled partitions, Ctrl-C and bytes are the driver's business.

mod codec;
mod context;
mod customer;
mod driver;
mod envelope;

mod outcome;
mod states;

pub use codec::{Decoder, Encoder};
pub use context::Context;
pub use customer::{Customer, PartitionView};
pub use driver::{fold_all, fold_guests, fold_to_finish, fold_with_rows, run, run_with_rows, scan};
pub use envelope::Partial;
pub use outcome::Outcome;
pub(crate) use states::{FoldGroups, state_of_fields};
pub use states::{GroupKey, Groups, Multiset, Range};

use crate::error::Result;
use crate::log::{Category, Facts, PartitionTotals, View};
use crate::params::FromParams;

/// A mergeable summary of whole customers: exact, and the same in whatever order it was merged.
pub trait State: Sized + Send {
    /// Add the state of other customers.
    ///
    /// # Errors
    /// If the two cannot be of one analysis.
    fn merge(&mut self, other: Self) -> Result<()>;

    /// Write it down. Codes of categories leave as values, through [`Encoder::code`] and [`Encoder::group`].
    fn encode(&self, to: &mut Encoder<'_>);

    /// Read it again; values of categories become codes of the dictionaries at hand.
    ///
    /// # Errors
    /// If the bytes do not hold such a state.
    fn decode(from: &mut Decoder<'_>) -> Result<Self>;
}

/// One analysis of customers.
pub trait Analysis: Sized + Sync {
    /// Its name, in the registry and in encoded states.
    const NAME: &'static str;
    /// The version of its state; it goes up when the encoding changes.
    const VERSION: u16 = 1;
    /// Whether its state has a row per customer, in the order of the [`Context::population`].
    const PER_CUSTOMER: bool = false;
    /// Whether it counts orders too that have no customer.
    const COUNTS_GUESTS: bool = false;

    /// What a caller asks for.
    type Options: FromParams;
    /// What merges.
    type State: State;
    /// What a fold lists beside its state, partition by partition, where that is asked for.
    type Rows: Default + Send;
    /// What a fold uses again from one customer to the next.
    type Scratch<'a>
    where
        Self: 'a;
    /// What it finds.
    type Output;

    /// Resolve names; refuse what has no meaning.
    ///
    /// # Errors
    /// If a name is unknown, or options contradict each other.
    fn plan(options: Self::Options, view: &View) -> Result<Self>;

    /// The dictionaries behind the codes in its state, by their position in a group key; `None` for what is no code.
    fn categories<'a>(&'a self, _facts: &'a Facts) -> Vec<Option<&'a Category>> {
        Vec::new()
    }

    /// The state of no customer.
    fn start(&self) -> Self::State;

    /// What the folds of a partition use again.
    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Self::Scratch<'a>;

    /// Add one customer.
    ///
    /// # Errors
    /// If its rows cannot be used.
    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Self::Scratch<'a>,
        state: &mut Self::State,
        rows: Option<&mut Self::Rows>,
    ) -> Result<()>;

    /// Add the customers of a partition; to be written again where it can be done column by column.
    ///
    /// # Errors
    /// If rows cannot be used.
    fn fold_partition<'a>(
        &'a self,
        part: &PartitionView<'a>,
        state: &mut Self::State,
        mut rows: Option<&mut Self::Rows>,
    ) -> Result<()> {
        let mut scratch = self.scratch(part);
        for customer in part.customers() {
            self.fold(&customer, &mut scratch, state, rows.as_deref_mut())?;
        }
        self.end_partition(scratch, state);
        Ok(())
    }

    /// Move what was counted in the scratch to the state.
    fn end_partition<'a>(&'a self, _scratch: Self::Scratch<'a>, _state: &mut Self::State) {}

    /// The state of the customers of a partition by their totals alone, where these say all that is asked for.
    fn fold_totals(&self, _totals: &PartitionTotals) -> Option<Self::State> {
        None
    }

    /// What the state of all customers says.
    ///
    /// # Errors
    /// If the caller asked to stop, or a table cannot be built.
    fn finish(&self, state: Self::State, context: &Context<'_>) -> Result<Self::Output>;

    /// The rows that a fold listed, as a table in the order of the keys.
    ///
    /// # Errors
    /// If the caller asked to stop, or the table cannot be built.
    fn list(&self, _rows: Vec<Self::Rows>, _context: &Context<'_>) -> Result<arrow::array::RecordBatch> {
        Err(crate::error::Error::Internal(format!("{} lists no rows", Self::NAME)))
    }
}
