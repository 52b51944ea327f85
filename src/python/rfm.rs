//! RFM: a native class, since it answers further questions.

use numpy::PyArray1;
use pyo3::prelude::*;

use super::log::Log;
use super::runtime::detach;
use super::table::Table;
use crate::analysis::{Analysis, Context, Outcome, fold_to_finish};
use crate::columns::{Columns, check_names};
use crate::log::View;
use crate::orders::{Days, SummaryPlan, order_quality, summarize};
use crate::params::{FromParams, Params, Value};
use crate::rfm::{self, Plan, RfmOptions};
use crate::stats::Lorenz;

/// Scores, three a customer, and places of segments.
type Rescored<'py> = (Bound<'py, PyArray1<u8>>, Bound<'py, PyArray1<i32>>);

/// The customers scored and named.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Rfm {
    view: View,
    summary: SummaryPlan,
    scored: rfm::Rfm,
    beyond: &'static str,
}

#[pymethods]
impl Rfm {
    /// Score a log.
    #[new]
    fn new(py: Python<'_>, log: &Log, params: Params) -> PyResult<Self> {
        let view = log.view.clone();
        let to_date = params.0.get("as_of").is_some_and(|as_of| *as_of != Value::Null);
        let plan = Plan::plan(RfmOptions::from_params(&params)?, &view)?;
        let summary = plan.summary;
        let scored = detach(py, |task| {
            let context = Context::of_log(&view.log, task);
            let scored = plan.score(fold_to_finish(&plan, &view.log, task)?, &context)?;
            check_names(&scored.column_names(&context))?;
            Ok(scored)
        })?;
        Ok(Self {
            view,
            summary,
            scored,
            beyond: if to_date { "as_of" } else { "period" },
        })
    }

    /// How many customers there are.
    #[getter]
    fn num_rows(&self) -> usize {
        self.scored.buyers.len()
    }

    /// The names of what is known of each.
    fn column_names(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        detach(py, |task| {
            let names = self.scored.column_names(&Context::of_log(&self.view.log, task));
            Ok(names.into_iter().map(String::from).collect())
        })
    }

    /// Some columns, by their numbers: one row per customer.
    fn columns(&self, py: Python<'_>, indices: Vec<usize>) -> PyResult<Table> {
        Ok(detach(py, |task| {
            self.scored.table(&indices, &Context::of_log(&self.view.log, task))
        })?
        .into())
    }

    /// One row per segment.
    fn segments(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(detach(py, |_| self.scored.segment_table(self.view.facts()))?.into())
    }

    /// The codes of the segments.
    #[getter]
    fn codes(&self) -> Vec<String> {
        self.scored.names.codes.clone()
    }

    /// The customers of a later analysis by the edges and rules of this one: three scores each, and the place of the
    /// segment in the codes, -1 for none.
    fn rescored<'py>(&self, py: Python<'py>, later: &Self) -> PyResult<Rescored<'py>> {
        let found = detach(py, |task| self.scored.score_with_edges(&later.scored, task))?;
        let scores = found.iter().flat_map(|(scores, _)| *scores).collect();
        let segments = found.iter().map(|(_, rule)| self.scored.names.place(*rule)).collect();
        Ok((PyArray1::from_vec(py, scores), PyArray1::from_vec(py, segments)))
    }

    /// The Lorenz curve in hundredths, the Gini coefficient, the share of the best fifth, and how many customers brought
    /// less than nothing.
    fn concentration(&self, py: Python<'_>) -> PyResult<(Table, Option<f64>, Option<f64>, u64)> {
        let (table, lorenz) = detach(py, |_| {
            let lorenz = Lorenz::new(self.scored.buyers.total.to_vec());
            let shares = || (0..=100).map(|share| f64::from(share) / 100.0);
            let mut columns = Columns::default();
            columns.floats("customer_share", shares());
            columns.maybe_floats(
                "revenue_share",
                shares().map(|share| lorenz.as_ref().map(|curve| curve.at(share))),
            );
            Ok((columns.finish()?, lorenz))
        })?;
        let lorenz = lorenz.as_ref();
        Ok((
            table.into(),
            lorenz.map(Lorenz::gini),
            lorenz.map(|curve| 1.0 - curve.at(0.8)),
            self.scored.buyers.total.iter().filter(|money| **money < 0.0).count() as u64,
        ))
    }

    /// Days after which a customer counts as lost: those of the map of tiers, else found for the same orders.
    fn lost_after(&self, py: Python<'_>) -> PyResult<Option<f64>> {
        if let Some(days) = self.scored.lost_after {
            return Ok(Some(days));
        }
        let plan = SummaryPlan {
            days: Days::Count,
            ..self.summary
        };
        let summary = detach(py, |task| summarize(&self.view.log, &plan, task))?;
        Ok(rfm::lost_after(&summary))
    }

    /// The edges used, the limits of the scheme, and the day that recency counts from.
    fn info(&self) -> Outcome {
        self.scored.info()
    }

    /// Rows read, used and left out, with reasons.
    fn quality(&self) -> Outcome {
        let facts = self.view.facts();
        let quality = order_quality(facts, &self.scored.summary, None, self.beyond);
        // The purchases have moved to the buyers.
        let (buyers, refunds) = (&self.scored.buyers, self.scored.refunds);
        quality
            .with("customers", buyers.len() as u64)
            .with("refund_orders", refunds.orders)
            .with("refund_amount", facts.unit.to_f64(-refunds.money))
    }
}
