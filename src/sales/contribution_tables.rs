//! The tables of a contribution: every value of every column, and the few that moved sales.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::analysis::{Context, GroupKey};
use crate::columns::Columns;
use crate::error::Result;
use crate::log::Facts;
use crate::stats::{
    RANDOM_GROUPS, benjamini_hochberg, error_of_sum, interval_of_sum, shapley_decomposition, sum_differs_from_zero,
};

use super::contribution::{Buyers, Contribution, Moved};
use super::standing::Standing;

/// What buyers are, by the number of their standing.
const STANDINGS: [(Standing, &str); 4] = [
    (Standing::Guest, "guests"),
    (Standing::New, "new"),
    (Standing::Returning, "returning"),
    (Standing::WonBack, "won_back"),
];
/// The name of the column that says what buyers are.
const BUYERS: &str = "buyers";
/// A value moved sales if chance would make as much of it in fewer shops than this, all values together.
const LEVEL: f64 = 0.05;
/// What others have not told already must be so much of a value.
const LEFT: f64 = 0.5;
/// More are no explanation.
const MOST: usize = 20;

/// One value of a column: its money in both periods.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Value {
    money: [i128; 2],
    /// The same of each standing.
    standings: [[i128; 2]; 4],
    buyers: [u64; 2],
    /// The standard errors of the change, and of what it is beyond that of all.
    errors: [f64; 2],
}

/// By column and value.
pub(super) type Values = BTreeMap<(i64, i64), Value>;

impl Value {
    fn change(&self) -> i128 {
        self.money[1] - self.money[0]
    }

    fn of_standing(&self, standing: usize) -> i128 {
        self.standings[standing][1] - self.standings[standing][0]
    }
}

/// What the money of the second period is by that of the first; nothing where that is none.
fn growth(money: [f64; 2]) -> f64 {
    if money[0] > 0.0 { money[1] / money[0] } else { 0.0 }
}

/// Every value of every column, and all of them together.
pub(super) fn values(contribution: &Contribution, state: &Moved, facts: &Facts) -> (Values, Value) {
    let mut values = Values::new();
    let mut all = Value::default();
    for (key, money) in state.cells.iter() {
        let standing = usize::try_from(key[1]).unwrap_or_default();
        let add = |value: &mut Value| {
            for period in [0, 1] {
                value.money[period] += money[period];
                value.standings[standing][period] += money[period];
            }
        };
        add(&mut all);
        for (column, value) in (0..).zip(&key[1..]) {
            add(values.entry((column, *value)).or_default());
        }
    }
    for (key, buyers) in state.buyers.iter() {
        if key[0] == contribution.all() {
            all.buyers = *buyers;
        } else if let Some(value) = value_of(key).and_then(|value| values.get_mut(&(key[0], value))) {
            value.buyers = *buyers;
        }
    }
    let float = |money: [i128; 2]| money.map(|money| facts.unit.to_f64(money));
    let rate = growth(float(all.money));
    let samples: Vec<(&GroupKey, &[i128; 2])> = state.samples.iter().collect();
    let mut total = [[0.0; 2]; RANDOM_GROUPS];
    for same in samples.chunk_by(|a, b| a.0[..a.0.len() - 1] == b.0[..b.0.len() - 1]) {
        let mut parts = [[0.0; 2]; RANDOM_GROUPS];
        for (key, money) in same {
            let at = usize::try_from(key[key.len() - 1]).unwrap_or_default();
            parts[at] = float(**money);
            if key[0] == 0 {
                total[at] = [0, 1].map(|period| total[at][period] + parts[at][period]);
            }
        }
        let key = same[0].0;
        if let Some(value) = value_of(key).and_then(|value| values.get_mut(&(key[0], value))) {
            value.errors = errors(&parts, rate);
        }
    }
    all.errors = errors(&total, rate);
    (values, all)
}

/// The errors of the change of some parts, and of what it is beyond a growth.
fn errors(parts: &[[f64; 2]; RANDOM_GROUPS], rate: f64) -> [f64; 2] {
    [1.0, rate].map(|rate| error_of_sum(&parts.map(|[before, after]| after - rate * before)))
}

/// The value of a key of one column.
fn value_of(key: &GroupKey) -> Option<i64> {
    usize::try_from(key[0])
        .ok()
        .and_then(|column| key.get(column + 1))
        .copied()
}

/// The words of a value of a column.
struct Words<'a> {
    names: Vec<String>,
    texts: Vec<Vec<String>>,
    of: &'a Contribution,
}

impl<'a> Words<'a> {
    fn new(of: &'a Contribution, facts: &Facts) -> Result<Self> {
        let name = |by: &crate::log::GroupBy| by.category(facts).kind().name().to_string();
        Ok(Self {
            names: of.by.iter().map(name).collect(),
            texts: of
                .by
                .iter()
                .map(|by| by.category(facts).texts())
                .collect::<Result<_>>()?,
            of,
        })
    }

    fn column(&self, column: i64) -> Option<&str> {
        let at = usize::try_from(column).ok()?;
        match at.checked_sub(1) {
            None => Some(BUYERS),
            Some(at) if at < self.of.by.len() => Some(&self.names[at]),
            Some(_) => None,
        }
    }

    fn value(&self, column: i64, value: i64) -> Option<&str> {
        let (at, value) = (usize::try_from(column).ok()?, usize::try_from(value).ok()?);
        match at.checked_sub(1) {
            None => STANDINGS.get(value).map(|(_, word)| *word),
            Some(at) => self.texts.get(at)?.get(value).map(String::as_str),
        }
    }
}

/// One row per column and value, and one for all.
pub(super) fn moved_table(
    contribution: &Contribution,
    values: &Values,
    all: Value,
    facts: &Facts,
) -> Result<RecordBatch> {
    let words = Words::new(contribution, facts)?;
    let rate = growth(all.money.map(|money| facts.unit.to_f64(money)));
    let rows: Vec<((i64, i64), Value)> = values
        .iter()
        .map(|(at, value)| (*at, *value))
        .chain([((contribution.all(), 0), all)])
        .collect();
    let each = || rows.iter().map(|(_, value)| value);
    let money = |money: i128| facts.unit.to_f64(money);
    let interval = |value: &Value| interval_of_sum(money(value.change()), value.errors[0]);
    let excess = |value: &Value| money(value.money[1]) - rate * money(value.money[0]);
    let tests: Vec<Option<f64>> = rows
        .iter()
        .map(|((column, _), value)| {
            (*column != contribution.all()).then(|| sum_differs_from_zero(excess(value), value.errors[1]))
        })
        .collect();
    let factors: Vec<[f64; 3]> = each().map(|value| factors(value, &all, facts)).collect();
    let mut columns = Columns::default();
    columns.texts("column", rows.iter().map(|((column, _), _)| words.column(*column)));
    columns.texts(
        "value",
        rows.iter().map(|((column, value), _)| words.value(*column, *value)),
    );
    columns.floats("before", each().map(|value| money(value.money[0])));
    columns.floats("after", each().map(|value| money(value.money[1])));
    columns.floats("change", each().map(|value| money(value.change())));
    columns.floats("low", each().map(|value| interval(value).0));
    columns.floats("high", each().map(|value| interval(value).1));
    columns.ints("buyers_before", each().map(|value| value.buyers[0].cast_signed()));
    columns.ints("buyers_after", each().map(|value| value.buyers[1].cast_signed()));
    for (at, name) in ["volume", "mix", "rate"].into_iter().enumerate() {
        columns.floats(name, factors.iter().map(|factors| factors[at]));
    }
    for (standing, name) in STANDINGS {
        if standing != Standing::Guest || facts.guests.rows > 0 {
            columns.floats(name, each().map(|value| money(value.of_standing(standing as usize))));
        }
    }
    columns.floats("excess", each().map(excess));
    columns.maybe_floats("p_value", tests.iter().copied());
    columns.maybe_floats("p_adjusted", benjamini_hochberg(&tests));
    columns.finish()
}

/// What drove the change of identified buyers' money: how many bought at all, which share of them this, and for how much
/// each. Where nobody bought it in one of the periods, all of it is the share.
#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn factors(value: &Value, all: &Value, facts: &Facts) -> [f64; 3] {
    let guests = Standing::Guest as usize;
    let money = [0, 1].map(|period| facts.unit.to_f64(value.money[period] - value.standings[guests][period]));
    if value.buyers.contains(&0) {
        return [0.0, facts.unit.to_f64(value.change() - value.of_standing(guests)), 0.0];
    }
    let [before, after] = [0, 1].map(|period| {
        let (buyers, of) = (value.buyers[period] as f64, all.buyers[period] as f64);
        [of, buyers / of, money[period] / buyers]
    });
    shapley_decomposition(before, after)
}

/// The values that moved sales, the largest first: each moved itself, and by more than all sales did, and at least half of
/// that is in lines that those before it do not have. What is left is the last row.
pub(super) fn movers_table(
    contribution: &Contribution,
    state: &Moved,
    values: &Values,
    all: Value,
    context: &Context<'_>,
) -> Result<RecordBatch> {
    let facts = context.facts;
    let mut cells: Vec<(&[i64], [i128; 2])> = state.cells.iter().map(|(key, money)| (&key[1..], *money)).collect();
    let mut candidates = candidates(values, &all, facts);
    if contribution.buyers == Buyers::Shown {
        candidates.retain(|(column, _), _| *column != 0);
    }
    let mut found: Vec<((i64, i64), i128)> = Vec::new();
    while found.len() < MOST {
        context.task.check()?;
        let Some(next) = next(&cells, &candidates, facts) else {
            break;
        };
        found.push(next);
        let (column, value) = next.0;
        cells.retain(|(key, _)| usize::try_from(column).ok().and_then(|at| key.get(at)) != Some(&value));
    }
    let rest: i128 = cells.iter().map(|(_, money)| money[1] - money[0]).sum();
    let words = Words::new(contribution, facts)?;
    let money = |money: i128| facts.unit.to_f64(money);
    let whole = |at: &(i64, i64)| values.get(at).copied();
    let rest = ((contribution.all(), 0), rest);
    let each = || found.iter().chain(std::iter::once(&rest));
    let interval = |at: &(i64, i64)| whole(at).map(|value| interval_of_sum(money(value.change()), value.errors[0]));
    let mut columns = Columns::default();
    columns.texts("column", each().map(|(at, _)| words.column(at.0)));
    columns.texts("value", each().map(|(at, _)| words.value(at.0, at.1)));
    columns.floats("moved", each().map(|(_, moved)| money(*moved)));
    let total = all.change();
    columns.maybe_floats(
        "share",
        each().map(|(_, moved)| (total != 0).then(|| money(*moved) / money(total))),
    );
    columns.maybe_floats(
        "change",
        each().map(|(at, _)| whole(at).map(|value| money(value.change()))),
    );
    columns.maybe_floats("low", each().map(|(at, _)| Some(interval(at)?.0)));
    columns.maybe_floats("high", each().map(|(at, _)| Some(interval(at)?.1)));
    columns.finish()
}

/// The values that moved by more than chance, and by more than all sales did; with what they are beyond that.
fn candidates(values: &Values, all: &Value, facts: &Facts) -> BTreeMap<(i64, i64), f64> {
    let money = |money: i128| facts.unit.to_f64(money);
    let rate = growth(all.money.map(money));
    let excess = |value: &Value| money(value.money[1]) - rate * money(value.money[0]);
    let tests = |of: &dyn Fn(&Value) -> f64, at: usize| {
        let test = |value: &Value| Some(sum_differs_from_zero(of(value), value.errors[at]));
        benjamini_hochberg(&values.values().map(test).collect::<Vec<_>>())
    };
    let (changed, beyond) = (tests(&|value| money(value.change()), 0), tests(&excess, 1));
    let below = |p: &Option<f64>| p.is_some_and(|p| p < LEVEL);
    let sure = changed.iter().zip(&beyond).map(|(a, b)| below(a) && below(b));
    let same_way = |value: &Value| excess(value) * money(value.change()) > 0.0;
    values
        .iter()
        .zip(sure)
        .filter(|((_, value), sure)| *sure && same_way(value))
        .map(|((at, value), _)| (*at, excess(value)))
        .collect()
}

/// The candidate that tells most of what is left, and how much its cells moved.
fn next(
    cells: &[(&[i64], [i128; 2])],
    candidates: &BTreeMap<(i64, i64), f64>,
    facts: &Facts,
) -> Option<((i64, i64), i128)> {
    let (mut left, mut all) = (BTreeMap::<(i64, i64), [i128; 2]>::new(), [0; 2]);
    let add = |to: &mut [i128; 2], money: &[i128; 2]| {
        to[0] += money[0];
        to[1] += money[1];
    };
    for (key, money) in cells {
        add(&mut all, money);
        for (column, value) in (0..).zip(*key) {
            if candidates.contains_key(&(column, *value)) {
                add(left.entry((column, *value)).or_default(), money);
            }
        }
    }
    let float = |money: i128| facts.unit.to_f64(money);
    let rate = growth(all.map(float));
    let score = |(at, money): (&(i64, i64), &[i128; 2])| {
        let (change, excess) = (float(money[1] - money[0]), float(money[1]) - rate * float(money[0]));
        let first = candidates.get(at)?;
        let tells = change * first > 0.0 && excess / first >= LEFT;
        tells.then(|| (change.abs().min(excess.abs()), (*at, money[1] - money[0])))
    };
    let best = left
        .iter()
        .filter_map(score)
        .reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    Some(best.1)
}
