//! The Python module. A binding is five lines: unwrap, detach, call, map the error, wrap.

#![allow(clippy::needless_pass_by_value)] // What Python hands over is owned.

mod clusters;
mod convert;
mod customers;
mod errors;
mod files;
mod foreign;
mod foreign_layout;
mod foreign_schema;
mod funnel;
mod lifetime;
mod log;
mod models;
mod params;
mod registry;
mod rfm;
mod rules;
mod runtime;
mod shop;
mod statistics;
mod table;

use pyo3::prelude::*;

/// The Rust core of footfall.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::clusters::{choose_clusters, kmeans, nearest};
    #[pymodule_export]
    use super::convert::{check_column, check_zone};
    #[pymodule_export]
    use super::customers::CustomerTable;
    #[pymodule_export]
    use super::files::{CsvScan, ParquetFiles, ParquetScan};
    #[pymodule_export]
    use super::funnel::Funnel;
    #[pymodule_export]
    use super::lifetime::Lifetime;
    #[pymodule_export]
    use super::log::Log;
    #[pymodule_export]
    use super::models::{expected_new, fit_purchases, fit_spending, of_histories, of_spending, probability};
    #[pymodule_export]
    use super::params::check_word;
    #[pymodule_export]
    use super::registry::{analyses, finish, partial, run, run_rows};
    #[pymodule_export]
    use super::rfm::Rfm;
    #[pymodule_export]
    use super::rules::{check_segments, segment_names, tier_of};
    #[pymodule_export]
    use super::runtime::{get_threads, on_progress, set_threads};
    #[pymodule_export]
    use super::shop::{make_shop, shop_truths};
    #[pymodule_export]
    use super::statistics::{
        benjamini_hochberg, difference, holm, logit, population_stability, same_share, seasonal_trend, wilson,
    };
    #[pymodule_export]
    use super::table::Table;

    /// Say how memory is given back.
    #[pymodule_init]
    #[allow(clippy::unnecessary_wraps)] // The signature is that of an initialiser.
    fn init(_module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        crate::runtime::set_allocator(super::give_back);
        Ok(())
    }
}

/// The system's allocator keeps what was freed in pieces; this one gives it back, which a limit of memory needs.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[allow(unsafe_code)] // The allocator is written in C.
unsafe extern "C" {
    fn mi_collect(force: bool);
}

/// Give back what the allocator keeps for this thread.
#[allow(unsafe_code)]
fn give_back() {
    // SAFETY: the function looks at the heap of its own thread, and may be called at any time.
    unsafe { mi_collect(true) }
}
