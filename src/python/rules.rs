//! Segment rules and names of segments.

use pyo3::prelude::*;

use crate::params::Params;
use crate::rfm::{Overlaps, RuleOption, check, parse_rules, scheme_names};

/// Refuse rules that leave gaps, overlap, or cannot be reached.
#[pyfunction]
pub(super) fn check_segments(params: Params) -> PyResult<()> {
    let rules: Vec<RuleOption> = params.get("rules")?;
    let (scores, rest): (u8, Option<String>) = (params.get("scores")?, params.get("rest")?);
    let overlaps: Overlaps = params.get("overlaps")?;
    Ok(check(&parse_rules(&rules)?, scores, rest.as_deref(), overlaps)?)
}

/// The codes and names of a built-in scheme, in its order.
#[pyfunction]
pub(super) fn segment_names(params: Params) -> PyResult<(Vec<String>, Vec<String>)> {
    let scheme: String = params.get("scheme")?;
    let names = scheme_names(&scheme, params.get("language")?)?;
    Ok((names.codes, names.names))
}

/// The tier of a cluster that is not lost, by its median scores of frequency and monetary value.
#[pyfunction]
pub(super) fn tier_of(frequency: f64, monetary: f64) -> &'static str {
    crate::rfm::tier_of(frequency, monetary)
}
