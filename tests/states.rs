//! Every analysis of the registry: the states of a log that was split by customer, encoded, decoded and merged in any
//! order, say what the log says whole, bit for bit; damaged bytes are an error by name.

#![allow(clippy::unwrap_used, clippy::panic)] // A test may stop.

use std::sync::{Arc, Mutex};

use arrow::array::{
    ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray, TimestampMicrosecondArray,
};
use footfall::analysis::Outcome;
use footfall::columns::{Names, Stream, TimeOptions};
use footfall::error::Error;
use footfall::ingest::{Memory, Options, read_log};
use footfall::log::{AttributeTable, Log, Roles, View};
use footfall::params::{Params, Value};
use footfall::registry;
use footfall::runtime::{Task, set_threads};
use proptest::prelude::*;

/// The number of threads belongs to the process; tests that set it take turns.
static THREADS: Mutex<()> = Mutex::new(());

const EVENTS: [&str; 4] = ["view", "cart", "order", "pay"];
const HOUR: i64 = 3_600_000_000;

/// One row that serves as an event and as an order.
/// The customer whose rows have no key: of orders they are guests', of events they are left out.
const GUEST: i64 = 3;

#[derive(Debug, Clone)]
struct Row {
    customer: i64,
    time: i64,
    event: u8,
    device: Option<u8>,
    product: Option<u8>,
    session: Option<u8>,
    value: f64,
    order: Option<i64>,
}

fn row() -> impl Strategy<Value = Row> {
    (
        0i64..12,
        0i64..2_000,
        0u8..4,
        prop::option::weighted(0.8, 0u8..3),
        prop::option::weighted(0.8, 0u8..4),
        prop::option::weighted(0.8, 0u8..3),
        prop::sample::select(vec![0.1, 0.2, 0.3, -0.3, 19.99, f64::NAN, 1e9 + 0.25]),
        prop::option::of(0i64..5),
    )
        .prop_map(|(customer, hours, event, device, product, session, value, order)| Row {
            customer,
            time: hours * HOUR,
            event,
            device,
            product,
            session,
            value,
            // A line without a customer goes with its order, so that an order is in one log.
            order: order.map(|order| if customer == GUEST { order + 100 } else { order }),
        })
}

fn words<'a>(rows: &'a [Row], word: impl Fn(&Row) -> Option<String> + 'a) -> ArrayRef {
    Arc::new(rows.iter().map(word).collect::<StringArray>())
}

fn batch(rows: &[Row], text_keys: bool) -> RecordBatch {
    let named = |prefix: &'static str, code: Option<u8>| code.map(|code| format!("{prefix}{code}"));
    let keys: ArrayRef = if text_keys {
        words(rows, |row| {
            (row.customer != GUEST).then(|| format!("customer {}", row.customer))
        })
    } else {
        let customers = rows.iter().map(|row| (row.customer != GUEST).then_some(row.customer));
        Arc::new(customers.collect::<Int64Array>())
    };
    let columns: [(&str, ArrayRef); 8] = [
        ("customer", keys),
        (
            "time",
            Arc::new(
                rows.iter()
                    .map(|row| Some(row.time))
                    .collect::<TimestampMicrosecondArray>(),
            ),
        ),
        ("event", words(rows, |row| Some(EVENTS[row.event as usize].into()))),
        ("device", words(rows, |row| named("device ", row.device))),
        ("product", words(rows, |row| named("product ", row.product))),
        ("session", words(rows, |row| named("session ", row.session))),
        (
            "value",
            Arc::new(rows.iter().map(|row| Some(row.value)).collect::<Float64Array>()),
        ),
        (
            "order",
            Arc::new(rows.iter().map(|row| row.order).collect::<Int64Array>()),
        ),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
}

fn pairs(names: &[(&str, &str)]) -> Vec<(String, String)> {
    names
        .iter()
        .map(|(role, name)| ((*role).into(), (*name).into()))
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noun {
    Events,
    Orders,
}

/// How a log is read, where nothing may depend on it.
#[derive(Debug, Clone, Copy)]
struct Way {
    text_keys: bool,
    partitions: usize,
    limit: Option<u64>,
}

fn read(rows: &[Row], noun: Noun, way: Way) -> Log {
    let roles = Roles {
        customer: Some("customer".into()),
        time: "time".into(),
        amount: (noun == Noun::Orders).then(|| "value".into()),
        ids: match noun {
            Noun::Events => Vec::new(),
            Noun::Orders => pairs(&[("order_id", "order")]),
        },
        labels: match noun {
            Noun::Events => pairs(&[
                ("event", "event"),
                ("device", "device"),
                ("product", "product"),
                ("session", "session"),
            ]),
            Noun::Orders => pairs(&[("category", "device")]),
        },
        numbers: match noun {
            Noun::Events => pairs(&[("value", "value")]),
            Noun::Orders => Vec::new(),
        },
        ..Roles::default()
    };
    let batch = batch(rows, way.text_keys);
    let schema = batch.schema();
    let mut reader = RecordBatchIterator::new([Ok(batch)], schema);
    let mut stream = Stream::open(&mut reader, &roles.all()).unwrap();
    let options = Options {
        partitions: Some(way.partitions),
        memory: Memory {
            limit: way.limit,
            folder: None,
        },
        ..Options::default()
    };
    read_log(&mut stream, roles, &options, &Task::default()).unwrap()
}

/// What is known of the customers: a level for two of three.
fn customers(text_keys: bool) -> AttributeTable {
    let keys: ArrayRef = if text_keys {
        Arc::new(
            (0..8)
                .map(|key| Some(format!("customer {key}")))
                .collect::<StringArray>(),
        )
    } else {
        Arc::new((0..8).map(Some).collect::<Int64Array>())
    };
    let since: StringArray = (0..8)
        .map(|key| (key > 0).then(|| format!("1970-01-{:02}", 9 * (key % 3) + 1)))
        .collect();
    let levels: StringArray = (0..8).map(|key| Some(["basic", "plus"][key % 2])).collect();
    let batch = RecordBatch::try_from_iter([
        ("id", keys),
        ("level", Arc::new(levels) as ArrayRef),
        ("since", Arc::new(since) as ArrayRef),
    ])
    .unwrap();
    let schema = batch.schema();
    let roles = pairs(&[("customer", "id"), ("level", "level"), ("registered", "since")]);
    let mut reader = RecordBatchIterator::new([Ok(batch)], schema);
    let source = Stream::open(&mut reader, &roles)
        .unwrap()
        .all(&Task::default())
        .unwrap();
    AttributeTable::new(&source, "id", &roles[1..], Names::Typed, &Task::default()).unwrap()
}

fn view(log: Log, known: &AttributeTable) -> View {
    let task = Task::default();
    let attributes = known.attach(&log, &task).unwrap();
    let registrations = known.registrations(&log, TimeOptions::default(), &task).unwrap();
    let mut view = View::new(Arc::new(log));
    view.registrations = Some(registrations);
    view.attributes = attributes.into_iter().map(Arc::new).collect();
    view
}

/// A half-open period of days since 1970.
fn days(from: i64, to: i64) -> Value {
    let day = |day: i64| Value::List(vec!["day".into(), day.into()]);
    Value::List(vec![day(from), day(to)])
}

fn list(values: &[&str]) -> Value {
    values.iter().copied().map(Value::from).collect::<Vec<_>>().into()
}

/// Pairs of a source and its name.
fn by(names: &[&str]) -> Value {
    let pair = |name: &&str| list(&[name, name]);
    Value::List(names.iter().map(pair).collect())
}

fn step(event: &str) -> Value {
    Value::List(vec![event.into(), list(&[event]), Value::List(Vec::new())])
}

fn funnel() -> Params {
    Params::default()
        .with("steps", Value::List(["view", "cart", "pay"].map(step).to_vec()))
        .with("window", 48 * HOUR)
        .with("mode", "ordered")
        .with("ties", "steps")
        .with("anchor", "earliest_longest")
        .with("follow_up", "any")
        .with("attribution", "first")
        .with("unit", "customer")
}

fn rfm(scheme: &str) -> Params {
    Params::default()
        .with("refunds", "net")
        .with("frequency", "days")
        .with("monetary", "total")
        .with("scores", 5i64)
        .with("weights", vec![1.0, 2.0, 3.0])
        .with("scheme", scheme)
        .with("language", "en")
}

/// An analysis with its parameters, and the noun that it is asked of.
fn cases() -> Vec<(&'static str, Noun, Params)> {
    [event_cases(), order_cases(), goods_cases()].concat()
}

/// The analyses of events.
fn event_cases() -> Vec<(&'static str, Noun, Params)> {
    let events = Noun::Events;
    let gap = || Params::default().with("gap", 30 * HOUR);
    let retention = |kind: &str| {
        Params::default()
            .with("first", list(&["view", "cart"]))
            .with("period", "week")
            .with("kind", kind)
    };
    let abandonment = Params::default()
        .with(
            "stages",
            Value::List(vec![list(&["cart"]), list(&["order"]), list(&["pay"])]),
        )
        .with("names", list(&["cart", "order"]))
        .with("window", 24 * HOUR)
        .with("removed", list(&["view"]))
        .with("recover_within", 100 * HOUR)
        .with("value", "value")
        .with("by", by(&["device"]))
        .with(
            "features",
            list(&["level", "value", "checkout_pages", "first_time_buyer"]),
        )
        .with("signals", list(&["view", "order"]))
        .with("landmark", HOUR);
    let precision = Params::default()
        .with(
            "stages",
            Value::List(vec![list(&["view"]), list(&["cart"]), list(&["pay"])]),
        )
        .with("window", 200 * HOUR)
        .with("by", by(&["device"]));
    let attribution = |conversions: &str| {
        Params::default()
            .with("goal", list(&["pay"]))
            .with("by", by(&["product"]))
            .with("window", 500 * HOUR)
            .with("half_life", 100 * HOUR)
            .with("conversions", conversions)
    };
    let date = |day: i64| Value::List(vec!["day".into(), day.into()]);
    let stages = Params::default()
        .with("dates", Value::List(vec![date(20), date(50)]))
        .with("interested", list(&["cart", "order"]))
        .with("bought", list(&["pay"]))
        .with("contacts", 200 * HOUR)
        .with("purchases", 800 * HOUR)
        .with("loyal", 2i64);
    vec![
        ("retention", events, retention("exact")),
        ("retention", events, retention("rolling")),
        ("funnel", events, funnel()),
        (
            "funnel",
            events,
            funnel().with("by", by(&["device", "level"])).with("period", "month"),
        ),
        (
            "funnel",
            events,
            funnel().with("unit", "attempt").with("same", list(&["product"])),
        ),
        (
            "funnel",
            events,
            funnel()
                .with("unit", "session")
                .with("by", by(&["product"]))
                .with("attribution", "last"),
        ),
        ("funnel", events, funnel().with("mode", "unordered")),
        ("abandonment", events, abandonment),
        ("sessions", events, gap()),
        ("sessions", events, Params::default()),
        ("paths", events, gap().with("depth", 3i64).with("most", 50i64)),
        (
            "rhythm",
            events,
            Params::default().with("events", list(&["view", "pay"])),
        ),
        (
            "mix",
            events,
            gap().with("by", by(&["device", "level"])).with("goal", list(&["pay"])),
        ),
        ("mix", events, gap().with("by", by(&["product"])).with("period", "week")),
        ("precision", events, precision),
        ("attribution", events, attribution("all")),
        ("attribution", events, attribution("first").with("value", "value")),
        ("stages", events, stages),
        ("last_events", events, Params::default()),
        ("last_events", events, Params::default().with("value", "value")),
    ]
}

/// The analyses of orders.
fn order_cases() -> Vec<(&'static str, Noun, Params)> {
    let orders = Noun::Orders;
    let lifetime = Params::default()
        .with("model", "mbg")
        .with("horizon", 90.0)
        .with("discount", 0.1)
        .with("margin", 1.0)
        .with("predictions", "all")
        .with("refunds", "net");
    let sales = Params::default()
        .with("period", "month")
        .with("refunds", "drop")
        .with("measure", "net");
    let cohorts = Params::default()
        .with("period", "month")
        .with("kind", "exact")
        .with("cohort", "first_order")
        .with("refunds", "net");
    let interval = |from: i64, to: i64| Value::List(vec![from.into(), to.into()]);
    let intervals = Value::List(vec![interval(1, 30), interval(20, 90)]);
    let lifecycle = Params::default()
        .with("period", "week")
        .with("by", by(&["level"]))
        .with("dormant_after", 1i64)
        .with("lost_after", 3i64)
        .with("refunds", "net");
    let drivers = Params::default()
        .with("features", by(&["category", "level", "amount", "items"]))
        .with("within", 200 * HOUR)
        .with("refunds", "net");
    let buyers = Params::default().with("count", "days").with("refunds", "net");
    vec![
        (
            "sales",
            orders,
            sales
                .clone()
                .with("by", by(&["category", "level"]))
                .with("compare", "previous"),
        ),
        ("sales", orders, sales.clone().with("by", by(&["level"]))),
        (
            "sales",
            orders,
            sales.with("by", by(&["category"])).with("attribution", "first"),
        ),
        (
            "group_totals",
            orders,
            Params::default()
                .with("by", by(&["level"]))
                .with(
                    "sets",
                    Value::List(vec![Value::List(vec![0i64.into()]), Value::List(vec![])]),
                )
                .with("refunds", "net"),
        ),
        ("lifecycle", orders, lifecycle),
        (
            "drivers",
            orders,
            drivers.clone().with("outcome", "repurchase").with("landmark", 0i64),
        ),
        (
            "drivers",
            orders,
            drivers.with("outcome", "lost").with("landmark", 0i64),
        ),
        (
            "order_retention",
            orders,
            cohorts.clone().with("by", by(&["category", "level"])),
        ),
        ("order_retention", orders, cohorts.clone().with("intervals", intervals)),
        (
            "order_retention",
            orders,
            cohorts
                .with("cohort", "registered")
                .with("by", by(&["level", "category"])),
        ),
        (
            "repurchase",
            orders,
            buyers.clone().with("by", by(&["category"])).with("period", "month"),
        ),
        ("repurchase", orders, buyers),
        ("rfm", orders, rfm("grid")),
        ("rfm", orders, rfm("tiers")),
        ("lifetime", orders, lifetime),
    ]
}

/// The analyses of what is bought, and of what moved.
fn goods_cases() -> Vec<(&'static str, Noun, Params)> {
    let orders = Noun::Orders;
    let two_periods = Params::default()
        .with("before", days(5, 30))
        .with("after", days(30, 80))
        .with("refunds", "net");
    let baskets = Params::default()
        .with("unit", "order")
        .with("level", "category")
        .with("min_share", 0.0)
        .with("min_orders", 1i64)
        .with("refunds", "net");
    let categories = Params::default()
        .with("level", "category")
        .with("period", "month")
        .with("refunds", "net");
    vec![
        ("baskets", orders, baskets.clone()),
        ("baskets", orders, baskets.with("unit", "customer")),
        ("switching", orders, two_periods.clone().with("level", "category")),
        (
            "contribution",
            orders,
            two_periods
                .with("buyers", "explain")
                .with("by", by(&["category", "level"])),
        ),
        ("categories", orders, categories.clone()),
        ("categories", orders, categories.with("by", by(&["level"]))),
    ]
}

/// What an analysis says: its outcome, or its error in words. Events that do not occur, or too few purchases, are errors
/// of the data, and the same for a log whole and in parts.
fn said(outcome: footfall::error::Result<Outcome>) -> Result<Outcome, String> {
    outcome.map_err(|error| error.to_string())
}

#[test]
fn every_analysis_has_a_case() {
    let cases = cases();
    for name in registry::NAMES {
        assert!(cases.iter().any(|(case, ..)| case == name), "{name} has no case");
    }
}

/// The rows of each part: all rows of a customer go to one.
fn split(rows: &[Row], parts: usize, seed: u64) -> Vec<Vec<Row>> {
    let mut to = vec![Vec::new(); parts];
    for row in rows {
        let mixed = (row.customer.cast_unsigned() ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        to[usize::try_from(mixed >> 33).unwrap() % parts].push(row.clone());
    }
    to
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn merged_states_say_what_the_whole_log_says(
        rows in prop::collection::vec(row(), 1..120),
        parts in 1usize..8,
        seed in any::<u64>(),
        text_keys in any::<bool>(),
        partitions in prop::sample::select(vec![1usize, 4, 16]),
        limit in prop::option::of(prop::sample::select(vec![0u64, 3_000])),
        threads in 1usize..4,
    ) {
        let _turn = THREADS.lock().unwrap();
        set_threads(threads);
        let (task, known) = (Task::default(), customers(text_keys));
        let way = Way { text_keys, partitions, limit };
        for noun in [Noun::Events, Noun::Orders] {
            let whole = view(read(&rows, noun, Way { partitions: 1, limit: None, ..way }), &known);
            let mut logs: Vec<Log> = split(&rows, parts, seed).iter().map(|rows| read(rows, noun, way)).collect();
            Log::share_facts(&mut logs).unwrap();
            let views: Vec<View> = logs.into_iter().map(|log| view(log, &known)).collect();
            for (name, _, params) in cases().into_iter().filter(|case| case.1 == noun) {
                let expected = said(registry::run(name, &params, &whole, &task));
                let states: Result<Vec<Vec<u8>>, Error> =
                    views.iter().map(|view| registry::partial(name, &params, view, &task)).collect();
                let found = said(states.and_then(|mut states| {
                    // In another order than that of the logs.
                    let turn = usize::try_from(seed % states.len() as u64).unwrap();
                    states.rotate_left(turn);
                    states.reverse();
                    let state = registry::merge(name, &params, &views[0], &states)?;
                    registry::finish(name, &params, &views[0], &state, &task)
                }));
                prop_assert_eq!(&found, &expected, "{}", name);
            }
        }
    }

    #[test]
    fn the_same_rows_give_every_analysis_the_same_bits(
        rows in prop::collection::vec(row(), 1..80),
        partitions in prop::sample::select(vec![1usize, 4, 64]),
        limit in prop::option::of(prop::sample::select(vec![0u64, 3_000])),
        threads in 1usize..4,
    ) {
        let _turn = THREADS.lock().unwrap();
        let (task, known) = (Task::default(), customers(false));
        let way = |partitions, limit| Way { text_keys: false, partitions, limit };
        for noun in [Noun::Events, Noun::Orders] {
            set_threads(1);
            let plain = view(read(&rows, noun, way(1, None)), &known);
            let other = view(read(&rows, noun, way(partitions, limit)), &known);
            for (name, _, params) in cases().into_iter().filter(|case| case.1 == noun) {
                set_threads(1);
                let expected = said(registry::run(name, &params, &plain, &task));
                set_threads(threads);
                prop_assert_eq!(&said(registry::run(name, &params, &other, &task)), &expected, "{}", name);
            }
        }
    }
}

/// Some rows of which each analysis says something.
fn shop() -> Vec<Row> {
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % below
    };
    let small = |value: u64| u8::try_from(value).unwrap();
    (0..400)
        .map(|_| Row {
            customer: next(25).cast_signed(),
            time: next(3_000).cast_signed() * HOUR,
            event: small(next(4)),
            device: Some(small(next(3))),
            product: Some(small(next(4))),
            session: Some(small(next(3))),
            value: 5.0 + f64::from(small(next(90))),
            order: Some(next(4).cast_signed()),
        })
        .collect()
}

fn of_shop(noun: Noun) -> View {
    let way = Way {
        text_keys: false,
        partitions: 4,
        limit: None,
    };
    view(read(&shop(), noun, way), &customers(false))
}

#[test]
fn each_case_says_something_of_the_shop() {
    for (name, noun, params) in cases() {
        let outcome = registry::run(name, &params, &of_shop(noun), &Task::default()).unwrap();
        let rows: usize = outcome.tables.iter().map(|(_, table)| table.num_rows()).sum();
        assert!(rows > 0 || name == "lifetime", "{name}: {outcome:?}");
    }
}

#[test]
fn damaged_states_are_errors_by_name() {
    let task = Task::default();
    let mut tried = 0;
    for (name, noun, params) in cases() {
        let view = of_shop(noun);
        let state = registry::partial(name, &params, &view, &task).unwrap();
        let fails = |bytes: &[u8], what: &str| {
            let found = registry::finish(name, &params, &view, bytes, &task);
            assert!(matches!(found, Err(Error::State(_))), "{name}: {what} gave {found:?}");
        };
        for mutation in 0..5_000u64 {
            let mixed = mutation.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let at = usize::try_from(mixed >> 20).unwrap() % state.len();
            if mutation % 5 == 0 {
                fails(&state[..at], "a truncated state");
            } else {
                let mut bytes = state.clone();
                bytes[at] ^= 1 << (mixed & 7);
                fails(&bytes, "a flipped bit");
            }
            tried += 1;
        }
    }
    assert!(tried >= 100_000, "{tried} mutations");
}

#[test]
fn a_state_refuses_what_is_not_its_own() {
    let task = Task::default();
    let view = of_shop(Noun::Events);
    let state = registry::partial("funnel", &funnel(), &view, &task).unwrap();
    let refusal = |name: &str, params: &Params, states: &[Vec<u8>]| match registry::merge(name, params, &view, states) {
        Err(Error::State(text)) => text,
        other => panic!("{other:?}"),
    };
    let one = std::slice::from_ref(&state);
    let twice = refusal("funnel", &funnel(), &[state.clone(), state.clone()]);
    assert!(twice.contains("customers are in both states"), "{twice}");
    let other = refusal("funnel", &funnel().with("window", HOUR), one);
    assert!(other.contains("different window="), "{other}");
    let rhythm = refusal("rhythm", &Params::default(), one);
    assert!(
        rhythm.contains("different analyses, \"rhythm\" and \"funnel\""),
        "{rhythm}"
    );
    let mut newer = state.clone();
    newer[8] = 9;
    let newer = refusal("funnel", &funnel(), &[newer]);
    assert!(newer.contains("has the format 9"), "{newer}");
    let none = refusal("funnel", &funnel(), &[b"PAR1 is another file".to_vec()]);
    assert_eq!(none, "these bytes are no state of footfall");
    // Another log has other ends, so that what is censored would not be the same.
    let half = &shop()[..200];
    let way = Way {
        text_keys: false,
        partitions: 1,
        limit: None,
    };
    let apart = View::new(Arc::new(read(half, Noun::Events, way)));
    let apart = registry::partial("funnel", &funnel(), &apart, &task).unwrap();
    let periods = refusal("funnel", &funnel(), &[apart]);
    assert!(periods.contains("different periods"), "{periods}");
}
