//! Customer lifetime value: predicted purchases over a horizon, discounted, times the predicted amount.

use arrow::array::RecordBatch;

use crate::analysis::{Analysis, Context, Customer, Outcome, PartitionView};
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log::View;
use crate::orders::Refunds;
use crate::params::{options, words};
use crate::runtime::{self, Task};
use crate::stats::gauss_legendre;

use super::fit::{Fit, fit};
use super::gamma_gamma::{GammaGamma, fit_gamma_gamma};
use super::histories::{Histories, History};
use super::model::{Model, ModelKind};
use super::orders::{HistoryPlan, HistoryState, OrderHistories};

words! {
    /// Which predictions are made.
    pub enum Predictions {
        /// All.
        All = "all",
        /// Those of a population of which enough came back for a model to be told from another.
        Told = "told",
    }
}

options! {
    /// What is asked for.
    pub struct LifetimeOptions {
        /// The model of purchases.
        pub model: ModelKind,
        /// How far it looks, in days.
        pub horizon: f64,
        /// By how much less a year later is worth: 0.1 for a tenth on top of one.
        pub discount: f64,
        /// The share of the money that is earned.
        pub margin: f64,
        /// What to do with refunds.
        pub refunds: Refunds,
        /// Which predictions are made.
        pub predictions: Predictions,
    }
}

/// A forecast, ready to be made.
#[derive(Debug, Clone, Copy)]
pub struct ForecastPlan {
    /// The model of purchases.
    pub kind: ModelKind,
    /// Which purchases are known.
    pub histories: HistoryPlan,
    /// How far it looks, in days.
    pub horizon: f64,
    /// By how much less a year later is worth: 0.1 for a tenth on top of one.
    pub discount: f64,
    /// The share of the money that is earned.
    pub margin: f64,
    /// Which predictions are made.
    pub predictions: Predictions,
}

/// What a purchase is worth.
#[derive(Debug, Clone, Copy)]
pub struct Spending {
    /// Gamma-Gamma, where enough customers came back to fit it.
    pub fit: Option<Fit<3>>,
    /// Customers from whom it was told: those with a repeat and a positive mean.
    pub customers: usize,
    /// Of customers without a repeat: the model's mean, or where it has none the mean over the repeats of all, or without
    /// any that of first days.
    pub population: f64,
    /// Customers with a repeat whose mean is not positive; they are not fitted, and have the population's.
    pub left_out: u64,
    /// The correlation of repeats and means, which the model takes for none.
    pub correlation: Option<f64>,
}

/// The models, and what they say of each customer.
#[derive(Debug)]
pub struct Forecast {
    /// What customers did.
    pub orders: OrderHistories,
    /// How often they buy.
    pub purchases: Fit<4>,
    /// What they spend.
    pub spending: Spending,
    /// The histories, equal ones together.
    pub histories: Histories,
    /// The model of purchases.
    pub model: Model,
    plan: ForecastPlan,
}

/// Customers with repeats from which spending and dropping out are told.
const ENOUGH: usize = 10;
const NODES: usize = 8;

/// What a history foretells.
#[derive(Debug, Clone, Copy, Default)]
struct Prediction {
    alive: f64,
    orders: f64,
    /// Expected purchases, each discounted to the end of observation.
    discounted: f64,
    next_mean: f64,
    next_median: f64,
}

impl Analysis for ForecastPlan {
    const NAME: &'static str = "lifetime";
    const PER_CUSTOMER: bool = true;

    type Options = LifetimeOptions;
    type State = HistoryState;
    type Rows = ();
    type Scratch<'a> = <HistoryPlan as Analysis>::Scratch<'a>;
    type Output = Forecast;

    fn plan(options: LifetimeOptions, view: &View) -> Result<Self> {
        Ok(Self {
            kind: options.model,
            histories: HistoryPlan {
                refunds: options.refunds,
                until: view.scope(None, None)?.until,
                later: i64::MAX,
            },
            horizon: options.horizon,
            discount: options.discount,
            margin: options.margin,
            predictions: options.predictions,
        })
    }

    fn start(&self) -> HistoryState {
        self.histories.start()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Self::Scratch<'a> {
        self.histories.scratch(part)
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Self::Scratch<'a>,
        state: &mut HistoryState,
        rows: Option<&mut ()>,
    ) -> Result<()> {
        self.histories.fold(customer, scratch, state, rows)
    }

    fn end_partition<'a>(&'a self, scratch: Self::Scratch<'a>, state: &mut HistoryState) {
        self.histories.end_partition(scratch, state);
    }

    fn finish(&self, state: HistoryState, context: &Context<'_>) -> Result<Forecast> {
        of_orders(self.histories.finish(state, context)?, self, context.task)
    }
}

pub(super) fn of_orders(orders: OrderHistories, plan: &ForecastPlan, task: &Task) -> Result<Forecast> {
    let histories = Histories::new(orders.bought.iter().map(|bought| bought.history), None);
    if histories.distinct.iter().all(|(history, _)| history.age <= 0.0) {
        return Err(Error::Data(format!(
            "lifetime needs customers who bought before the last day of the log, and none of its {} customers did: give a log \
             that goes on longer",
            orders.bought.len()
        )));
    }
    let purchases = fit(plan.kind, &histories, task)?;
    Ok(Forecast {
        spending: Spending::of(&orders, task)?,
        model: Model {
            kind: plan.kind,
            parameters: purchases.parameters,
        },
        orders,
        purchases,
        histories,
        plan: *plan,
    })
}

impl Spending {
    #[allow(clippy::cast_precision_loss)] // Counts lie far below 2⁵³.
    fn of(orders: &OrderHistories, task: &Task) -> Result<Self> {
        let again = || orders.bought.iter().filter(|bought| bought.history.repeats > 0.0);
        let customers: Vec<(f64, f64, f64)> = again()
            .filter(|bought| bought.repeat_mean > 0.0)
            .map(|bought| (bought.history.repeats, bought.repeat_mean, 1.0))
            .collect();
        let fit = (customers.len() >= ENOUGH)
            .then(|| fit_gamma_gamma(&customers, task))
            .transpose()?;
        let model = fit.map_or(f64::INFINITY, |fit| {
            GammaGamma {
                parameters: fit.parameters,
            }
            .mean()
        });
        let repeats: f64 = customers.iter().map(|(repeats, ..)| repeats).sum();
        let observed = if customers.is_empty() {
            orders.bought.iter().map(|bought| bought.first_money).sum::<f64>() / orders.bought.len() as f64
        } else {
            customers.iter().map(|(repeats, mean, _)| repeats * mean).sum::<f64>() / repeats
        };
        Ok(Self {
            fit,
            population: if model.is_finite() { model } else { observed },
            customers: customers.len(),
            left_out: (again().count() - customers.len()) as u64,
            correlation: correlation(&customers),
        })
    }

    /// The expected amount of a purchase.
    #[must_use]
    pub fn expected(&self, repeats: f64, mean: f64) -> f64 {
        let fit = self.fit.filter(|_| repeats > 0.0 && mean > 0.0);
        let model = fit.map(|fit| GammaGamma {
            parameters: fit.parameters,
        });
        let told = model.map(|model| model.expected(repeats, mean));
        told.filter(|amount| amount.is_finite()).unwrap_or(self.population)
    }
}

/// Pearson's correlation.
#[allow(clippy::cast_precision_loss)]
fn correlation(customers: &[(f64, f64, f64)]) -> Option<f64> {
    let n = customers.len() as f64;
    let (mut x, mut y) = (0.0, 0.0);
    for (repeats, mean, _) in customers {
        x += repeats / n;
        y += mean / n;
    }
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (repeats, mean, _) in customers {
        xx += (repeats - x).powi(2);
        yy += (mean - y).powi(2);
        xy += (repeats - x) * (mean - y);
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

impl Forecast {
    fn outlook(&self, history: &History, nodes: &[(f64, f64); NODES]) -> Prediction {
        let (horizon, yearly) = (self.plan.horizon, self.plan.discount.ln_1p() / 365.0);
        let orders = self.model.expected(history, horizon);
        // By parts: ∫ δ dE = δ(H)·E(H) − ∫ δ'·E dt, where δ' = −yearly·δ.
        let (mut discounted, half) = (orders * (-yearly * horizon).exp(), horizon / 2.0);
        if yearly != 0.0 {
            for (x, weight) in nodes {
                let t = half * (1.0 + x);
                discounted += half * weight * yearly * (-yearly * t).exp() * self.model.expected(history, t);
            }
        }
        Prediction {
            alive: self.model.p_alive(history, 0.0),
            orders,
            discounted,
            next_mean: self.model.next_mean(history),
            next_median: self.model.next_median(history),
        }
    }

    /// Expected purchases of each customer in a time after the end of observation, and the expected amount of each.
    pub(super) fn expected(&self, horizon: f64, task: &Task) -> Result<(Vec<f64>, Vec<f64>)> {
        let orders = self
            .histories
            .each(|history| self.model.expected(history, horizon), task)?;
        let amount = |at: usize| self.amount(at);
        Ok((orders, (0..self.orders.bought.len()).map(amount).collect()))
    }

    fn amount(&self, at: usize) -> f64 {
        let bought = &self.orders.bought[at];
        self.spending.expected(bought.history.repeats, bought.repeat_mean)
    }

    /// Whether nothing is predicted: so few came back that one model has all customers alive and another none.
    #[must_use]
    pub fn withheld(&self) -> bool {
        let again = self.orders.bought.iter().filter(|bought| bought.history.repeats > 0.0);
        self.plan.predictions == Predictions::Told && again.count() < ENOUGH
    }

    /// The chance of each customer to be one still, so many days after the end of observation.
    ///
    /// # Errors
    /// If the caller asked to stop, or Arrow cannot build the table.
    pub fn alive(&self, ahead: f64, task: &Task) -> Result<RecordBatch> {
        let mut columns = Columns::default();
        columns.push(self.orders.keys.clone());
        columns.floats(
            "p_alive",
            self.histories
                .each(|history| self.model.p_alive(history, ahead), task)?,
        );
        columns.finish()
    }

    /// One row per customer, in the order of the keys.
    ///
    /// # Errors
    /// If the caller asked to stop, or Arrow cannot build the table.
    #[allow(clippy::cast_possible_truncation)] // Repeats and days are whole and small.
    pub fn table(&self, task: &Task) -> Result<RecordBatch> {
        let nodes = gauss_legendre::<NODES>();
        let outlooks = self
            .histories
            .distinct_each(|history| self.outlook(history, &nodes), task)?;
        let bought = &self.orders.bought;
        let told = !self.withheld();
        let each = || {
            let places = self.histories.of.iter();
            places.map(|place| told.then(|| &outlooks[*place as usize]))
        };
        // A column a task: most of what each takes is the first touch of new memory.
        let column = |at: usize, to: &mut Columns| -> Result<()> {
            match at {
                0 => to.push(self.orders.keys.clone()),
                1 => to.ints("repeats", bought.iter().map(|bought| bought.history.repeats as i64)),
                2 => to.ints("last_seen", bought.iter().map(|bought| bought.history.last as i64)),
                3 => to.ints("age", bought.iter().map(|bought| bought.history.age as i64)),
                4 => to.maybe_floats("p_alive", each().map(|outlook| Some(outlook?.alive))),
                5 => to.maybe_floats("expected_orders", each().map(|outlook| Some(outlook?.orders))),
                6 => to.floats("expected_amount", (0..bought.len()).map(|at| self.amount(at))),
                7 => {
                    let value = |(at, outlook): (usize, Option<&Prediction>)| {
                        Some(outlook?.discounted * self.amount(at) * self.plan.margin)
                    };
                    to.maybe_floats("value", each().enumerate().map(value));
                }
                8 => to.maybe_floats("next_order_median", each().map(|outlook| Some(outlook?.next_median))),
                _ => {
                    let finite =
                        |outlook: Option<&Prediction>| Some(outlook?.next_mean).filter(|days| days.is_finite());
                    to.maybe_floats("next_order_mean", each().map(finite));
                }
            }
            Ok(())
        };
        let parts = runtime::map(10, task, |at| {
            let mut to = Columns::default();
            column(at, &mut to)?;
            Ok(to)
        })?;
        parts.into_iter().fold(Columns::default(), Columns::and).finish()
    }
}

impl Forecast {
    /// What is known of all customers together.
    #[must_use]
    pub fn info(&self) -> Outcome {
        Outcome::default()
            .with("customers", self.orders.bought.len() as u64)
            .with("spending_customers", self.spending.customers as u64)
            .with("last_day", self.orders.last_day)
            .with("population_amount", self.spending.population)
            .with("spending_left_out", self.spending.left_out)
            .with("correlation", self.spending.correlation)
            .with("withheld", self.withheld())
            .with("expected_new", self.model.expected_new(self.plan.horizon))
    }
}

impl From<Forecast> for Outcome {
    fn from(forecast: Forecast) -> Self {
        let parameters = forecast.purchases.parameters.to_vec();
        Self::default()
            .with("parameters", parameters)
            .with("log_likelihood", forecast.purchases.log_likelihood)
            .with("population_amount", forecast.spending.population)
            .with("customers", forecast.orders.bought.len() as u64)
    }
}
