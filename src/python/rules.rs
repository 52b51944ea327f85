//! Segment rules as Python hands them over.

use pyo3::prelude::*;

use super::errors::to_python;
use crate::error::{Error, Result};
use crate::rfm::{Condition, GRID, Measure, Name, OCTANTS, Overlaps, Rule, SegmentNames, TIERS, check};

/// `(code, name, (r, f, m), [(measure, op, value)])`.
pub(super) type PyRule = (String, String, [(u8, u8); 3], Vec<(String, String, f64)>);

pub(super) fn parse(from: &[PyRule]) -> Result<Vec<Rule>> {
    from.iter()
        .map(|(code, _, scores, conditions)| {
            let conditions = conditions.iter().map(condition).collect::<Result<_>>()?;
            Ok(Rule {
                code: code.clone(),
                scores: *scores,
                conditions,
            })
        })
        .collect()
}

fn condition((name, op, value): &(String, String, f64)) -> Result<Condition> {
    let measure = Measure::ALL.iter().find(|(_, known)| known == name);
    let Some((measure, _)) = measure else {
        let names: Vec<&str> = Measure::ALL.iter().map(|(_, name)| *name).collect();
        return Err(Error::Argument(format!(
            "where={name:?} is no value of a customer: give one of {}",
            names.join(", ")
        )));
    };
    Ok(Condition {
        measure: *measure,
        op: op.parse()?,
        value: *value,
    })
}

/// The names of a map, in a language.
pub(super) fn names(map: &str, language: &str) -> Result<SegmentNames> {
    let word: fn(&Name) -> &'static str = match language {
        "en" => |name| name.1,
        "zh" => |name| name.2,
        other => return Err(Error::Argument(format!("language={other:?}: give \"en\" or \"zh\""))),
    };
    let (all, of_rule): (&[Name], Vec<usize>) = match map {
        "grid" => (&GRID, (0..10).collect()),
        "tiers" => (&TIERS, vec![0, 1, 2, 3, 4, 4, 5]),
        "octants" => (&OCTANTS, (0..8).collect()),
        other => {
            return Err(Error::Argument(format!(
                "segments={other:?}: give \"grid\", \"tiers\", \"octants\" or ff.Segments([...])"
            )));
        }
    };
    let codes = all.iter().map(|name| name.0.into()).collect();
    Ok(SegmentNames {
        codes,
        names: all.iter().map(|name| word(name).into()).collect(),
        of_rule,
        rest: None,
    })
}

/// The names of a caller's own rules; rules of the same code are one segment.
pub(super) fn own_names(from: &[PyRule], rest: Option<(String, String)>) -> SegmentNames {
    let mut names = SegmentNames::default();
    for (code, name, _, _) in from {
        let known = names.codes.iter().position(|known| known == code);
        names.of_rule.push(known.unwrap_or(names.codes.len()));
        if known.is_none() {
            names.codes.push(code.clone());
            names.names.push(name.clone());
        }
    }
    if let Some((code, name)) = rest {
        let known = names.codes.iter().position(|known| *known == code);
        names.rest = Some(known.unwrap_or(names.codes.len()));
        if known.is_none() {
            names.codes.push(code);
            names.names.push(name);
        }
    }
    names
}

/// Refuse rules that leave gaps, overlap, or cannot be reached.
#[pyfunction]
pub(super) fn check_segments(
    py: Python<'_>,
    rules: Vec<PyRule>,
    scores: u8,
    rest: Option<String>,
    overlaps: &str,
) -> PyResult<()> {
    let checked = match overlaps {
        "raise" => Ok(Overlaps::Raise),
        "first" => Ok(Overlaps::First),
        other => Err(Error::Argument(format!(
            "overlaps={other:?}: give \"raise\" or \"first\""
        ))),
    };
    checked
        .and_then(|overlaps| check(&parse(&rules)?, scores, rest.as_deref(), overlaps))
        .map_err(|error| to_python(py, &error))
}

/// The codes and names of a built-in map, in its order.
#[pyfunction]
pub(super) fn segment_names(py: Python<'_>, map: &str, language: &str) -> PyResult<(Vec<String>, Vec<String>)> {
    names(map, language)
        .map(|names| (names.codes, names.names))
        .map_err(|error| to_python(py, &error))
}
