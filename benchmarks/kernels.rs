//! The kernels one by one, on a million rows in memory: `make bench-rust`. Bytes are those of the columns that a kernel
//! reads.
#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
    TimestampMicrosecondArray,
};
use divan::Bencher;
use divan::counter::BytesCount;
use footfall::columns::Stream;
use footfall::ingest::{Options, read_log};
use footfall::log::{Log, Roles, View, Window, duplicates};
use footfall::money::exact;
use footfall::orders::{Days, Refunds, SummaryPlan, summarize};
use footfall::params::{Params, Value};
use footfall::registry;
use footfall::runtime::Task;
use footfall::stats::Lorenz;

const ROWS: usize = 1_000_000;
const CUSTOMERS: u64 = 80_000;
const NAMES: [&str; 5] = ["view", "cart", "order", "pay", "help"];

fn main() {
    divan::main();
}

/// Numbers without a pattern, the same in each run (`SplitMix64`).
fn numbers(seed: u64) -> impl Iterator<Item = u64> {
    (seed..).map(|n: u64| {
        let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    })
}

fn key(number: u64) -> i64 {
    i64::try_from(number % CUSTOMERS).unwrap()
}

fn times() -> TimestampMicrosecondArray {
    let day = |n: u64| i64::try_from(n % (90 * 86_400_000_000)).unwrap() + 1_704_067_200_000_000;
    numbers(2).take(ROWS).map(|n| Some(day(n))).collect()
}

#[allow(clippy::cast_precision_loss)]
fn amounts() -> Float64Array {
    numbers(3)
        .take(ROWS)
        .map(|n| Some((n % 100_000) as f64 / 100.0))
        .collect()
}

fn batch(customer: ArrayRef) -> RecordBatch {
    let code = |n: u64| i32::try_from(n % 5).unwrap();
    let codes: Int32Array = numbers(4).take(ROWS).map(|n| Some(code(n))).collect();
    let events = DictionaryArray::new(codes, Arc::new(StringArray::from(NAMES.to_vec())));
    let columns: [(&str, ArrayRef); 4] = [
        ("customer", customer),
        ("time", Arc::new(times())),
        ("amount", Arc::new(amounts())),
        ("event", Arc::new(events)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn by_number() -> RecordBatch {
    batch(Arc::new(
        numbers(1).take(ROWS).map(|n| Some(key(n))).collect::<Int64Array>(),
    ))
}

fn by_name() -> RecordBatch {
    let name = |n| Some(format!("customer-{}", key(n)));
    batch(Arc::new(numbers(1).take(ROWS).map(name).collect::<StringArray>()))
}

fn roles(amount: Option<&str>, labels: &[(&str, &str)]) -> Roles {
    Roles {
        customer: Some("customer".into()),
        time: "time".into(),
        amount: amount.map(Into::into),
        labels: labels
            .iter()
            .map(|(role, name)| ((*role).into(), (*name).into()))
            .collect(),
        ..Roles::default()
    }
}

fn orders() -> Roles {
    roles(Some("amount"), &[])
}

fn events() -> Roles {
    roles(None, &[("event", "event")])
}

fn log(batch: &RecordBatch, roles: Roles) -> Log {
    let mut reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    let mut stream = Stream::open(&mut reader, &roles.all()).unwrap();
    read_log(&mut stream, roles, &Options::default(), &Task::default()).unwrap()
}

#[divan::bench]
fn group_orders_by_number(bencher: Bencher<'_, '_>) {
    let batch = by_number();
    bencher
        .counter(BytesCount::new(ROWS * 24))
        .bench_local(|| log(&batch, orders()));
}

#[divan::bench]
fn group_orders_by_name(bencher: Bencher<'_, '_>) {
    let batch = by_name();
    bencher
        .counter(BytesCount::new(ROWS * 30))
        .bench_local(|| log(&batch, orders()));
}

#[divan::bench]
fn group_events(bencher: Bencher<'_, '_>) {
    let batch = by_number();
    bencher
        .counter(BytesCount::new(ROWS * 20))
        .bench_local(|| log(&batch, events()));
}

/// An analysis of the registry, over a log that is there.
fn analysis(bencher: Bencher<'_, '_>, roles: Roles, bytes: usize, name: &str, params: &Params) {
    let view = View::new(Arc::new(log(&by_number(), roles)));
    bencher
        .counter(BytesCount::new(ROWS * bytes))
        .bench_local(|| registry::run(name, params, &view, &Task::default()).unwrap());
}

#[divan::bench(args = [Days::Skip, Days::Count])]
fn fold_purchases(bencher: Bencher<'_, '_>, days: Days) {
    let log = log(&by_number(), orders());
    let plan = SummaryPlan {
        scope: log.facts.scope(Window::default(), None, None).unwrap(),
        refunds: Refunds::Net,
        days,
    };
    bencher
        .counter(BytesCount::new(ROWS * 16))
        .bench_local(|| summarize(&log, &plan, &Task::default()).unwrap());
}

#[divan::bench]
fn score_customers(bencher: Bencher<'_, '_>) {
    let params = Params::default()
        .with("refunds", "net")
        .with("frequency", "orders")
        .with("monetary", "total")
        .with("scores", 5i64)
        .with("weights", vec![1.0, 1.0, 1.0])
        .with("scheme", "grid")
        .with("language", "en");
    analysis(bencher, orders(), 16, "rfm", &params);
}

/// Steps by name alone run straight from the columns; a condition takes each event's mask.
#[divan::bench(args = ["plain", "conditions"])]
fn follow_steps(bencher: Bencher<'_, '_>, steps: &str) {
    let condition = || Value::List(vec!["event".into(), "!=".into(), "help".into(), f64::NAN.into()]);
    let conditions = match steps {
        "plain" => Vec::new(),
        _ => vec![condition()],
    };
    let step = |name: &&str| {
        let events = Value::List(vec![(*name).into()]);
        Value::List(vec![(*name).into(), events, Value::List(conditions.clone())])
    };
    let params = Params::default()
        .with("steps", Value::List(NAMES[..4].iter().map(step).collect()))
        .with("window", 7 * 86_400_000_000i64)
        .with("mode", "ordered")
        .with("ties", "steps")
        .with("anchor", "earliest_longest")
        .with("follow_up", "any")
        .with("attribution", "first")
        .with("unit", "customer");
    analysis(bencher, events(), 12, "funnel", &params);
}

#[divan::bench]
fn count_sales(bencher: Bencher<'_, '_>) {
    let params = Params::default()
        .with("refunds", "net")
        .with("period", "week")
        .with("compare", "previous")
        .with("measure", "net");
    analysis(
        bencher,
        orders(),
        16,
        "sales",
        &params.with("by", Value::List(Vec::new())),
    );
}

#[divan::bench]
fn find_duplicates(bencher: Bencher<'_, '_>) {
    let log = log(&by_number(), orders());
    bencher
        .counter(BytesCount::new(ROWS * 16))
        .bench_local(|| duplicates(&log, &Task::default()).unwrap());
}

#[divan::bench]
fn add_exactly(bencher: Bencher<'_, '_>) {
    let values = amounts();
    bencher
        .counter(BytesCount::new(ROWS * 8))
        .bench_local(|| values.values().iter().map(|value| exact(*value)).sum::<i128>());
}

#[divan::bench]
fn share_revenue(bencher: Bencher<'_, '_>) {
    let values = amounts();
    bencher
        .counter(BytesCount::new(ROWS * 8))
        .bench_local(|| Lorenz::new(values.values().to_vec()));
}
