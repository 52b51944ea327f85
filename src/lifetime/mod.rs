//! Customer lifetime value: how often customers buy until they drop out, and how much they spend.
//!
//! The models see histories: repeat purchases (days with one, but for the first), the time of the last of them, and the
//! age, both since the first purchase. Equal histories are one with a weight.

mod backtest;
mod beta_geometric;
mod fit;
mod forecast;
mod gamma_gamma;
mod histories;
mod model;
mod orders;
mod pareto;
mod question;
mod ridge;

pub use backtest::{Backtest, backtest};
pub use fit::{Fit, FitStatus, fit};
pub use forecast::{Forecast, ForecastPlan, LifetimeOptions, Spending};
pub use gamma_gamma::{GammaGamma, fit_gamma_gamma};
pub use histories::{Histories, History};
pub use model::{Model, ModelKind};
pub use orders::{HistoryPlan, OrderHistories, PurchaseHistory};
pub use question::{Asked, Question};
