//! Preference: of the buyers of each group, how many bought a category, against the buyers of all other groups.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::columns::Columns;
use crate::error::Result;
use crate::log::Facts;
use crate::stats::{benjamini_hochberg, wilson};

use super::categories::{Categories, CategorySales};

/// A group and a category.
struct Cell<'a> {
    group: &'a [i64],
    category: i64,
    bought: u64,
    buyers: u64,
    /// The same of all groups.
    all_bought: u64,
    all_buyers: u64,
    /// Cramér's V of the category and the groups.
    association: Option<f64>,
}

/// One row per category and group.
pub(super) fn preference_table(categories: &Categories, state: &CategorySales, facts: &Facts) -> Result<RecordBatch> {
    let cells = if categories.by.is_empty() {
        Vec::new()
    } else {
        cells(categories.by.len(), state)
    };
    let each = || cells.iter();
    let mut columns = Columns::default();
    let category = &facts.categories[categories.level];
    columns.push(category.restore(each().map(|cell| u32::try_from(cell.category).unwrap_or(u32::MAX)))?);
    for (at, by) in categories.by.iter().enumerate() {
        columns.push(by.column(
            facts,
            by.category(facts).kind().name(),
            each().map(|cell| cell.group[at]),
        )?);
    }
    columns.ints("buyers", each().map(|cell| cell.bought.cast_signed()));
    columns.ints("group_buyers", each().map(|cell| cell.buyers.cast_signed()));
    columns.floats("rate", each().map(|cell| share(cell.bought, cell.buyers)));
    columns.maybe_floats("low", each().map(|cell| Some(wilson(cell.bought, cell.buyers)?.0)));
    columns.maybe_floats("high", each().map(|cell| Some(wilson(cell.bought, cell.buyers)?.1)));
    columns.floats("lift", each().map(Cell::lift));
    columns.floats("tgi", each().map(|cell| 100.0 * cell.lift()));
    let residuals: Vec<Option<f64>> = each().map(Cell::residual).collect();
    columns.maybe_floats("residual", residuals.iter().copied());
    let p = |residual: &Option<f64>| residual.map(|residual| libm::erfc(residual.abs() / std::f64::consts::SQRT_2));
    columns.maybe_floats(
        "p_adjusted",
        benjamini_hochberg(&residuals.iter().map(p).collect::<Vec<_>>()),
    );
    columns.maybe_floats("cramers_v", each().map(|cell| cell.association));
    columns.finish()
}

fn cells(width: usize, state: &CategorySales) -> Vec<Cell<'_>> {
    let all_buyers = state.buyers.values().sum();
    let mut bought: BTreeMap<i64, u64> = BTreeMap::new();
    for (key, cell) in state.cells.iter() {
        *bought.entry(key[width]).or_default() += cell.buyers;
    }
    let mut cells = Vec::new();
    for (&category, &all_bought) in &bought {
        let from = cells.len();
        for (group, &buyers) in state.buyers.iter().filter(|(_, buyers)| **buyers > 0) {
            let mut key = group.clone();
            key.push(category);
            cells.push(Cell {
                group,
                category,
                bought: state.cells.get(&key).map_or(0, |cell| cell.buyers),
                buyers,
                all_bought,
                all_buyers,
                association: None,
            });
        }
        // Of two by k fields V is the root of chi-square by the number of buyers.
        let chi_square: f64 = cells[from..].iter().map(Cell::chi_square).sum();
        let known = all_bought > 0 && all_bought < all_buyers && cells.len() - from > 1;
        let association = known.then(|| (chi_square / count(all_buyers)).sqrt());
        cells[from..].iter_mut().for_each(|cell| cell.association = association);
    }
    cells
}

impl Cell<'_> {
    /// The rate by that of all buyers.
    fn lift(&self) -> f64 {
        share(self.bought, self.buyers) / share(self.all_bought, self.all_buyers)
    }

    /// Haberman's adjusted residual, which is standard normal where the group buys the category as others do.
    fn residual(&self) -> Option<f64> {
        let (p, q) = (
            share(self.all_bought, self.all_buyers),
            share(self.buyers, self.all_buyers),
        );
        let variance = count(self.buyers) * p * (1.0 - p) * (1.0 - q);
        (variance > 0.0).then(|| (count(self.bought) - count(self.buyers) * p) / variance.sqrt())
    }

    /// What the group adds to Pearson's chi-square: of those who bought, and of those who did not.
    fn chi_square(&self) -> f64 {
        let p = share(self.all_bought, self.all_buyers);
        let expected = count(self.buyers) * p;
        let variance = expected * (1.0 - p);
        if variance > 0.0 {
            (count(self.bought) - expected).powi(2) / variance
        } else {
            0.0
        }
    }
}

#[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
fn count(of: u64) -> f64 {
    of as f64
}

fn share(part: u64, whole: u64) -> f64 {
    count(part) / count(whole)
}
