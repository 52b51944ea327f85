//! Plain mathematics over slices and numbers: no Arrow, no threads, no Python.

mod chi_square;
mod cycle;
mod decompose;
mod design_effect;
mod dropout;
mod firth;
mod gamma;
mod legendre;
mod logit;
mod lorenz;
mod newton;
mod peaks;
mod psi;
mod quantile;
mod shares;
mod survival;
mod trend;
mod wilson;

pub use chi_square::chi_square_survival;
pub use cycle::{CycleTest, typical_gap};
pub use decompose::shapley_decomposition;
pub use design_effect::ClusteredProportion;
pub use dropout::{Dropout, softplus};
pub use gamma::{digamma, ln_gamma, rising, trigamma};
pub use legendre::gauss_legendre;
pub use logit::{Logit, LogitErrors, LogitMethod, Observation, logit};
pub use lorenz::Lorenz;
pub use newton::{Ended, Maximum, Point, inverse, maximise};
pub use peaks::{CountVariance, Peak, overdispersion, peaks};
pub use psi::population_stability;
pub use quantile::{median, quantile, quantile_of_ints};
pub use shares::{Interval, area_under_curve, benjamini_hochberg, difference, holm, two_proportion_z_test};
pub use survival::{LogRank, Spells, SurvivalPoint, kaplan_meier_quantile, log_rank};
pub use trend::{Trend, seasonal_trend};
pub use wilson::{wilson, wilson_effective};
