//! Holdout validation: a model fitted before a day, predicted against actual.

use std::collections::HashMap;

use arrow::array::RecordBatch;

use crate::analysis::run;
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::{CustomerIndex, Log};
use crate::runtime::Task;

use super::forecast::{Forecast, ForecastPlan, of_orders};
use super::orders::{HistoryPlan, OrderHistories};

/// What was expected, and what came.
#[derive(Debug)]
pub struct Backtest {
    /// The models, fitted before the split.
    pub forecast: Forecast,
    /// One row per customer who bought before the split.
    pub customers: RecordBatch,
    /// One row per week: repeats of those customers so far, expected and counted.
    pub weeks: RecordBatch,
    /// Days from the split to the end.
    pub horizon: f64,
}

const WEEK: i64 = 7;

/// Fit before the first instant of a day (`split`, counted from 1970-01-01) and compare up to the plan's end.
///
/// # Errors
/// If no customer bought before the split, nothing can come after it, or the caller asked to stop.
#[allow(clippy::cast_precision_loss)] // Days are few.
pub fn backtest(log: &Log, plan: &ForecastPlan, split: i64, task: &Task) -> Result<Backtest> {
    let before = log.facts.zone.start_of_day(split);
    let all = HistoryPlan {
        later: split,
        ..plan.histories
    };
    let all = run(&all, log, task)?;
    let horizon = (all.last_day + 1 - split) as f64;
    if horizon <= 0.0 {
        return Err(Error::Argument(
            "split= lies behind the last day of the log: give a day inside it, so that there is something to compare with"
                .into(),
        ));
    }
    let known = HistoryPlan {
        until: before,
        ..plan.histories
    };
    let known = run(&known, log, task)?;
    if known.bought.is_empty() {
        return Err(Error::Argument(
            "split= lies before the first purchase: give a later day, so that there is something to fit".into(),
        ));
    }
    if known.bought.iter().all(|bought| bought.history.age <= 0.0) {
        return Err(Error::Argument(
            "split= lies on the day after the first purchases, so that nobody could come back before it: give a later day"
                .into(),
        ));
    }
    let forecast = of_orders(known, plan, task)?;
    Ok(Backtest {
        customers: customers(&forecast, &all, horizon, task)?,
        weeks: weeks(&forecast, &all)?,
        forecast,
        horizon,
    })
}

#[allow(clippy::cast_possible_truncation)] // Repeats and days are whole and small.
fn customers(forecast: &Forecast, all: &OrderHistories, horizon: f64, task: &Task) -> Result<RecordBatch> {
    let (orders, amounts) = forecast.expected(horizon, task)?;
    let bought = &forecast.orders.bought;
    let later: HashMap<CustomerIndex, (f64, f64)> = all
        .places
        .iter()
        .zip(&all.bought)
        .map(|(place, bought)| (*place, bought.later))
        .collect();
    let later: Vec<(f64, f64)> = forecast
        .orders
        .places
        .iter()
        .map(|place| later.get(place).copied().unwrap_or_default())
        .collect();
    let naive: Vec<f64> = bought
        .iter()
        .map(|bought| {
            if bought.history.age > 0.0 {
                bought.history.repeats / bought.history.age * horizon
            } else {
                0.0
            }
        })
        .collect();
    let mut columns = Columns::default();
    columns.push(forecast.orders.keys.clone());
    columns.ints("repeats", bought.iter().map(|bought| bought.history.repeats as i64));
    columns.floats("expected_orders", orders.iter().copied());
    columns.floats("orders", later.iter().map(|later| later.0));
    columns.floats("naive_orders", naive.iter().copied());
    columns.floats(
        "expected_money",
        orders.iter().zip(&amounts).map(|(orders, amount)| orders * amount),
    );
    columns.floats("money", later.iter().map(|later| later.1));
    columns.finish()
}

/// At the end of each week since the first purchase, in full weeks.
#[allow(clippy::cast_precision_loss)]
fn weeks(forecast: &Forecast, all: &OrderHistories) -> Result<RecordBatch> {
    let first = all.by_day.first().map_or(0, |(day, ..)| *day);
    let count = (all.last_day - first + 1) / WEEK;
    // Expected repeats by age, which customers of many days share.
    let by_age: Vec<f64> = (0..=count * WEEK)
        .map(|age| forecast.model.expected_new(age as f64))
        .collect();
    let ends: Vec<i64> = (1..=count).map(|week| first + week * WEEK - 1).collect();
    let expected = |end: &i64| -> f64 {
        let here = all.by_day.iter().take_while(|(day, ..)| day <= end);
        here.map(|(day, firsts, _)| *firsts as f64 * by_age[usize::try_from(end - day).unwrap_or_default()])
            .sum()
    };
    let counted = |end: &i64| -> i64 {
        let here = all.by_day.iter().take_while(|(day, ..)| day <= end);
        here.map(|(.., again)| again.cast_signed()).sum()
    };
    let mut columns = Columns::default();
    columns.dates("week", ends.iter().copied());
    columns.floats("expected", ends.iter().map(expected));
    columns.ints("actual", ends.iter().map(counted));
    columns.finish()
}
