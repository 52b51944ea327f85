//! Codes and names of segments, and rules as a caller writes them.

use crate::error::{Error, Result};
use crate::params::words;

use super::schemes::{GRID, Name, OCTANTS, TIERS, tiers};
use super::segments::{Condition, Measure, Rule, first_match};

words! {
    /// The language of names.
    pub enum Language {
        /// English.
        English = "en",
        /// Chinese.
        Chinese = "zh",
    }
}

/// A rule as a caller writes it: code, name, the least and the best of R, F and M, and conditions of a measure, a
/// comparison and a value.
pub type RuleOption = (String, String, [(u8, u8); 3], Vec<(String, String, f64)>);

/// Codes and names of segments, in the order of the map; the rest, if it has a name, comes last.
#[derive(Debug, Clone, Default)]
pub struct SegmentNames {
    /// Stable codes.
    pub codes: Vec<String>,
    /// What people read.
    pub names: Vec<String>,
    /// The name of each rule, as a place in the lists above.
    pub of_rule: Vec<usize>,
    /// The name of the customers that no rule takes.
    pub rest: Option<usize>,
}

impl SegmentNames {
    /// The place of a customer's name; -1 for none.
    #[must_use]
    pub fn place(&self, rule: Option<u32>) -> i32 {
        let place = rule.map(|rule| self.of_rule[rule as usize]).or(self.rest);
        place.and_then(|place| i32::try_from(place).ok()).unwrap_or(-1)
    }
}

/// Rules as a caller writes them.
///
/// # Errors
/// If a condition names no value of a customer.
pub fn parse_rules(from: &[RuleOption]) -> Result<Vec<Rule>> {
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
            "where={name:?} is not a value of a customer: give one of {}",
            names.join(", ")
        )));
    };
    Ok(Condition {
        measure: *measure,
        op: op.parse()?,
        value: *value,
    })
}

/// The names of a built-in scheme, in a language.
///
/// # Errors
/// If there is no such scheme.
pub fn scheme_names(scheme: &str, language: Language) -> Result<SegmentNames> {
    let word: fn(&Name) -> &'static str = match language {
        Language::English => |name| name.1,
        Language::Chinese => |name| name.2,
    };
    let (all, of_rule): (&[Name], Vec<usize>) = match scheme {
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
pub(super) fn own_names(from: &[RuleOption], rest: Option<(String, String)>) -> SegmentNames {
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

/// The tier of somebody who is not lost, by scores of frequency and monetary value that may lie between two.
#[must_use]
pub fn tier_of(frequency: f64, monetary: f64) -> &'static str {
    let rules = tiers(None);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Scores are small; below four is not four.
    let scores = [5, frequency as u8, monetary as u8];
    let found = first_match(&rules, scores, || [0.0; 7]);
    let code = found.map(|at| rules[at as usize].code.as_str());
    TIERS
        .iter()
        .find(|tier| Some(tier.0) == code)
        .map_or(TIERS[TIERS.len() - 1].0, |tier| tier.0)
}
