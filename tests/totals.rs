//! Rows that are orders by themselves, or lines of orders: the totals that are found while rows wait say what the rows say,
//! in memory and in a file, whatever the keys, the widths of the columns and the period.

#![allow(clippy::unwrap_used)] // A test may stop.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
    TimestampMicrosecondArray,
};
use footfall::analysis::Outcome;
use footfall::columns::{Names, Stream};
use footfall::ingest::{Memory, Options, read_log};
use footfall::log::{Log, Roles, Scope, View, Window};
use footfall::orders::{Days, Refunds, Summary, SummaryPlan, order_quality, summarize, summarize_guests};
use footfall::params::Params;
use footfall::registry;
use footfall::runtime::Task;
use proptest::prelude::*;

const DAY: i64 = 86_400_000_000;

#[derive(Debug, Clone)]
struct Row {
    customer: Option<i64>,
    order: Option<i64>,
    time: Option<i64>,
    cents: i64,
    label: u8,
}

/// What the columns of a log hold.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Keys lie further apart than 32 bits hold, or are text, or are text of which one writes no number.
    keys: u8,
    /// Times have parts of a second; amounts have four places, or are decimals.
    odd_times: bool,
    amounts: u8,
    /// There are no order numbers, or they are as near, as far, or as much text as keys.
    orders: Option<u8>,
}

fn row() -> impl Strategy<Value = Row> {
    let few = prop::sample::select(vec![0i64, 700, -700]);
    let cents = prop_oneof![4 => 0i64..10_000, 1 => -5_000i64..0, 2 => few];
    let row = (
        prop::option::weighted(0.95, 0i64..12),
        prop::option::weighted(0.9, 0i64..6),
        prop::option::weighted(0.95, prop_oneof![0i64..40, Just(7)]),
        cents,
        0u8..3,
    );
    row.prop_map(|(customer, order, day, cents, label)| Row {
        customer,
        order,
        time: day.map(|day| day * DAY / 3),
        cents,
        label,
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    let orders = prop::option::of(0u8..4);
    (0u8..4, any::<bool>(), 0u8..4, orders).prop_map(|(keys, odd_times, amounts, orders)| Shape {
        keys,
        odd_times,
        amounts,
        orders,
    })
}

/// Keys or order numbers.
fn numbers(values: impl Iterator<Item = Option<i64>>, kind: u8) -> ArrayRef {
    let text = |value: i64| match value {
        3 if kind == 3 => "A 3".to_string(),
        other => other.to_string(),
    };
    match kind {
        0 => Arc::new(values.collect::<Int64Array>()),
        1 => Arc::new(
            values
                .map(|value| value.map(|value| value << 40))
                .collect::<Int64Array>(),
        ),
        _ => Arc::new(values.map(|value| value.map(text)).collect::<StringArray>()),
    }
}

fn batch(rows: &[Row], shape: Shape) -> RecordBatch {
    let customers = numbers(rows.iter().map(|row| row.customer), shape.keys);
    let orders = numbers(rows.iter().map(|row| row.order), shape.orders.unwrap_or_default());
    let time = |row: &Row| row.time.map(|time| time + i64::from(shape.odd_times) * 7);
    #[allow(clippy::cast_precision_loss)] // Small.
    let float = |row: &Row| match shape.amounts {
        0 => row.cents as f64 / 100.0,
        1 => row.cents as f64 / 10_000.0,
        _ => row.cents as f64 / 7.0,
    };
    let amounts: ArrayRef = if shape.amounts == 3 {
        let cents = rows.iter().map(|row| i128::from(row.cents) << (row.label * 20));
        let cents: Decimal128Array = cents.map(Some).collect();
        Arc::new(cents.with_precision_and_scale(38, 2).unwrap())
    } else {
        Arc::new(rows.iter().map(float).collect::<Float64Array>())
    };
    let label = |row: &Row| Some(["a", "b", "c"][row.label as usize]);
    RecordBatch::try_from_iter_with_nullable([
        ("customer", customers, true),
        ("number", orders, true),
        (
            "time",
            Arc::new(rows.iter().map(time).collect::<TimestampMicrosecondArray>()) as ArrayRef,
            true,
        ),
        ("amount", amounts, true),
        ("label", Arc::new(rows.iter().map(label).collect::<StringArray>()), true),
    ])
    .unwrap()
}

fn read(batch: &RecordBatch, shape: Shape, group: Option<usize>, limit: Option<u64>) -> Log {
    read_into(4, batch, shape, group, limit)
}

fn read_into(partitions: usize, batch: &RecordBatch, shape: Shape, group: Option<usize>, limit: Option<u64>) -> Log {
    let roles = Roles {
        customer: Some("customer".into()),
        time: "time".into(),
        amount: Some("amount".into()),
        ids: (shape.orders.iter())
            .map(|_| ("order_id".into(), "number".into()))
            .collect(),
        labels: vec![("category".into(), "label".into())],
        ..Roles::default()
    };
    let mut reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    let mut stream = Stream::open(&mut reader, &roles.all()).unwrap();
    let options = Options {
        names: Names::Text,
        partitions: Some(partitions),
        group,
        memory: Memory { limit, folder: None },
        ..Options::default()
    };
    read_log(&mut stream, roles, &options, &Task::default()).unwrap()
}

fn summary(log: &Log, scope: Scope, days: Days) -> Summary {
    let plan = SummaryPlan {
        scope,
        refunds: Refunds::Net,
        days,
    };
    let mut summary = summarize(log, &plan, &Task::default()).unwrap();
    for chunk in &mut summary.purchases {
        for of in Arc::make_mut(chunk).iter_mut() {
            of.days = 0;
        }
    }
    (summary.returned, summary.waiting) = (Vec::new(), Vec::new());
    summary
}

fn answers(log: Log, window: Window) -> (Vec<Outcome>, Outcome) {
    let task = Task::default();
    let view = View {
        window,
        ..View::new(Arc::new(log))
    };
    let rfm = Params::default()
        .with("refunds", "net")
        .with("frequency", "orders")
        .with("monetary", "total")
        .with("scores", 5i64)
        .with("weights", vec![1.0, 1.0, 1.0])
        .with("scheme", "grid")
        .with("language", "en");
    let sales = Params::default()
        .with("refunds", "net")
        .with("period", "week")
        .with("compare", "previous")
        .with("measure", "net");
    let outcomes = [("rfm", rfm), ("sales", sales)];
    let outcomes = outcomes.map(|(name, params)| registry::run(name, &params, &view, &task).unwrap());
    let plan = SummaryPlan {
        scope: view.scope(None, None).unwrap(),
        refunds: Refunds::Net,
        days: Days::Skip,
    };
    let guests = summarize_guests(&view.log, &plan).unwrap();
    let found = summarize(&view.log, &plan, &task).unwrap();
    let quality = order_quality(view.facts(), &found, Some(&guests), "period");
    (outcomes.to_vec(), quality)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn totals_are_what_the_rows_say(
        rows in prop::collection::vec(row(), 1..80),
        shape in shape(),
        group in prop::option::of(prop::sample::select(vec![1usize, 7, 30])),
        start in prop::option::of(0i64..14),
        length in prop::option::of(1i64..14),
    ) {
        let batch = batch(&rows, shape);
        let from = start.unwrap_or_default() * DAY;
        let window = Window { start: start.map(|_| from), end: length.map(|days| from + days * DAY) };
        let spilled = answers(read(&batch, shape, None, Some(0)), window);
        prop_assert_eq!(&answers(read(&batch, shape, group, None), window), &spilled);

        let log = read(&batch, shape, group, None);
        let scope = log.facts.scope(window, None, None).unwrap();
        let slow = summary(&log, scope, Days::Count);
        prop_assert_eq!(&summary(&log, scope, Days::Skip), &slow);
        // Before its rows were grouped it said the same, and so does one whose rows and totals wait in files.
        for limit in [None, Some(0)] {
            prop_assert_eq!(&summary(&read(&batch, shape, group, limit), scope, Days::Skip), &slow);
        }
    }

    #[test]
    fn rows_are_kept_whatever_their_width(rows in prop::collection::vec(row(), 1..80), shape in shape()) {
        let batch = batch(&rows, shape);
        let (here, away) = (read(&batch, shape, Some(9), None), read(&batch, shape, None, Some(0)));
        for at in 0..here.partitions() {
            prop_assert_eq!(here.partition(at).unwrap(), away.partition(at).unwrap());
        }
        let (here, away) = (here.guests().unwrap(), away.guests().unwrap());
        prop_assert_eq!(here, away);
    }
}

#[test]
#[allow(clippy::cast_possible_wrap)] // Small.
fn many_rows_of_one_partition_are_shared_among_threads() {
    const ROWS: usize = 1_300_000;
    let rows: Vec<Row> = (0..ROWS)
        .map(|row| Row {
            // The last customers are first seen late, and most rows are of one.
            customer: Some(if row % 10 < 7 {
                5
            } else {
                11 - row as i64 * 12 / ROWS as i64
            }),
            order: None,
            time: Some((row as i64 * 7_919 % 1_000) * DAY),
            cents: row as i64 % 97 - 3,
            label: 0,
        })
        .collect();
    let shape = Shape {
        keys: 0,
        odd_times: false,
        amounts: 0,
        orders: None,
    };
    let log = read_into(1, &batch(&rows, shape), shape, None, None);
    let scope = log.facts.scope(Window::default(), None, None).unwrap();
    let [fast, slow] = [Days::Skip, Days::Count].map(|days| summary(&log, scope, days));
    assert_eq!(fast, slow);
    let all: u32 = fast
        .purchases
        .iter()
        .flat_map(|chunk| chunk.iter())
        .map(|of| of.orders)
        .sum();
    assert_eq!(all as usize, rows.iter().filter(|row| row.cents >= 0).count());
}
