//! Bands: numbers of a column or an attribute cut at edges, so that an analysis can be broken down by them.

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type};

use super::attributes::TableId;
use super::category::Category;
use super::facts::Facts;
use super::group_by::GroupBy;
use super::partition::Partition;
use super::population::CustomerIndex;
use crate::columns::{Bytes, KeyType, Keys, NONE};
use crate::error::{Error, Result};

/// A column cut at edges: below the first, from each to before the next, and from the last on.
#[derive(Debug)]
pub struct Bands {
    /// What `by=` calls it.
    pub name: String,
    source: Banded,
    edges: Vec<f64>,
    labels: Category,
}

/// Where the numbers come from.
#[derive(Debug)]
enum Banded {
    /// A number of the rows, by its place.
    Number(usize),
    /// A category or an attribute, and the band of each of its codes.
    Codes(GroupBy, Vec<u32>),
}

impl Bands {
    /// Cut a number of the rows, by its place.
    ///
    /// # Errors
    /// If the edges do not rise.
    pub fn of_number(name: String, column: &str, at: usize, edges: Vec<f64>) -> Result<Self> {
        Ok(Self {
            name,
            source: Banded::Number(at),
            labels: labels(column, &edges)?,
            edges,
        })
    }

    /// Cut a category or an attribute that holds numbers.
    ///
    /// # Errors
    /// If it holds none, or the edges do not rise.
    pub fn of_group(name: String, column: &str, by: GroupBy, facts: &Facts, edges: Vec<f64>) -> Result<Self> {
        let (labels, codes) = cut(column, by.category(facts), &edges)?;
        Ok(Self {
            name,
            source: Banded::Codes(by, codes),
            edges,
            labels,
        })
    }

    /// The band of a row of a customer.
    #[must_use]
    pub fn code(&self, partition: &Partition, customer: CustomerIndex, row: usize) -> u32 {
        match &self.source {
            Banded::Number(at) => match partition.numbers[*at][row] {
                value if value.is_nan() => NONE,
                value => band_of(&self.edges, value),
            },
            Banded::Codes(by, bands) => match by.code(partition, customer, row) {
                NONE => NONE,
                code => bands[code as usize],
            },
        }
    }

    /// The band of each customer of a table of attributes, where that is what is cut.
    pub(super) fn of_table(&self, table: TableId) -> Option<Vec<u32>> {
        let Banded::Codes(by, bands) = &self.source else {
            return None;
        };
        let band = |code: u32| if code == NONE { NONE } else { bands[code as usize] };
        Some(by.of_table(table)?.into_iter().map(band).collect())
    }

    /// The bands, in the order of their edges.
    #[must_use]
    pub fn category(&self) -> &Category {
        &self.labels
    }

    /// Whether each row has its own.
    #[must_use]
    pub fn is_of_rows(&self) -> bool {
        match &self.source {
            Banded::Number(_) => true,
            Banded::Codes(by, _) => by.is_of_rows(),
        }
    }
}

/// The values of a category that holds numbers cut at edges: the bands, and the band of each code.
pub(super) fn cut(column: &str, category: &Category, edges: &[f64]) -> Result<(Category, Vec<u32>)> {
    let labels = labels(column, edges)?;
    let (field, values) = category.restore((0..).take(category.len()))?;
    if !field.data_type().is_numeric() {
        return Err(Error::Argument(format!(
            "bands({column:?}, …): the column holds {}, and bands are of numbers",
            field.data_type()
        )));
    }
    let values = cast(&values, &DataType::Float64)?;
    let codes = values.as_primitive::<Float64Type>().iter();
    let codes = codes.map(|value| value.map_or(NONE, |value| band_of(edges, value)));
    Ok((labels, codes.collect()))
}

/// The words of the bands between edges.
fn labels(column: &str, edges: &[f64]) -> Result<Category> {
    let rises = |pair: &[f64]| pair[0] < pair[1];
    if edges.is_empty() || !edges.iter().all(|edge| edge.is_finite()) || !edges.windows(2).all(rises) {
        return Err(Error::Argument(format!(
            "bands({column:?}, {edges:?}): give at least one finite edge, each larger than the one before"
        )));
    }
    let mut labels = Bytes::default();
    labels.push(format!("< {}", edges[0]).as_bytes());
    for pair in edges.windows(2) {
        labels.push(format!("[{}, {})", pair[0], pair[1]).as_bytes());
    }
    labels.push(format!("≥ {}", edges[edges.len() - 1]).as_bytes());
    let kind = KeyType::label("by", &Field::new(column, DataType::LargeUtf8, true))?;
    Ok(Category::in_order(kind, Keys::Bytes(labels)))
}

/// An edge belongs to the band that it begins.
fn band_of(edges: &[f64], value: f64) -> u32 {
    u32::try_from(edges.partition_point(|edge| *edge <= value)).unwrap_or(NONE)
}
