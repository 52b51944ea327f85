//! The sample shop.

use pyo3::prelude::*;

use super::runtime::detach;
use super::table::Table;
use crate::error::Result;
use crate::synthetic::{Dirt, Planted, ShopPlan, generate};

/// Customers, events, orders, spend, after-sales contacts and the truth.
type Tables = (Table, Table, Table, Table, Table, Table);

/// The codes of the truths that can be planted.
#[pyfunction]
pub(super) fn shop_truths() -> Vec<&'static str> {
    Planted::ALL.iter().map(|(_, code)| *code).collect()
}

/// Make a sample shop; `dirt` holds the shares of null customers, null times, duplicates and late rows.
#[pyfunction]
#[pyo3(signature = (customers, seed, *, without, dirt, cycle=None))]
pub(super) fn make_shop(
    py: Python<'_>,
    customers: u32,
    seed: u64,
    without: Vec<String>,
    dirt: (f64, f64, f64, f64),
    cycle: Option<f64>,
) -> PyResult<Tables> {
    let (null_customer, null_time, duplicates, late) = dirt;
    let without = without
        .iter()
        .map(|code| code.parse())
        .collect::<Result<Vec<Planted>>>();
    let plan = ShopPlan {
        customers,
        seed,
        without: without?,
        dirt: Dirt {
            null_customer,
            null_time,
            duplicates,
            late,
        },
        cycle,
    };
    let shop = detach(py, |task| generate(&plan, task))?;
    Ok((
        shop.customers.into(),
        shop.events.into(),
        shop.orders.into(),
        shop.spend.into(),
        shop.after_sales.into(),
        shop.truth.into(),
    ))
}
