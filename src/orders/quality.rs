//! Data quality: what became of every row, used or left out with its reason.

use crate::analysis::Outcome;
use crate::log::{Count, EventCounts, Facts, RejectReason};
use crate::params::Value;

use super::summary::Summary;

/// Of orders; `beyond` names what cut the rows after the scope: "period" or "`as_of`". Without a summary of the guests,
/// their rows are not used.
#[must_use]
pub fn order_quality(facts: &Facts, summary: &Summary, guests: Option<&Summary>, beyond: &str) -> Outcome {
    let nobody = Summary::default();
    let of_guests = guests.unwrap_or(&nobody);
    let both = |of: &dyn Fn(&Summary) -> Count| {
        let mut count = of(summary);
        count.merge(of(of_guests));
        count
    };
    let money = |count: &Count| facts.unit.to_f64(count.money);
    let read = RejectReason::ALL.iter().zip(&facts.read_stats.left_out);
    let mut left_out: Vec<(String, Count)> = read.map(|(reason, count)| (reason.name().into(), *count)).collect();
    left_out.extend([
        ("refunds".into(), both(&|of| of.dropped)),
        ("before_lookback".into(), both(&|of| of.unknown)),
        ("before_period".into(), both(&|of| of.before)),
        (format!("after_{beyond}"), both(&|of| of.after)),
    ]);
    if guests.is_none() {
        left_out.push(("guests".into(), facts.guests));
    }
    // Each row's money was counted in one place.
    let all = summary.money + of_guests.money + left_out.iter().map(|(_, count)| count.money).sum::<i128>();
    left_out.retain(|(_, count)| count.rows > 0);
    let listed = |(reason, count): &(String, Count)| {
        Value::List(vec![reason.as_str().into(), count.rows.into(), money(count).into()])
    };
    let purchases = || summary.purchases.iter().flat_map(|chunk| chunk.iter());
    let refunded = |of: &Summary| {
        of.refunded
            .iter()
            .flat_map(|chunk| chunk.iter())
            .map(|of| of.1)
            .sum::<i128>()
    };
    let of_nobody = || of_guests.purchases.iter().flat_map(|chunk| chunk.iter());
    let refunds = || purchases().chain(of_nobody()).map(|of| u64::from(of.refunds));
    with_range(facts, left_out.iter().map(|(_, count)| count.rows).sum())
        .with("left_out", Value::List(left_out.iter().map(listed).collect()))
        .with("money_read", facts.unit.to_f64(all))
        .with("customers", purchases().filter(|of| of.orders > 0).count() as u64)
        .with("customers_without_purchase", summary.without_purchase)
        .with("guest_orders", of_nobody().map(|of| u64::from(of.orders)).sum::<u64>())
        .with("guest_money", facts.unit.to_f64(of_guests.money))
        .with("refund_orders", refunds().sum::<u64>())
        .with(
            "refund_amount",
            facts.unit.to_f64(-refunded(summary) - refunded(of_guests)),
        )
        .with("refunds_unmatched", summary.unmatched + of_guests.unmatched)
        .with("amounts_as_decimals", facts.read_stats.floats[0])
        .with("amounts_as_floats", facts.read_stats.floats[1])
        .with("missing", missing(facts))
}

/// Of events, seen through a period.
#[must_use]
pub fn event_quality(facts: &Facts, counts: &EventCounts) -> Outcome {
    let read = RejectReason::ALL.iter().zip(&facts.read_stats.left_out);
    let mut left_out: Vec<(&str, u64)> = read.map(|(reason, count)| (reason.name(), count.rows)).collect();
    left_out.extend([("before_period", counts.before), ("after_period", counts.after)]);
    left_out.retain(|(_, rows)| *rows > 0);
    let listed = |(reason, rows): &(&str, u64)| Value::List(vec![(*reason).into(), (*rows).into()]);
    with_range(facts, left_out.iter().map(|(_, rows)| rows).sum())
        .with("left_out", Value::List(left_out.iter().map(listed).collect()))
        .with("customers", counts.customers)
        .with("without_session", facts.index.session.map(|_| counts.without_session))
        .with("tied", counts.tied)
        .with("missing", missing(facts))
}

/// By role of a number, the rows that have none.
fn missing(facts: &Facts) -> Value {
    let roles = facts.roles.numbers.iter().zip(&facts.read_stats.missing);
    // Without a refund nothing is missing.
    let some = roles.filter(|((role, _), rows)| **rows > 0 && role != "refunded");
    Value::List(
        some.map(|((role, _), rows)| Value::List(vec![role.as_str().into(), (*rows).into()]))
            .collect(),
    )
}

/// Rows read and used, and the wall clock of the first and the last that could be read.
fn with_range(facts: &Facts, left_out: u64) -> Outcome {
    let read = facts.read_stats.read;
    Outcome::default()
        .with("rows_read", read)
        .with("rows_used", read - left_out)
        .with("first", facts.range.map(|(first, _)| facts.zone.local(first)))
        .with("last", facts.range.map(|(_, last)| facts.zone.local(last)))
        .with("zone", facts.zone.name())
}
