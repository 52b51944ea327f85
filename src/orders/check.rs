//! Checks on the refunds of a log.

use crate::columns::NONE;
use crate::error::{Error, Result};
use crate::log::{Log, OrderIx, Partition};
use crate::runtime::Task;

/// Refuse refunds that are written as positive amounts.
///
/// # Errors
/// If a row names the order that it refunds and has a positive amount.
pub fn check_refunds(log: &Log, task: &Task) -> Result<()> {
    let Some(OrderIx(role)) = log.facts.index.refund_of else {
        return Ok(());
    };
    let positive = |partition: &Partition| {
        let named = partition.ids[role]
            .iter()
            .enumerate()
            .filter(|(_, order)| **order != NONE);
        named
            .filter(|(row, _)| partition.amount.as_ref().is_some_and(|amount| amount.exact(*row) > 0))
            .count()
    };
    let counts = log.scan(task, |_, partition| Ok(positive(partition)))?;
    let guests = log.guests()?.map_or(0, |guests| positive(&guests));
    match counts.into_iter().sum::<usize>() + guests {
        0 => Ok(()),
        count => Err(Error::Data(format!(
            "refund_of={:?}: {count} rows name the order that they refund and have a positive amount; \
             write refunds as negative amounts",
            log.facts.roles.ids[role].1
        ))),
    }
}
