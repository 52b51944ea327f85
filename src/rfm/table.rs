//! The tables of RFM: customers and segments.

use arrow::array::RecordBatch;

use super::model::Rfm;
use crate::analysis::Context;
use crate::columns::{Columns, check_names};
use crate::error::{Error, Result};
use crate::log::Facts;
use crate::runtime;
use crate::stats::median;

/// What is said of each customer, in the order of the columns behind the key.
const NAMES: &[&str] = &[
    "first_order",
    "last_order",
    "recency_days",
    "frequency",
    "monetary",
    "monetary_total",
    "monetary_mean",
    "refund_amount",
    "refund_orders",
    "r",
    "f",
    "m",
    "rfm",
    "score",
    "segment",
    "segment_name",
];
/// Those of them that need no segments.
const UNNAMED: usize = 14;

impl Rfm {
    /// The names of the columns of the table: the key, and what is said of each customer.
    #[must_use]
    pub fn column_names<'a>(&self, context: &Context<'a>) -> Vec<&'a str> {
        // Without segments the names end where the scores do.
        let said = if self.names.codes.is_empty() {
            &NAMES[..UNNAMED]
        } else {
            NAMES
        };
        std::iter::once(context.population.key_name())
            .chain(said.iter().copied())
            .collect()
    }

    /// One row per customer: some of the columns, by their numbers.
    ///
    /// # Errors
    /// If a column has the name of another, the caller asked to stop, or Arrow cannot build the table.
    pub fn table(&self, columns: &[usize], context: &Context<'_>) -> Result<RecordBatch> {
        let names = self.column_names(context);
        check_names(&names)?;
        let asked = |&at: &usize| match names.get(at) {
            Some(name) => Ok((at, *name)),
            None => Err(Error::Internal("a column that the table does not have".into())),
        };
        let columns: Vec<(usize, &str)> = columns.iter().map(asked).collect::<Result<_>>()?;
        // A column a task: most of what each takes is the first touch of new memory.
        let parts = runtime::map(columns.len(), context.task, |at| {
            let mut to = Columns::default();
            self.column(columns[at], &mut to, context)?;
            Ok(to)
        })?;
        parts.into_iter().fold(Columns::default(), Columns::and).finish()
    }

    /// One column, by its number and name.
    fn column(&self, (at, name): (usize, &str), to: &mut Columns, context: &Context<'_>) -> Result<()> {
        let money = context.facts.roles.has_money();
        let (buyers, scores, zone) = (&self.buyers, &self.scores, &context.facts.zone);
        let places = || self.segments.iter().map(|rule| self.names.place(*rule)).collect();
        match at {
            0 => to.push(context.population.keys(&buyers.places)?),
            1 => to.shared_times(name, &buyers.first, zone),
            2 => to.shared_times(name, &buyers.last, zone),
            3 => to.shared_ints(name, &buyers.recency),
            4 => to.shared_ints(name, &buyers.frequency),
            5..=8 if !money => to.maybe_floats(name, buyers.total.iter().map(|_| None)),
            5 => to.shared_floats(name, self.monetary()),
            6 => to.shared_floats(name, &buyers.total),
            7 => to.shared_floats(name, &buyers.mean),
            8 => to.shared_floats(name, &buyers.refund_amount),
            9 => to.shared_ints(name, &buyers.refunds),
            10..=12 => to.small_ints(name, scores.iter().map(|scores| i32::from(scores[at - 10]))),
            13 => {
                let (codes, words) = joined(scores, self.best);
                to.words(name, codes, &words)?;
            }
            14 => to.floats(name, scores.iter().map(|scores| weighted(*scores, self.weights))),
            15 => to.words(name, places(), &self.names.codes)?,
            _ => to.words(name, places(), &self.names.names)?,
        }
        Ok(())
    }

    /// One row per segment, in the order of the map.
    ///
    /// # Errors
    /// If Arrow cannot build the table.
    #[allow(clippy::cast_precision_loss)] // Counts of customers and days lie far below 2⁵³.
    pub fn segment_table(&self, facts: &Facts) -> Result<RecordBatch> {
        let names = &self.names;
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); names.codes.len()];
        for (at, rule) in self.segments.iter().enumerate() {
            if let Ok(place) = usize::try_from(names.place(*rule)) {
                members[place].push(at);
            }
        }
        let mut revenue = vec![0; members.len()];
        for (rule, money) in (0..).map(Some).take(self.rules.len()).chain([None]).zip(&self.revenue) {
            if let Ok(place) = usize::try_from(names.place(rule)) {
                revenue[place] += money;
            }
        }
        let all = facts.unit.to_f64(self.revenue.iter().sum());
        let middle = |value: &dyn Fn(usize) -> f64| -> Vec<Option<f64>> {
            members
                .iter()
                .map(|some| median(&mut some.iter().map(|&at| value(at)).collect::<Vec<_>>()))
                .collect()
        };
        let places: Vec<i32> = (0..).take(members.len()).collect();
        let share = |part: f64, whole: f64| (whole != 0.0).then(|| part / whole);
        let customers = self.buyers.len() as f64;
        let mut columns = Columns::default();
        columns.words("segment", places.clone(), &names.codes)?;
        columns.words("segment_name", places, &names.names)?;
        columns.ints(
            "customers",
            members.iter().map(|some| i64::try_from(some.len()).unwrap_or(i64::MAX)),
        );
        columns.maybe_floats("share", members.iter().map(|some| share(some.len() as f64, customers)));
        columns.floats("revenue", revenue.iter().map(|money| facts.unit.to_f64(*money)));
        columns.maybe_floats(
            "revenue_share",
            revenue.iter().map(|money| share(facts.unit.to_f64(*money), all)),
        );
        columns.maybe_floats("recency_median", middle(&|at| self.buyers.recency[at] as f64));
        columns.maybe_floats("frequency_median", middle(&|at| self.buyers.frequency[at] as f64));
        columns.maybe_floats("monetary_median", middle(&|at| self.monetary()[at]));
        columns.finish()
    }
}

/// The three scores side by side ("543"); with dashes where a score can have two digits. As codes into words.
fn joined(scores: &[[u8; 3]], best: u8) -> (Vec<i32>, Vec<String>) {
    let base = usize::from(best) + 1;
    let cell = |[r, f, m]: [u8; 3]| (usize::from(r) * base + usize::from(f)) * base + usize::from(m);
    let mut codes = vec![-1; base * base * base];
    for scores in scores {
        codes[cell(*scores)] = 0;
    }
    let mut words = Vec::new();
    let dash = if best > 9 { "-" } else { "" };
    for (cell, code) in codes.iter_mut().enumerate().filter(|(_, code)| **code == 0) {
        *code = i32::try_from(words.len()).unwrap_or(-1);
        words.push(format!(
            "{}{dash}{}{dash}{}",
            cell / base / base,
            cell / base % base,
            cell % base
        ));
    }
    (scores.iter().map(|scores| codes[cell(*scores)]).collect(), words)
}

fn weighted(scores: [u8; 3], weights: [f64; 3]) -> f64 {
    let sum: f64 = scores
        .iter()
        .zip(weights)
        .map(|(score, weight)| f64::from(*score) * weight)
        .sum();
    sum / weights.iter().sum::<f64>()
}
