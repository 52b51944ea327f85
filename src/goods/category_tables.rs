//! The table of categories: head, body and tail, and which rise.

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::Facts;
use crate::money::MoneyUnit;
use crate::stats::{ShareTrend, benjamini_hochberg, share_trend};

use super::categories::{Categories, CategoryCell, CategorySales};

/// The words of the parts: those that make the first 80 % of money, the next 15 %, and the rest.
const PARTS: [&str; 3] = ["head", "body", "tail"];
const ENDS: [f64; 2] = [0.8, 0.95];
/// A rise is one that chance would make in fewer shops than this, all categories together.
const LEVEL: f64 = 0.05;

/// A category of a group.
struct Row<'a> {
    key: &'a [i64],
    cell: CategoryCell,
    share: Option<f64>,
    /// The share of this and of all larger ones.
    cumulative: Option<f64>,
    part: Option<usize>,
    began_as: Option<usize>,
    growth: Option<f64>,
    trend: Option<ShareTrend>,
}

/// One row per group and category, those of most money first.
pub(super) fn category_table(categories: &Categories, state: &CategorySales, facts: &Facts) -> Result<RecordBatch> {
    let rows = rows(categories, state, facts);
    let (each, width) = (|| rows.iter(), categories.by.len());
    let money = |cell: &CategoryCell| (facts.roles.has_money() && cell.unshared == 0).then_some(cell.money);
    let per = |cell: &CategoryCell, of: u64| {
        money(cell)
            .filter(|_| of > 0)
            .map(|money| facts.unit.to_f64(money) / count(of))
    };
    let mut columns = Columns::default();
    for (at, by) in categories.by.iter().enumerate() {
        columns.push(by.column(facts, by.category(facts).kind().name(), each().map(|row| row.key[at]))?);
    }
    let category = &facts.categories[categories.level];
    let code = |row: &Row<'_>| u32::try_from(row.key[width]).unwrap_or(u32::MAX);
    columns.push(category.restore(each().map(code))?);
    columns.maybe_floats("sales", each().map(|row| Some(facts.unit.to_f64(money(&row.cell)?))));
    columns.maybe_floats("share", each().map(|row| row.share));
    columns.maybe_floats("cumulative_share", each().map(|row| row.cumulative));
    columns.texts("part", each().map(|row| Some(PARTS[row.part?])));
    columns.ints("buyers", each().map(|row| row.cell.buyers.cast_signed()));
    columns.ints("orders", each().map(|row| row.cell.orders.cast_signed()));
    if facts.index.quantity.is_some() {
        columns.floats("items", each().map(|row| MoneyUnit::Float.to_f64(row.cell.items)));
    }
    if facts.guests.rows == 0 {
        columns.maybe_floats("sales_per_buyer", each().map(|row| per(&row.cell, row.cell.buyers)));
    }
    columns.maybe_floats("sales_per_order", each().map(|row| per(&row.cell, row.cell.orders)));
    columns.ints("first_purchases", each().map(|row| row.cell.first.cast_signed()));
    columns.maybe_floats("growth", each().map(|row| row.growth));
    columns.texts("began_as", each().map(|row| Some(PARTS[row.began_as?])));
    columns.maybe_floats("trend", each().map(|row| Some(row.trend?.ratio.0)));
    columns.maybe_floats("trend_low", each().map(|row| Some(row.trend?.ratio.1)));
    columns.maybe_floats("trend_high", each().map(|row| Some(row.trend?.ratio.2)));
    let tests: Vec<Option<f64>> = each().map(|row| Some(row.trend?.p_value)).collect();
    columns.maybe_floats("p_value", tests.iter().copied());
    let adjusted = benjamini_hochberg(&tests);
    columns.maybe_floats("p_adjusted", adjusted.iter().copied());
    let rises = |(row, p): (&Row<'_>, &Option<f64>)| {
        row.began_as == Some(2) && p.is_some_and(|p| p < LEVEL) && row.trend.is_some_and(|trend| trend.ratio.0 > 1.0)
    };
    columns.bools("rising_tail", each().zip(&adjusted).map(rises));
    columns.finish()
}

fn rows<'a>(categories: &Categories, state: &'a CategorySales, facts: &Facts) -> Vec<Row<'a>> {
    let width = categories.by.len();
    let whole = whole_periods(categories, facts);
    let cells: Vec<(&[i64], CategoryCell)> = state.cells.iter().map(|(key, cell)| (key.as_slice(), *cell)).collect();
    let mut all = Vec::new();
    for group in cells.chunk_by(|a, b| a.0[..width] == b.0[..width]) {
        let series: Vec<Vec<i128>> = group
            .iter()
            .map(|(key, _)| money_by_period(state, key, &whole))
            .collect();
        let now = parts(&group.iter().map(|(_, cell)| cell.money).collect::<Vec<_>>());
        // What a category was in the first half of the whole periods.
        let early: Vec<i128> = series
            .iter()
            .map(|series| series[..series.len() / 2].iter().sum())
            .collect();
        let then = parts(&early);
        let mut rows: Vec<Row<'a>> = Vec::new();
        for (at, (key, cell)) in group.iter().enumerate() {
            let known = facts.roles.has_money() && facts.unshared == 0;
            let growth = match series[at].as_slice() {
                [.., before, last] if *before > 0 => Some(ratio(last - before, *before)),
                _ => None,
            };
            rows.push(Row {
                key,
                cell: *cell,
                share: now[at].share.filter(|_| known),
                cumulative: now[at].cumulative.filter(|_| known),
                part: Some(now[at].part).filter(|_| known),
                began_as: Some(then[at].part).filter(|_| known && whole.len() > 1),
                growth: growth.filter(|_| known),
                trend: trend(state, key, width, &whole),
            });
        }
        rows.sort_by(|a, b| b.cell.money.cmp(&a.cell.money).then(a.key.cmp(b.key)));
        all.append(&mut rows);
    }
    all
}

/// The calendar periods of which every day was observed.
fn whole_periods(categories: &Categories, facts: &Facts) -> Vec<i64> {
    let Some(days) = facts.observed(categories.window) else {
        return Vec::new();
    };
    let indices = categories.period.index(days.first)..=categories.period.index(days.last);
    indices.filter(|index| days.cover(categories.period, *index)).collect()
}

fn money_by_period(state: &CategorySales, key: &[i64], periods: &[i64]) -> Vec<i128> {
    let mut key = key.to_vec();
    let at = key.len();
    key.push(0);
    let money = |period: &i64| {
        key[at] = *period;
        state.periods.get(key.as_slice()).map_or(0, |cell| cell.money)
    };
    periods.iter().map(money).collect()
}

/// The trend of the orders with a category among all of the group's.
fn trend(state: &CategorySales, key: &[i64], width: usize, periods: &[i64]) -> Option<ShareTrend> {
    let (mut of_category, mut of_group) = (key.to_vec(), key[..width].to_vec());
    of_category.push(0);
    of_group.extend([i64::MAX, 0]);
    let counts = |period: &i64| {
        of_category[width + 1] = *period;
        of_group[width + 1] = *period;
        let part = state.periods.get(of_category.as_slice()).map_or(0, |cell| cell.orders);
        (part, state.orders.get(of_group.as_slice()).copied().unwrap_or(0))
    };
    share_trend(&periods.iter().map(counts).collect::<Vec<_>>())
}

/// Where a category stands among all, by money.
#[derive(Debug, Clone, Copy)]
struct Standing {
    share: Option<f64>,
    cumulative: Option<f64>,
    part: usize,
}

/// Head, body and tail: the part is that in which the share of all larger ones ends. What brought nothing is tail.
fn parts(money: &[i128]) -> Vec<Standing> {
    let total: i128 = money.iter().filter(|money| **money > 0).sum();
    let mut order: Vec<usize> = (0..money.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(money[*at]));
    let mut found = vec![
        Standing {
            share: None,
            cumulative: None,
            part: PARTS.len() - 1,
        };
        money.len()
    ];
    let mut larger = 0;
    for at in order {
        if total > 0 {
            let before = ratio(larger, total);
            larger += money[at].max(0);
            found[at].share = Some(ratio(money[at], total));
            found[at].cumulative = Some(ratio(larger, total));
            if money[at] > 0 {
                found[at].part = ENDS.iter().filter(|end| before >= **end).count();
            }
        }
    }
    found
}

#[allow(clippy::cast_precision_loss)] // Shares of money need no more than a double.
fn ratio(part: i128, whole: i128) -> f64 {
    part as f64 / whole as f64
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn count(of: u64) -> f64 {
    of as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_body_and_tail_by_hand() {
        let found = parts(&[10, 700, 0, 150, 90, 50]);
        let words: Vec<&str> = found.iter().map(|standing| PARTS[standing.part]).collect();
        // 70 % stand before the second, 85 % before the third, 94 % before the fourth, 99 % before the last that sold.
        assert_eq!(words, ["tail", "head", "tail", "head", "body", "body"]);
        assert_eq!(found[1].share, Some(0.7));
        assert_eq!(found[0].cumulative, Some(1.0));
        assert!(
            parts(&[0, 0])
                .iter()
                .all(|standing| standing.share.is_none() && standing.part == 2)
        );
    }
}
