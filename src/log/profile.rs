//! Profile: how many customers of a table have which attributes, and how many of them registered when.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use super::attributes::AttributeTable;
use super::bands::cut;
use super::category::Category;
use super::group_by::group_key;
use crate::columns::{Columns, NONE, TimeOptions};
use crate::error::{Error, Result};
use crate::runtime::Task;
use crate::time::{Calendar, Period};

/// More rows are a mistake in the times, or keys in place of attributes.
const MOST_ROWS: usize = 1 << 20;

impl AttributeTable {
    /// How many customers there are, by attributes (with edges, cut at them) and by the period of registration, if asked for:
    /// one row each, in the order of the values; nulls come last.
    ///
    /// # Errors
    /// If there is no such attribute, or it cannot be cut.
    pub fn profile(
        &self,
        by: &[(String, Vec<f64>)],
        period: Option<Period>,
        times: &TimeOptions,
        task: &Task,
    ) -> Result<RecordBatch> {
        let values: Vec<(Category, Vec<u32>)> = by
            .iter()
            .map(|(role, edges)| self.values(role, edges))
            .collect::<Result<_>>()?;
        let registered = period.map(|_| self.registered(times)).transpose()?;
        let mut calendar = registered.as_ref().map(|(_, zone)| Calendar::new(zone));
        let mut groups: BTreeMap<Vec<i64>, u64> = BTreeMap::new();
        let mut key = Vec::new();
        for customer in 0..self.customers() {
            if customer % (1 << 16) == 0 {
                task.check()?;
            }
            key.clear();
            key.extend(values.iter().map(|(_, codes)| group_key(codes[customer])));
            if let (Some(period), Some((joined, _)), Some(calendar)) = (period, &registered, &mut calendar) {
                let index = |at: i64| period.index(calendar.day(at));
                key.push(joined[customer].map_or(i64::MAX, index));
            }
            // A key is made only where the group is new.
            match groups.get_mut(key.as_slice()) {
                Some(count) => *count += 1,
                None => {
                    groups.insert(key.clone(), 1);
                }
            }
        }
        if groups.len() > MOST_ROWS {
            return Err(Error::Data(format!(
                "the profile would have {} rows: give attributes of fewer values, or cut numbers with ff.bands",
                groups.len()
            )));
        }
        let mut columns = Columns::default();
        for (at, ((role, _), (category, _))) in by.iter().zip(&values).enumerate() {
            let code = |key: &Vec<i64>| u32::try_from(key[at]).unwrap_or(NONE);
            columns.category(role, category, groups.keys().map(code))?;
        }
        if let Some(period) = period {
            let day = |key: &Vec<i64>| {
                key.last()
                    .filter(|index| **index != i64::MAX)
                    .map(|index| period.first_day(*index))
            };
            columns.maybe_dates("registered", groups.keys().map(day));
        }
        columns.ints("customers", groups.values().map(|count| count.cast_signed()));
        columns.finish()
    }

    /// The values of an attribute and the code of each customer; of numbers with edges, their bands.
    fn values(&self, role: &str, edges: &[f64]) -> Result<(Category, Vec<u32>)> {
        let (category, codes) = self.coded(role)?;
        if edges.is_empty() {
            return Ok((category.clone(), codes.to_vec()));
        }
        let (bands, of) = cut(role, category, edges)?;
        let code = |code: &u32| if *code == NONE { NONE } else { of[*code as usize] };
        Ok((bands, codes.iter().map(code).collect()))
    }
}
