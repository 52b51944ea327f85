//! The Python module. A binding is five lines: unwrap, detach, call, map the error, wrap.

#![allow(clippy::needless_pass_by_value)] // What Python hands over is owned.

mod by;
mod clusters;
mod customers;
mod errors;
mod funnel;
mod input;
mod journeys;
mod lifetime;
mod log;
mod mix;
mod models;
mod output;
mod quality;
mod rfm;
mod rules;
mod runtime;
mod sales;
mod shop;
mod statistics;
mod time_point;

use pyo3::prelude::*;

/// The Rust core of footfall.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::clusters::{choose_clusters, kmeans, nearest};
    #[pymodule_export]
    use super::customers::CustomerTable;
    #[pymodule_export]
    use super::funnel::Funnel;
    #[pymodule_export]
    use super::input::check_column;
    #[pymodule_export]
    use super::journeys::{abandonment, paths, retention, rhythm, sessions};
    #[pymodule_export]
    use super::lifetime::Lifetime;
    #[pymodule_export]
    use super::log::Log;
    #[pymodule_export]
    use super::mix::{mix, precision};
    #[pymodule_export]
    use super::models::{expected_new, fit_purchases, fit_spending, of_histories, of_spending, probability};
    #[pymodule_export]
    use super::output::Table;
    #[pymodule_export]
    use super::rfm::Rfm;
    #[pymodule_export]
    use super::rules::{check_segments, segment_names};
    #[pymodule_export]
    use super::runtime::{get_threads, on_progress, set_threads};
    #[pymodule_export]
    use super::sales::sales_by_period;
    #[pymodule_export]
    use super::shop::{make_shop, shop_truths};
    #[pymodule_export]
    use super::statistics::{clustered_share, difference, holm, same_share, seasonal_trend};
}

/// The system's allocator keeps what was freed in pieces; this one gives it back, which a limit of memory needs.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;
