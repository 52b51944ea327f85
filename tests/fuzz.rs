//! What comes from outside, changed at random: text of times and amounts, encoded states, IPC streams. Whatever it holds,
//! the core answers or refuses, and never panics. `make fuzz` runs as many cases as are asked for; CI runs a few.

#![allow(clippy::unwrap_used)] // A test may stop.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray};
use footfall::columns::{
    AmountType, DecimalMark, ParseErrors, Stream, TimeOptions, TimeType, read_stream, whole_number, write_stream,
};
use footfall::ingest::{Options, read_log};
use footfall::log::{Roles, View};
use footfall::params::{Params, Value};
use footfall::registry;
use footfall::runtime::Task;
use proptest::prelude::*;

const TIMES: [&str; 14] = [
    "2024-05-01",
    "2024-05-01 09:58:12.500",
    "2024-05-01T09:58:12+08:00",
    "2024-05-01T09:58:12.123456789Z",
    "2024年5月1日 9:58",
    "2024/5/1 9:58 PM",
    "2024-05-01T09:58:12[Asia/Shanghai]",
    "20240501T095812",
    "2024-W18-3",
    "31/12/2024 22:02 PM",
    "May 1, 2024",
    "0000-00-00 00:00:00",
    "9999-12-31",
    "1714557492",
];
const AMOUNTS: [&str; 12] = [
    "1234.50",
    "1,234.50",
    "1.234,50",
    "¥1,234.50",
    "-5",
    "(5.00)",
    "5 %",
    "1e3",
    "99999999999999999999999999999999999999.99",
    "1'234.50",
    "12 345,67 €",
    "NaN",
];
const FORMATS: [&str; 6] = ["%d/%m/%Y %H:%M", "%Y%m%d", "%b %d, %Y", "%d/%m/%Y %H:%M %p", "%s", "%"];

/// A text of some, with a few of its characters changed, taken out or doubled.
fn changed(seeds: &'static [&'static str]) -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0u8..4, any::<char>());
    (prop::sample::select(seeds), prop::collection::vec(edit, 0..5)).prop_map(|(seed, edits)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (at, kind, other) in edits {
            if text.is_empty() {
                break;
            }
            let at = at.index(text.len());
            match kind {
                0 => text[at] = other,
                1 => _ = text.remove(at),
                2 => text.insert(at, text[at]),
                _ => text.insert(at, char::from(b'0' + (other as u32 % 10) as u8)),
            }
        }
        text.into_iter().collect()
    })
}

/// Bytes with a few of them changed, or cut short.
fn damaged(bytes: &[u8], edits: &[(prop::sample::Index, u8)], cut: Option<prop::sample::Index>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, value) in edits {
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = *value;
        }
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len() + 1));
    }
    bytes
}

fn edits() -> impl Strategy<Value = (Vec<(prop::sample::Index, u8)>, Option<prop::sample::Index>)> {
    (
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        prop::option::weighted(0.2, any::<prop::sample::Index>()),
    )
}

/// An analysis, its parameters, and its state.
type Asked = (&'static str, Params, Vec<u8>);

/// A log of events, and the states of analyses of it.
fn states() -> &'static (View, Vec<Asked>) {
    static STATES: std::sync::OnceLock<(View, Vec<Asked>)> = std::sync::OnceLock::new();
    STATES.get_or_init(|| {
        let count = 200i32;
        let batch = RecordBatch::try_from_iter_with_nullable([
            (
                "customer",
                Arc::new((0..count).map(|row| Some(i64::from(row % 17))).collect::<Int64Array>()) as ArrayRef,
                true,
            ),
            (
                "time",
                Arc::new(
                    (0..count)
                        .map(|row| Some(format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1)))
                        .collect::<StringArray>(),
                ),
                true,
            ),
            (
                "event",
                Arc::new(
                    (0..count)
                        .map(|row| {
                            Some(
                                ["view", "cart", "pay"]
                                    .into_iter()
                                    .cycle()
                                    .nth(row.unsigned_abs() as usize % 3)
                                    .unwrap_or_default(),
                            )
                        })
                        .collect::<StringArray>(),
                ),
                true,
            ),
            (
                "value",
                Arc::new(
                    (0..count)
                        .map(|row| Some(f64::from(row) / 4.0))
                        .collect::<Float64Array>(),
                ),
                true,
            ),
        ])
        .unwrap();
        let pair = |name: &str| (name.to_string(), name.to_string());
        let roles = Roles {
            customer: Some("customer".into()),
            time: "time".into(),
            labels: vec![pair("event")],
            numbers: vec![pair("value")],
            ..Roles::default()
        };
        let schema = batch.schema();
        let mut reader = RecordBatchIterator::new([Ok(batch)], schema);
        let mut stream = Stream::open(&mut reader, &roles.all()).unwrap();
        let log = read_log(&mut stream, roles, &Options::default(), &Task::default()).unwrap();
        let view = View::new(Arc::new(log));
        let words = |words: &[&str]| Value::List(words.iter().map(|word| (*word).into()).collect());
        let asked = [
            (
                "retention",
                Params::default()
                    .with("first", Value::Null)
                    .with("returning", words(&["pay"]))
                    .with("period", "month")
                    .with("kind", "exact"),
            ),
            ("rhythm", Params::default().with("events", Value::Null)),
            (
                "paths",
                Params::default()
                    .with("gap", Value::Null)
                    .with("start", Value::Null)
                    .with("end", Value::Null)
                    .with("depth", 4i64)
                    .with("most", 10i64),
            ),
        ];
        let made = asked.map(|(name, params)| {
            let state = registry::partial(name, &params, &view, &Task::default()).unwrap();
            (name, params, state)
        });
        (view, made.into())
    })
}

proptest! {
    #[test]
    fn texts_of_times_are_read_or_refused(texts in prop::collection::vec(changed(&TIMES), 1..40), format in prop::option::of(prop::sample::select(&FORMATS[..])), zone in prop::option::of(Just("Asia/Shanghai"))) {
        let array: ArrayRef = Arc::new(texts.iter().map(Some).collect::<StringArray>());
        let options = TimeOptions { timezone: zone.map(String::from), format: format.map(String::from), unit: None };
        if let Ok(kind) = TimeType::new("time", "t", &options, std::slice::from_ref(&array)) {
            let (mut to, mut errors) = (Vec::new(), ParseErrors::default());
            kind.append(&array, 0, &mut to, &mut errors, |_| {}).unwrap();
            prop_assert_eq!(to.len(), texts.len());
            _ = kind.check(&errors).map_err(|error| error.to_string());
        }
    }

    #[test]
    fn texts_of_money_are_read_or_refused(texts in prop::collection::vec(changed(&AMOUNTS), 1..40), comma in prop::option::of(any::<bool>())) {
        let array: ArrayRef = Arc::new(texts.iter().map(Some).collect::<StringArray>());
        let mark = comma.map(|comma| if comma { DecimalMark::Comma } else { DecimalMark::Point });
        let kind = AmountType::new("amount", "a", array.data_type(), mark).unwrap();
        let (mut to, mut errors) = (kind.none(), ParseErrors::default());
        kind.append(&array, 0, &mut to, &mut errors, |_| {}).unwrap();
        prop_assert_eq!(to.len(), texts.len());
        for text in &texts {
            if let Some(number) = whole_number(text.as_bytes()) {
                prop_assert_eq!(&number.to_string(), text);
            }
        }
    }

    #[test]
    fn damaged_states_are_an_error((edits, cut) in edits(), which in 0usize..3) {
        let (view, all) = states();
        let (name, params, state) = &all[which];
        let bytes = damaged(state, &edits, cut);
        if let Ok(merged) = registry::merge(name, params, view, &[bytes, state.clone()]) {
            _ = registry::finish(name, params, view, &merged, &Task::default());
        }
    }

    #[test]
    fn damaged_streams_are_an_error((edits, cut) in edits()) {
        let batch = RecordBatch::try_from_iter([
            ("a", Arc::new(Int64Array::from(vec![1, 2, 3])) as ArrayRef),
            ("b", Arc::new(StringArray::from(vec!["x", "yy", ""])) as ArrayRef),
        ]).unwrap();
        _ = read_stream(&damaged(&write_stream(&batch).unwrap(), &edits, cut));
    }
}
