//! Customers who are overdue against their own times between purchases.

use arrow::array::RecordBatch;

use crate::analysis::Context;
use crate::columns::Columns;
use crate::error::Result;
use crate::log::CustomerIndex;
use crate::stats::median;

/// With fewer gaps the next one says nothing.
const FEWEST: usize = 3;

/// A customer who has not bought for longer than ever before between two purchases.
#[derive(Debug, Clone, Copy)]
pub struct Overdue {
    customer: CustomerIndex,
    /// The last purchase.
    last: i64,
    gaps: usize,
    longest: i64,
    median: f64,
    days: i64,
}

impl Overdue {
    /// Whether a customer with some purchases, in the order of time, is overdue on a day.
    #[allow(clippy::cast_precision_loss)] // Days lie far below 2⁵³.
    pub(super) fn of(customer: CustomerIndex, purchases: &[(i64, i64)], today: i64) -> Option<Self> {
        let (last, last_day) = *purchases.last()?;
        let mut gaps: Vec<f64> = purchases
            .windows(2)
            .map(|pair| (pair[1].1 - pair[0].1) as f64)
            .collect();
        let longest = purchases.windows(2).map(|pair| pair[1].1 - pair[0].1).max()?;
        let days = today - last_day;
        if gaps.len() < FEWEST || days <= longest {
            return None;
        }
        Some(Self {
            customer,
            last,
            gaps: gaps.len(),
            longest,
            median: median(&mut gaps)?,
            days,
        })
    }
}

/// One row per customer, in the order of the keys.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
pub(super) fn overdue_table(rows: &[Vec<Overdue>], context: &Context<'_>) -> Result<RecordBatch> {
    let all = context
        .population
        .in_key_order(rows, |overdue| overdue.customer.1, context.task)?;
    let each = || all.iter().map(|row| row.1);
    let mut columns = Columns::default();
    columns.push(
        context
            .population
            .keys(&each().map(|overdue| overdue.customer).collect::<Vec<_>>())?,
    );
    columns.times("last_order", each().map(|overdue| overdue.last), &context.facts.zone);
    columns.ints("days_since", each().map(|overdue| overdue.days));
    columns.ints(
        "gaps",
        each().map(|overdue| i64::try_from(overdue.gaps).unwrap_or(i64::MAX)),
    );
    columns.floats("median_gap", each().map(|overdue| overdue.median));
    columns.ints("longest_gap", each().map(|overdue| overdue.longest));
    // Where gaps come in no order, the next is the longest of all with this probability.
    columns.floats("chance", each().map(|overdue| 1.0 / (overdue.gaps as f64 + 1.0)));
    columns.finish()
}
