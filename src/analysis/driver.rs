//! The driver: folds the partitions of a log on all threads and merges their states in the order of the partitions.

use arrow::array::RecordBatch;

use crate::error::{Error, Result};
use crate::log::{GUESTS, Log};
use crate::runtime::{self, Task};

use super::context::Context;
use super::customer::PartitionView;
use super::{Analysis, State};

/// What a customer takes in a result of one row each, at least.
const CUSTOMER_BYTES: usize = 64;

/// The state of a log.
///
/// # Errors
/// If the caller asked to stop, or a partition cannot be read.
pub fn fold_all<A: Analysis>(analysis: &A, log: &Log, task: &Task) -> Result<A::State> {
    check_buyers::<A>(log)?;
    let mut state = merged(
        analysis,
        log.each(task, |number| state_of(analysis, log, number))?,
        task,
    )?;
    if A::COUNTS_GUESTS {
        state.merge(fold_guests(analysis, log)?)?;
    }
    Ok(state)
}

/// The state of a partition; its rows are not looked at where totals say all.
fn state_of<A: Analysis>(analysis: &A, log: &Log, number: u32) -> Result<A::State> {
    let totals = log.totals(number as usize)?;
    let found = totals.as_ref();
    if let Some(state) = found.and_then(|totals| analysis.fold_totals(totals)) {
        return Ok(state);
    }
    let partition = log.partition(number as usize)?;
    let part = PartitionView {
        partition: &partition,
        facts: &log.facts,
        totals: found,
        number,
    };
    let mut state = analysis.start();
    analysis.fold_partition(&part, &mut state, None)?;
    Ok(state)
}

/// The state of the orders that have no customer.
///
/// # Errors
/// If they cannot be read.
pub fn fold_guests<A: Analysis>(analysis: &A, log: &Log) -> Result<A::State> {
    let mut state = analysis.start();
    if let Some(partition) = log.guests()? {
        let part = PartitionView {
            partition: &partition,
            facts: &log.facts,
            totals: None,
            number: GUESTS,
        };
        analysis.fold_partition(&part, &mut state, None)?;
    }
    Ok(state)
}

/// Refuse an analysis of customers where there are none.
fn check_buyers<A: Analysis>(log: &Log) -> Result<()> {
    if A::COUNTS_GUESTS || log.facts.roles.customer.is_some() {
        return Ok(());
    }
    Err(Error::Data(
        "this source has no buyers, so that nothing can be said of customers; sales() is possible. Join a table that \
         has them by the order number, or ask the platform for an export with buyers"
            .into(),
    ))
}

/// The state of a log, and the rows that it lists, partition by partition.
///
/// # Errors
/// If the caller asked to stop, or a partition cannot be read.
pub fn fold_with_rows<A: Analysis>(analysis: &A, log: &Log, task: &Task) -> Result<(A::State, Vec<A::Rows>)> {
    check_buyers::<A>(log)?;
    let parts = scan(log, task, |part| {
        let (mut state, mut rows) = (analysis.start(), A::Rows::default());
        analysis.fold_partition(part, &mut state, Some(&mut rows))?;
        Ok((state, rows))
    })?;
    let (states, rows) = parts.into_iter().unzip();
    Ok((merged(analysis, states, task)?, rows))
}

/// What an analysis finds in a log.
///
/// # Errors
/// If the caller asked to stop, or a table cannot be built.
pub fn run<A: Analysis>(analysis: &A, log: &Log, task: &Task) -> Result<A::Output> {
    analysis.finish(fold_to_finish(analysis, log, task)?, &Context::of_log(log, task))
}

/// The state of a log; what a finish will look at beside it is found meanwhile.
///
/// # Errors
/// If the caller asked to stop, a partition cannot be read, or there is no memory for the table of a finish.
pub fn fold_to_finish<A: Analysis>(analysis: &A, log: &Log, task: &Task) -> Result<A::State> {
    let state = if A::PER_CUSTOMER {
        // The order of the keys is found by one thread, while the others fold.
        let order = || log.population.sorted_by_key(task).map(drop);
        runtime::both(order, || fold_all(analysis, log, task))?.1
    } else {
        fold_all(analysis, log, task)?
    };
    runtime::reserve(log.population.len() * CUSTOMER_BYTES)?;
    Ok(state)
}

/// What an analysis finds in a log, and its rows.
///
/// # Errors
/// If the caller asked to stop, or a table cannot be built.
pub fn run_with_rows<A: Analysis>(analysis: &A, log: &Log, task: &Task) -> Result<(A::Output, RecordBatch)> {
    let (state, rows) = fold_with_rows(analysis, log, task)?;
    let context = Context::of_log(log, task);
    let rows = analysis.list(rows, &context)?;
    Ok((analysis.finish(state, &context)?, rows))
}

/// Something of each partition.
///
/// # Errors
/// If the caller asked to stop, or a partition cannot be read.
pub fn scan<T: Send>(log: &Log, task: &Task, of: impl Fn(&PartitionView<'_>) -> Result<T> + Sync) -> Result<Vec<T>> {
    log.scan(task, |number, partition| {
        of(&PartitionView {
            partition,
            facts: &log.facts,
            totals: log.totals(number as usize)?.as_ref(),
            number,
        })
    })
}

fn merged<A: Analysis>(analysis: &A, states: Vec<A::State>, task: &Task) -> Result<A::State> {
    let merged = runtime::reduce(states, task, |mut all, state| {
        all.merge(state)?;
        Ok(all)
    })?;
    Ok(merged.unwrap_or_else(|| analysis.start()))
}
