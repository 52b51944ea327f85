//! Rows as Arrow tables.

use arrow::array::RecordBatch;

use super::chance::real;
use super::day::month_start;
use super::generate::{OWN, Rows, Shop, ShopPlan};
use super::marketing::{SHARES, Totals, money};
use super::purchases::{A, ALPHA, B, GAMMA, NEVER as NEVER_BUY, P, Q, R};
use super::rows::{CareRow, EventRow, NEVER, NO, OrderRow};
use super::truth::{Planted, SIZES, Size};
use super::words;
use crate::columns::Columns;
use crate::error::Result;
use crate::runtime::{self, Task};
use crate::time::Zone;

/// All tables of a shop.
pub(super) fn build(rows: &Rows, plan: &ShopPlan, task: &Task) -> Result<Shop> {
    let parts = runtime::map(6, task, |table| match table {
        0 => customers(rows),
        1 => events(&rows.events),
        2 => orders(&rows.orders),
        3 => spend(&rows.totals, plan),
        4 => after_sales(&rows.care),
        _ => truth(&rows.totals, plan),
    })?;
    let mut parts = parts.into_iter();
    let mut next = || {
        parts
            .next()
            .ok_or_else(|| crate::error::Error::Data("a table is missing".into()))
    };
    Ok(Shop {
        customers: next()?,
        events: next()?,
        orders: next()?,
        spend: next()?,
        after_sales: next()?,
        truth: next()?,
    })
}

fn customers(rows: &Rows) -> Result<RecordBatch> {
    let mut columns = Columns::default();
    let people = || rows.customers.iter().map(|customer| &customer.person);
    columns.ints("customer", people().map(|person| i64::from(person.id)));
    columns.times("registered", people().map(|person| person.registered), &Zone::naive());
    columns.ints("age", people().map(|person| i64::from(person.age)));
    named(
        &mut columns,
        "gender",
        people().map(|person| person.gender),
        &words::GENDERS,
    )?;
    named(
        &mut columns,
        "region",
        people().map(|person| person.region),
        &words::REGIONS,
    )?;
    named(
        &mut columns,
        "city_tier",
        people().map(|person| person.city_tier),
        &words::CITY_TIERS,
    )?;
    named(
        &mut columns,
        "channel",
        people().map(|person| person.channel),
        &words::CHANNELS,
    )?;
    let levels = rows.customers.iter().map(|customer| u8::from(customer.plus));
    named(&mut columns, "level", levels, &words::LEVELS)?;
    columns.ints("points", rows.customers.iter().map(|customer| customer.points));
    columns.finish()
}

fn events(rows: &[EventRow]) -> Result<RecordBatch> {
    let mut columns = Columns::default();
    columns.maybe_ints("customer", rows.iter().map(|row| key(row.stamp.customer)));
    columns.maybe_times("time", rows.iter().map(|row| known(row.stamp.time)), &Zone::naive());
    named(
        &mut columns,
        "event",
        rows.iter().map(|row| row.event as u8),
        &words::EVENTS,
    )?;
    columns.maybe_ints("session", rows.iter().map(|row| own(row.stamp.customer, row.session)));
    named(
        &mut columns,
        "device",
        rows.iter().map(|row| row.device),
        &words::DEVICES,
    )?;
    named(
        &mut columns,
        "source",
        rows.iter().map(|row| row.source),
        &words::SOURCES,
    )?;
    named(
        &mut columns,
        "keyword",
        rows.iter().map(|row| row.keyword),
        &words::KEYWORDS,
    )?;
    columns.maybe_ints("product", rows.iter().map(|row| key(row.product)));
    columns.maybe_floats("value", rows.iter().map(|row| known(row.value).map(money)));
    columns.maybe_ints("shipping_fee", rows.iter().map(|row| small(row.fee)));
    columns.finish()
}

fn orders(rows: &[OrderRow]) -> Result<RecordBatch> {
    let mut columns = Columns::default();
    columns.maybe_ints("customer", rows.iter().map(|row| key(row.stamp.customer)));
    columns.maybe_times("time", rows.iter().map(|row| known(row.stamp.time)), &Zone::naive());
    columns.maybe_ints("order_id", rows.iter().map(|row| own(row.stamp.customer, row.order)));
    columns.maybe_ints("product", rows.iter().map(|row| key(row.product)));
    let category = |row: &OrderRow| super::person::place(row.product as usize / 1000 - 1);
    named(&mut columns, "category", rows.iter().map(category), &words::CATEGORIES)?;
    columns.ints("quantity", rows.iter().map(|row| row.quantity));
    columns.floats("price", rows.iter().map(|row| money(row.price)));
    columns.floats("discount", rows.iter().map(|row| money(row.discount)));
    columns.floats("amount", rows.iter().map(|row| money(row.amount)));
    columns.floats("margin", rows.iter().map(|row| money(row.margin)));
    named(
        &mut columns,
        "coupon",
        rows.iter().map(|row| row.coupon),
        &words::COUPONS,
    )?;
    columns.ints("shipping_fee", rows.iter().map(|row| i64::from(row.fee)));
    named(
        &mut columns,
        "payment",
        rows.iter().map(|row| row.payment),
        &words::PAYMENTS,
    )?;
    columns.maybe_ints("delivery_days", rows.iter().map(|row| small(row.delivery)));
    named(
        &mut columns,
        "status",
        rows.iter().map(|row| row.status as u8),
        &words::STATUSES,
    )?;
    let refund = |row: &OrderRow| {
        (row.refund_of > 0)
            .then(|| own(row.stamp.customer, row.refund_of))
            .flatten()
    };
    columns.maybe_ints("refund_of", rows.iter().map(refund));
    columns.finish()
}

fn after_sales(rows: &[CareRow]) -> Result<RecordBatch> {
    let mut columns = Columns::default();
    columns.ints("customer", rows.iter().map(|row| i64::from(row.stamp.customer)));
    columns.times("time", rows.iter().map(|row| row.stamp.time), &Zone::naive());
    columns.maybe_ints("order_id", rows.iter().map(|row| own(row.stamp.customer, row.order)));
    named(
        &mut columns,
        "kind",
        rows.iter().map(|row| row.kind as u8),
        &words::KINDS,
    )?;
    columns.maybe_ints("rating", rows.iter().map(|row| small(row.rating)));
    columns.finish()
}

fn spend(totals: &Totals, plan: &ShopPlan) -> Result<RecordBatch> {
    let rows = totals.spend(plan);
    let mut columns = Columns::default();
    columns.times("time", rows.iter().map(|row| month_start(row.month)), &Zone::naive());
    columns.texts(
        "channel",
        rows.iter()
            .map(|row| row.channel.map(|channel| words::CHANNELS[channel])),
    );
    let segment = |tier: Option<usize>| Some(tier.map_or("new", |tier| words::TIERS[tier]));
    columns.texts("segment", rows.iter().map(|row| segment(row.tier)));
    columns.floats("amount", rows.iter().map(|row| row.amount));
    columns.finish()
}

/// A line of the table of truths: truth, place, measure, size here, size where the truth is left out.
type Line = (Planted, &'static str, &'static str, f64, Option<f64>);

fn truth(totals: &Totals, plan: &ShopPlan) -> Result<RecordBatch> {
    let rows = [
        sizes(plan),
        tiers(totals),
        spend_shares(totals, plan),
        process(totals, plan),
    ]
    .concat();
    let mut columns = Columns::default();
    columns.texts("truth", rows.iter().map(|row| Some(row.0.code())));
    columns.texts("place", rows.iter().map(|row| Some(row.1)));
    columns.texts("measure", rows.iter().map(|row| Some(row.2)));
    columns.floats("size", rows.iter().map(|row| row.3));
    columns.maybe_floats("without", rows.iter().map(|row| row.4));
    columns.bools("planted", rows.iter().map(|row| !plan.without.contains(&row.0)));
    columns.finish()
}

fn sizes(plan: &ShopPlan) -> Vec<Line> {
    let line = |size: &Size| {
        (
            size.truth,
            size.place,
            size.measure,
            plan.size(*size),
            Some(size.healthy),
        )
    };
    SIZES.iter().map(line).collect()
}

fn tiers(totals: &Totals) -> Vec<Line> {
    let buyers = real(totals.buyers.iter().sum::<usize>().max(1));
    let measure = "share of buyers by true parameters, at the end";
    let line = |(tier, count): (&'static str, &usize)| (Planted::Tiers, tier, measure, real(*count) / buyers, None);
    words::TIERS.into_iter().zip(&totals.buyers).map(line).collect()
}

fn spend_shares(totals: &Totals, plan: &ShopPlan) -> Vec<Line> {
    let measure = "share of the spend on customers";
    let line = |(tier, planted): (usize, &f64)| {
        let healthy = totals.sales_share(tier);
        let size = if plan.without.contains(&Planted::SpendByTier) {
            healthy
        } else {
            *planted
        };
        (Planted::SpendByTier, words::TIERS[tier], measure, size, Some(healthy))
    };
    SHARES.iter().enumerate().map(line).collect()
}

fn process(totals: &Totals, plan: &ShopPlan) -> Vec<Line> {
    let parameters = [
        ("r", R),
        ("alpha", ALPHA),
        ("a", A),
        ("b", B),
        ("p", P),
        ("q", Q),
        ("gamma", GAMMA),
    ];
    let measure = "parameter of MBG/NBD (days) or Gamma-Gamma";
    let line = |(name, size)| (Planted::PurchaseProcess, name, measure, size, None);
    let never = (
        Planted::PurchaseProcess,
        "registered customers",
        "share who never buy, were they watched without end",
        NEVER_BUY,
        None,
    );
    // Some of those who registered last would have bought after the end.
    let customers = real(usize::try_from(plan.customers).unwrap_or(usize::MAX));
    let until_the_end = (
        Planted::PurchaseProcess,
        "customers until the end",
        "share without a purchase",
        1.0 - real(totals.buyers.iter().sum::<usize>()) / customers,
        None,
    );
    let cycle = plan.cycle.map(|days| {
        let measure = "typical days from a purchase to the next, in place of r and alpha";
        (Planted::PurchaseProcess, "customers", measure, days, None)
    });
    let more = [never, until_the_end].into_iter().chain(cycle);
    parameters.into_iter().map(line).chain(more).collect()
}

/// A column of a few words; [`NO`] is null.
fn named(columns: &mut Columns, name: &str, places: impl Iterator<Item = u8>, words: &[&str]) -> Result<()> {
    let codes = places
        .map(|place| if place == NO { -1 } else { i32::from(place) })
        .collect();
    columns.words(name, codes, &words.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn key(number: u32) -> Option<i64> {
    (number > 0).then_some(i64::from(number))
}

fn known(value: i64) -> Option<i64> {
    (value != NEVER).then_some(value)
}

fn small(value: u8) -> Option<i64> {
    (value != NO).then_some(i64::from(value))
}

/// The id of something of a customer's; null where the customer is.
fn own(customer: u32, number: u32) -> Option<i64> {
    key(customer).map(|customer| customer * OWN + i64::from(number))
}
