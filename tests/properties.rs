//! Same data, same bits: whatever the batches, the order of the rows, the partitions and the threads.

#![allow(clippy::unwrap_used, clippy::float_cmp)] // A test may stop, and what is exact is compared exactly.

use std::sync::{Arc, Mutex};

use arrow::array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
    TimestampMicrosecondArray,
};
use footfall::analysis::Outcome;
use footfall::columns::Stream;
use footfall::ingest::{Memory, Options, read_log};
use footfall::log::{Log, Nulls, Roles, View, Window, duplicates};
use footfall::orders::{Days, Refunds, SummaryPlan, summarize};
use footfall::params::{Params, Value};
use footfall::registry;
use footfall::runtime::{Task, set_threads};
use proptest::prelude::*;

/// The number of threads belongs to the process; tests that set it take turns.
static THREADS: Mutex<()> = Mutex::new(());

#[derive(Debug, Clone)]
struct Row {
    customer: Option<i64>,
    time: Option<i64>,
    amount: f64,
    order: Option<i64>,
    refund_of: Option<i64>,
    category: u8,
}

fn row() -> impl Strategy<Value = Row> {
    let amount = prop::sample::select(vec![0.1, 0.2, 0.3, -0.3, -0.1, 19.99, 0.0, 1e9 + 0.25, f64::NAN]);
    (
        prop::option::weighted(0.95, 0i64..9),
        prop::option::weighted(0.95, 0i64..40),
        amount,
        prop::option::of(0i64..6),
        prop::option::weighted(0.2, 0i64..6),
        0u8..3,
    )
        .prop_map(|(customer, day, amount, order, refund_of, category)| Row {
            customer,
            time: day.map(|day| day * 86_400_000_000 / 3),
            amount,
            order,
            refund_of: refund_of.filter(|_| amount < 0.0),
            category,
        })
}

fn batch(rows: &[Row]) -> RecordBatch {
    let columns: [(&str, ArrayRef); 6] = [
        (
            "customer",
            Arc::new(rows.iter().map(|row| row.customer).collect::<Int64Array>()),
        ),
        (
            "time",
            Arc::new(rows.iter().map(|row| row.time).collect::<TimestampMicrosecondArray>()),
        ),
        (
            "amount",
            Arc::new(rows.iter().map(|row| Some(row.amount)).collect::<Float64Array>()),
        ),
        (
            "order",
            Arc::new(rows.iter().map(|row| row.order).collect::<Int64Array>()),
        ),
        (
            "refund_of",
            Arc::new(rows.iter().map(|row| row.refund_of).collect::<Int64Array>()),
        ),
        (
            "category",
            Arc::new(
                rows.iter()
                    .map(|row| Some(["a", "b", "c"][row.category as usize]))
                    .collect::<StringArray>(),
            ),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
}

fn pair(role: &str, name: &str) -> (String, String) {
    (role.into(), name.into())
}

/// How a log is read, where nothing may depend on it.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    partitions: usize,
    group: Option<usize>,
    limit: Option<u64>,
}

fn read(batches: Vec<RecordBatch>, way: Way) -> Log {
    let schema = batches[0].schema();
    let roles = Roles {
        customer: Some("customer".into()),
        time: "time".into(),
        amount: Some("amount".into()),
        ids: vec![pair("order_id", "order"), pair("refund_of", "refund_of")],
        labels: vec![pair("category", "category")],
        ..Roles::default()
    };
    let mut reader = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
    let mut stream = Stream::open(&mut reader, &roles.all()).unwrap();
    let options = Options {
        partitions: Some(way.partitions),
        group: way.group,
        memory: Memory {
            limit: way.limit,
            folder: None,
        },
        ..Options::default()
    };
    read_log(&mut stream, roles, &options, &Task::default()).unwrap()
}

/// Everything that can be asked of orders, and what is kept of them.
fn answers(log: Log) -> (Vec<Outcome>, RecordBatch, String) {
    let task = Task::default();
    let view = View::new(Arc::new(log));
    let rfm = Params::default()
        .with("refunds", "net")
        .with("frequency", "days")
        .with("monetary", "mean")
        .with("scores", 5i64)
        .with("weights", vec![1.0, 2.0, 3.0])
        .with("scheme", "grid")
        .with("language", "en");
    let sales = Params::default()
        .with("refunds", "drop")
        .with("period", "week")
        .with(
            "by",
            Value::List(vec![Value::List(vec!["category".into(), "category".into()])]),
        )
        .with("compare", "previous")
        .with("measure", "net");
    let first = sales.clone().with("attribution", "first");
    let outcomes = [("rfm", rfm), ("sales", sales), ("sales", first)];
    let outcomes = outcomes.map(|(name, params)| registry::run(name, &params, &view, &task).unwrap());
    let summary = SummaryPlan {
        scope: view.scope(None, None).unwrap(),
        refunds: Refunds::Net,
        days: Days::Count,
    };
    let mut summary = summarize(&view.log, &summary, &task).unwrap();
    summary.purchases.clear();
    summary.refunded.clear();
    (
        outcomes.to_vec(),
        duplicates(&view.log, &task).unwrap(),
        format!("{summary:?} {:?}", view.facts().read_stats.read),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_same_rows_give_the_same_bits(
        rows in prop::collection::vec(row(), 0..60),
        cut in 0usize..60,
        partitions in prop::sample::select(vec![1usize, 2, 8, 64]),
        threads in 1usize..4,
        seed in any::<u64>(),
        group in prop::option::of(prop::sample::select(vec![1usize, 3, 20])),
        limit in prop::option::of(prop::sample::select(vec![0u64, 500, 4000])),
    ) {
        let way = Way { partitions, group, limit };
        let _turn = THREADS.lock().unwrap();
        set_threads(2);
        let expected = answers(read(vec![batch(&rows)], Way { partitions: 1, ..Way::default() }));
        set_threads(threads);
        let cut = cut.min(rows.len());
        prop_assert_eq!(&answers(read(vec![batch(&rows[..cut]), batch(&rows[cut..])], way)), &expected);
        let sliced = batch(&[&rows[..cut], &rows[..]].concat()).slice(cut, rows.len());
        prop_assert_eq!(&answers(read(vec![sliced], way)), &expected);
        let mut shuffled = rows.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(&answers(read(vec![batch(&shuffled)], way)), &expected);
    }

    #[test]
    fn every_row_is_used_or_counted(rows in prop::collection::vec(row(), 0..60)) {
        let log = read(vec![batch(&rows)], Way { partitions: 2, ..Way::default() });
        let kept: usize = (0..2).map(|at| log.partition(at).unwrap().time.len()).sum();
        let out: u64 = log.facts.read_stats.left_out.iter().map(|count| count.rows).sum();
        let guests = log.guests().unwrap().map_or(0, |guests| guests.time.len());
        prop_assert_eq!(log.facts.guests.rows, guests as u64);
        prop_assert_eq!((kept + guests) as u64 + out, rows.len() as u64);
    }
}

fn totals(amounts: ArrayRef) -> Vec<f64> {
    let rows = amounts.len();
    let batch = RecordBatch::try_from_iter([
        ("customer", Arc::new(Int64Array::from(vec![7; rows])) as ArrayRef),
        ("time", Arc::new(TimestampMicrosecondArray::from(vec![0; rows]))),
        ("amount", amounts),
    ])
    .unwrap();
    let roles = Roles {
        customer: Some("customer".into()),
        time: "time".into(),
        amount: Some("amount".into()),
        ..Roles::default()
    };
    let mut reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    let mut stream = Stream::open(&mut reader, &roles.all()).unwrap();
    let options = Options {
        nulls: Nulls::Raise,
        ..Options::default()
    };
    let log = read_log(&mut stream, roles, &options, &Task::default()).unwrap();
    let plan = SummaryPlan {
        scope: log.facts.scope(Window::default(), None, None).unwrap(),
        refunds: Refunds::Net,
        days: Days::Skip,
    };
    let summary = summarize(&log, &plan, &Task::default()).unwrap();
    summary
        .purchases
        .iter()
        .flat_map(|chunk| chunk.iter())
        .map(|purchases| log.facts.unit.to_f64(purchases.money))
        .collect()
}

#[test]
fn money_adds_exactly() {
    // Naive addition gives 0.6000000000000001, and 99999.99998630966 for ten million cents.
    assert_eq!(totals(Arc::new(Float64Array::from(vec![0.1, 0.2, 0.3]))), [0.6]);
    assert_eq!(totals(Arc::new(Float64Array::from(vec![0.3, 0.2, 0.1]))), [0.6]);
    assert_eq!(totals(Arc::new(Float64Array::from(vec![4e15, 0.3, -4e15]))), [0.3]);
    let cents = vec![0.01; 1_000_000];
    assert_eq!(totals(Arc::new(Float64Array::from(cents))), [10_000.0]);
    let decimals = Decimal128Array::from(vec![10, 20, 30])
        .with_precision_and_scale(10, 2)
        .unwrap();
    assert_eq!(totals(Arc::new(decimals)), [0.6]);
    assert_eq!(
        totals(Arc::new(Int64Array::from(vec![i64::MAX, 1, -2]))),
        [9_223_372_036_854_775_806.0]
    );
}
