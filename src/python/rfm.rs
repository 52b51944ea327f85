//! RFM.

use std::sync::Arc;

use arrow::array::RecordBatch;
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::errors::to_python;
use super::log::{Log, taken};
use super::output::Table;
use super::quality::quality;
use super::rules::{PyRule, names, own_names, parse};
use super::runtime::run;
use super::time_point::Moment;
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::log as core;
use crate::rfm::{BinEdges, Edges, Frequency, Monetary, Plan, SegmentNames, SegmentScheme, rfm};
use crate::stats::Lorenz;

/// Scores, three a customer, and places of segments.
type Rescored<'py> = (Bound<'py, PyArray1<u8>>, Bound<'py, PyArray1<i32>>);

/// The customers scored and named.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct Rfm {
    log: Arc<core::Log>,
    scored: crate::rfm::Rfm,
    names: SegmentNames,
    table: RecordBatch,
    last_day: i64,
    beyond: &'static str,
}

#[pymethods]
impl Rfm {
    /// Score a log.
    #[new]
    #[pyo3(signature = (log, *, as_of, lookback, refunds, frequency, monetary, scores, edges, weights, map, rules, rest,
        lost_after, cut, language))]
    #[allow(clippy::too_many_arguments)] // One per option of the contract.
    fn new(
        py: Python<'_>,
        log: &Log,
        as_of: Option<Moment>,
        lookback: Option<i64>,
        refunds: &str,
        frequency: &str,
        monetary: &str,
        scores: u8,
        edges: Option<[BinEdges; 3]>,
        weights: [f64; 3],
        map: &str,
        rules: Vec<PyRule>,
        rest: Option<(String, String)>,
        lost_after: Option<f64>,
        cut: Option<[f64; 3]>,
        language: &str,
    ) -> PyResult<Self> {
        let beyond = if as_of.is_some() { "as_of" } else { "period" };
        let scope = log.scope(as_of, lookback).map_err(|error| to_python(py, &error))?;
        let plan = || -> Result<(Plan, SegmentNames)> {
            let (map, names) = named(map, &rules, rest, lost_after, cut, language)?;
            let refunds = taken(refunds)?;
            let (frequency, monetary) = (counted(frequency)?, valued(monetary)?);
            let edges = edges.map(|[recency, frequency, monetary]| Edges {
                recency,
                frequency,
                monetary,
            });
            Ok((
                Plan {
                    scope,
                    refunds,
                    frequency,
                    monetary,
                    scores,
                    edges,
                    weights,
                    map,
                },
                names,
            ))
        };
        let (plan, names) = plan().map_err(|error| to_python(py, &error))?;
        let (rfm, table) = run(py, |task| {
            let rfm = rfm(&log.rows, &plan, task)?;
            let table = rfm.table(&log.rows, &names, scores, weights, task)?;
            Ok((rfm, table))
        })?;
        Ok(Self {
            log: log.rows.clone(),
            scored: rfm,
            names,
            table,
            last_day: scope.last_day,
            beyond,
        })
    }

    /// One row per customer.
    #[getter]
    fn table(&self) -> Table {
        self.table.clone().into()
    }

    /// One row per segment.
    fn segments(&self, py: Python<'_>) -> PyResult<Table> {
        Ok(run(py, |_| self.scored.segment_table(&self.log, &self.names))?.into())
    }

    /// The codes of the segments.
    #[getter]
    fn codes(&self) -> Vec<String> {
        self.names.codes.clone()
    }

    /// The customers of a segment.
    fn customers(&self, py: Python<'_>, code: &str) -> PyResult<Table> {
        let wanted = self.names.codes.iter().position(|known| known == code);
        let of_rule = |rule: &Option<u32>| rule.map_or(self.names.rest, |rule| Some(self.names.of_rule[rule as usize]));
        let keep = self
            .scored
            .segments
            .iter()
            .map(|rule| wanted.is_some() && of_rule(rule) == wanted);
        let keep: arrow::array::BooleanArray = keep.map(Some).collect();
        let kept = run(py, |_| Ok(arrow::compute::filter_record_batch(&self.table, &keep)?))?;
        Ok(kept.into())
    }

    /// The customers of a later analysis by the edges and rules of this one: three scores each, and the place of the
    /// segment in the codes, -1 for none.
    fn rescored<'py>(&self, py: Python<'py>, later: &Self) -> PyResult<Rescored<'py>> {
        let found = run(py, |task| self.scored.score_with_edges(&later.scored, task))?;
        let scores = found.iter().flat_map(|(scores, _)| *scores).collect();
        let segments = found.iter().map(|(_, rule)| self.names.place(*rule)).collect();
        Ok((PyArray1::from_vec(py, scores), PyArray1::from_vec(py, segments)))
    }

    /// The Lorenz curve in hundredths, the Gini coefficient, and the share of the best fifth.
    fn concentration(&self, py: Python<'_>) -> PyResult<(Table, Option<f64>, Option<f64>)> {
        let (table, lorenz) = run(py, |_| {
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
        ))
    }

    /// The edges used, the limits of the map, and the day that recency counts from.
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let to = PyDict::new(py);
        let edges = &self.scored.edges;
        to.set_item("edges", (&edges.recency, &edges.frequency, &edges.monetary))?;
        to.set_item("lost_after", self.scored.lost_after)?;
        to.set_item("high", self.scored.high.map(|[r, f, m]| (r, f, m)))?;
        to.set_item("last_day", self.last_day)?;
        let best = (0..3).map(|axis| self.scored.scores.iter().map(|scores| scores[axis]).max());
        to.set_item("best", best.collect::<Vec<_>>())?;
        Ok(to)
    }

    /// Rows read, used and left out, with reasons.
    fn quality<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let to = quality(py, &self.log, &self.scored.summary, self.beyond)?;
        let buyers = &self.scored.buyers;
        to.set_item("customers", buyers.len())?;
        to.set_item("refund_orders", buyers.refunds.iter().sum::<i64>())?;
        to.set_item("refund_amount", self.log.unit.to_f64(-buyers.refunded))?;
        Ok(to)
    }
}

fn named(
    map: &str,
    own: &[PyRule],
    rest: Option<(String, String)>,
    lost_after: Option<f64>,
    cut: Option<[f64; 3]>,
    language: &str,
) -> Result<(SegmentScheme, SegmentNames)> {
    match map {
        "own" => Ok((SegmentScheme::Own(parse(own)?), own_names(own, rest))),
        "tiers" => Ok((SegmentScheme::Tiers(lost_after), names(map, language)?)),
        "octants" => Ok((SegmentScheme::Octants(cut), names(map, language)?)),
        _ => Ok((SegmentScheme::Grid, names(map, language)?)),
    }
}

fn counted(frequency: &str) -> Result<Frequency> {
    match frequency {
        "orders" => Ok(Frequency::Orders),
        "days" => Ok(Frequency::Days),
        "rows" => Ok(Frequency::Rows),
        other => Err(Error::Argument(format!(
            "frequency={other:?}: give \"orders\", \"days\" or \"rows\""
        ))),
    }
}

fn valued(monetary: &str) -> Result<Monetary> {
    match monetary {
        "total" => Ok(Monetary::Total),
        "mean" => Ok(Monetary::Mean),
        other => Err(Error::Argument(format!(
            "monetary={other:?}: give \"total\" or \"mean\""
        ))),
    }
}
