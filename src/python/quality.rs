//! Data quality: what became of every row, as a dict.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::log::{Count, Facts, RejectReason};
use crate::orders::Summary;

/// `beyond` names what cut the rows after the scope: "period" or "`as_of`".
pub(super) fn order_quality<'py>(
    py: Python<'py>,
    facts: &Facts,
    summary: &Summary,
    beyond: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let money = |count: &Count| facts.unit.to_f64(count.money);
    let mut left_out: Vec<(String, u64, f64)> = Vec::new();
    for (reason, count) in RejectReason::ALL.iter().zip(&facts.read_stats.left_out) {
        left_out.push((reason.name().into(), count.rows, money(count)));
    }
    for (name, count) in [
        ("refunds".to_string(), summary.dropped),
        ("before_lookback".into(), summary.unknown),
        ("before_period".into(), summary.before),
        (format!("after_{beyond}"), summary.after),
    ] {
        left_out.push((name, count.rows, money(&count)));
    }
    left_out.retain(|(_, rows, _)| *rows > 0);
    let out: u64 = left_out.iter().map(|(_, rows, _)| rows).sum();
    let purchases = || summary.purchases.iter().flatten();
    // Each row's money was counted in one place.
    let beside = [summary.dropped, summary.unknown, summary.before, summary.after];
    let counts = facts.read_stats.left_out.iter().chain(&beside).map(|count| count.money);
    let read = summary.money + counts.sum::<i128>();
    let missing: Vec<(&String, u64)> = facts
        .roles
        .numbers
        .iter()
        .map(|(role, _)| role)
        .zip(facts.read_stats.missing.iter().copied())
        .filter(|(_, n)| *n > 0)
        .collect();
    let to = PyDict::new(py);
    to.set_item("rows_read", facts.read_stats.read)?;
    to.set_item("rows_used", facts.read_stats.read - out)?;
    to.set_item("left_out", left_out)?;
    to.set_item("money_read", facts.unit.to_f64(read))?;
    to.set_item("customers", purchases().filter(|p| p.orders > 0).count())?;
    to.set_item("customers_without_purchase", summary.without_purchase)?;
    to.set_item("refund_orders", purchases().map(|p| u64::from(p.refunds)).sum::<u64>())?;
    to.set_item(
        "refund_amount",
        facts
            .unit
            .to_f64(-summary.refunded.iter().flatten().map(|of| of.1).sum::<i128>()),
    )?;
    to.set_item("refunds_unmatched", summary.unmatched)?;
    to.set_item("missing", missing)?;
    let range = facts.range;
    to.set_item("first", range.map(|(first, _)| facts.zone.local(first)))?;
    to.set_item("last", range.map(|(_, last)| facts.zone.local(last)))?;
    to.set_item("zone", facts.zone.name())?;
    Ok(to)
}

/// Of a log of events: customers with a row in the period, and the rows before and after it.
pub(super) fn event_quality<'py>(
    py: Python<'py>,
    facts: &Facts,
    customers: u64,
    before: u64,
    after: u64,
) -> PyResult<Bound<'py, PyDict>> {
    let read = RejectReason::ALL
        .iter()
        .zip(&facts.read_stats.left_out)
        .map(|(reason, count)| (reason.name(), count.rows));
    let mut left_out: Vec<(&str, u64)> = read
        .chain([("before_period", before), ("after_period", after)])
        .collect();
    left_out.retain(|(_, rows)| *rows > 0);
    let out: u64 = left_out.iter().map(|(_, rows)| rows).sum();
    let to = PyDict::new(py);
    to.set_item("rows_read", facts.read_stats.read)?;
    to.set_item("rows_used", facts.read_stats.read - out)?;
    to.set_item("left_out", left_out)?;
    to.set_item("customers", customers)?;
    let range = facts.range;
    to.set_item("first", range.map(|(first, _)| facts.zone.local(first)))?;
    to.set_item("last", range.map(|(_, last)| facts.zone.local(last)))?;
    to.set_item("zone", facts.zone.name())?;
    Ok(to)
}
