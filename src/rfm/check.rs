//! Checks that segment rules cover every customer, do not overlap and are reachable, by enumeration: every combination
//! of scores, and of the stretches into which the conditions cut the values, is tried once.

use super::segments::{Measure, Rule, Values};
use crate::error::{Error, Result};
use crate::params::words;

const MOST_CELLS: usize = 1 << 21;
const SHOWN: usize = 4;

words! {
    /// What to do with customers that two rules take.
    pub enum Overlaps {
        /// Refuse the rules.
        Raise = "raise",
        /// The first rule has them.
        First = "first",
    }
}

/// Refuse rules that leave gaps (unless the rest has a name), overlap, or cannot be reached.
///
/// # Errors
/// [`Error::Argument`], naming all of them.
pub fn check(rules: &[Rule], scores: u8, rest: Option<&str>, overlaps: Overlaps) -> Result<()> {
    let axes = Axes::new(rules, scores);
    let cells = axes.cells();
    if cells > MOST_CELLS {
        return Err(Error::Argument(format!(
            "segments: the rules cut the customers into {cells} cells, more than can be checked ({MOST_CELLS}); \
             use fewer thresholds"
        )));
    }
    let (mut gaps, mut doubles, mut reached) = (Vec::new(), Vec::new(), vec![false; rules.len()]);
    for cell in 0..cells {
        let (scores, values) = axes.cell(cell);
        let holding: Vec<usize> = (0..rules.len())
            .filter(|&rule| rules[rule].holds(scores, &values))
            .collect();
        match holding.split_first() {
            None => gaps.push(axes.describe(cell)),
            Some((first, others)) => {
                reached[*first] = true;
                if let Some(other) = others.iter().find(|other| rules[**other].code != rules[*first].code) {
                    let pair = format!("{:?} and {:?} in ", rules[*first].code, rules[*other].code);
                    doubles.push(pair + &axes.describe(cell));
                }
            }
        }
    }
    let mut faults = Vec::new();
    if rest.is_none() && !gaps.is_empty() {
        let help = "type default=\"…\" to name the customers that no rule takes";
        faults.push(fault("no rule takes", &gaps, help));
    }
    if overlaps == Overlaps::Raise && !doubles.is_empty() {
        faults.push(fault(
            "two rules take",
            &doubles,
            "type overlaps=\"first\" to let the first of them win",
        ));
    }
    let unreached = || rules.iter().zip(&reached).filter(|(_, reached)| !**reached);
    if unreached().count() > 0 {
        let names: Vec<String> = unreached().map(|(rule, _)| format!("{:?}", rule.code)).collect();
        faults.push(fault(
            "no customer can reach",
            &names,
            "earlier rules take all of theirs, or their limits are empty",
        ));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Argument(format!("segments: {}", faults.join(". "))))
    }
}

fn fault(what: &str, all: &[String], help: &str) -> String {
    let shown = all.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    let rest = all.len().saturating_sub(SHOWN);
    let more = if rest > 0 {
        format!(" and {rest} more")
    } else {
        String::new()
    };
    format!("{what} {shown}{more} ({help})")
}

/// The stretches that every score and value falls into.
struct Axes {
    scores: [Vec<(u8, u8)>; 3],
    values: Vec<(Measure, Vec<f64>)>,
}

impl Axes {
    fn new(rules: &[Rule], scores: u8) -> Self {
        let stretches = |axis: usize| {
            let mut starts = vec![1];
            for rule in rules {
                let (low, high) = rule.scores[axis];
                starts.extend(
                    [low, high.saturating_add(1)]
                        .into_iter()
                        .filter(|start| (2..=scores).contains(start)),
                );
            }
            starts.sort_unstable();
            starts.dedup();
            let ends = starts.iter().skip(1).map(|start| start - 1).chain([scores]);
            starts.iter().copied().zip(ends).collect()
        };
        Self {
            scores: std::array::from_fn(stretches),
            values: value_axes(rules),
        }
    }

    fn cells(&self) -> usize {
        let scores = self.scores.iter().map(Vec::len);
        scores
            .chain(self.values.iter().map(|(_, points)| points.len()))
            .fold(1, usize::saturating_mul)
    }

    /// A customer of each cell: its scores and values.
    fn cell(&self, mut cell: usize) -> ([u8; 3], Values) {
        let mut digit = |base: usize| {
            let digit = cell % base;
            cell /= base;
            digit
        };
        let scores = std::array::from_fn(|axis| self.scores[axis][digit(self.scores[axis].len())].0);
        let mut values = Values::default();
        for (measure, points) in &self.values {
            values[*measure as usize] = points[digit(points.len())];
        }
        (scores, values)
    }

    fn describe(&self, cell: usize) -> String {
        let (scores, values) = self.cell(cell);
        let range = |(axis, name): (usize, &str)| {
            let stretch = self.scores[axis].iter().find(|(low, _)| *low == scores[axis]);
            match stretch {
                Some((low, high)) if low != high => format!("{name} {low}–{high}"),
                _ => format!("{name} {}", scores[axis]),
            }
        };
        let mut text: Vec<String> = [(0, "R"), (1, "F"), (2, "M")].into_iter().map(range).collect();
        text.extend(
            self.values
                .iter()
                .map(|(measure, _)| format!("{} {}", measure.name(), values[*measure as usize])),
        );
        text.join(" ")
    }
}

/// For each measure that a rule looks at, one value of every stretch between its thresholds.
fn value_axes(rules: &[Rule]) -> Vec<(Measure, Vec<f64>)> {
    let conditions = || rules.iter().flat_map(|rule| &rule.conditions);
    let mut axes = Vec::new();
    for (measure, _) in Measure::ALL {
        let mut limits: Vec<f64> = conditions().filter(|c| c.measure == measure).map(|c| c.value).collect();
        if limits.is_empty() {
            continue;
        }
        limits.sort_by(f64::total_cmp);
        limits.dedup();
        limits.retain(|limit| limit.is_finite());
        let mut points = points(&limits, measure.least_count());
        points.retain(|point| *point >= measure.least());
        axes.push((measure, points));
    }
    axes
}

/// A point below, at, between and above the limits; for counts, whole numbers from the least on.
fn points(limits: &[f64], least: Option<f64>) -> Vec<f64> {
    let mut points: Vec<f64> = if let Some(least) = least {
        let near = limits
            .iter()
            .flat_map(|limit| [limit.ceil() - 1.0, limit.floor(), limit.floor() + 1.0]);
        near.chain([least])
            .filter(|point| *point >= least && point.is_finite())
            .collect()
    } else {
        if limits.is_empty() {
            return vec![0.0];
        }
        let between = limits.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
        let ends = [limits[0] - 1.0, limits[limits.len() - 1] + 1.0];
        limits.iter().copied().chain(between).chain(ends).collect()
    };
    points.sort_by(f64::total_cmp);
    points.dedup();
    points
}

#[cfg(test)]
mod tests {
    use super::super::schemes;
    use super::super::segments::Condition;
    use super::*;
    use crate::columns::Op;

    fn rule(code: &str, r: (u8, u8), f: (u8, u8)) -> Rule {
        Rule {
            code: code.into(),
            scores: [r, f, (1, 5)],
            conditions: Vec::new(),
        }
    }

    #[test]
    fn the_built_in_maps_are_maps() {
        assert_eq!(check(&schemes::grid(), 5, None, Overlaps::Raise), Ok(()));
        assert_eq!(check(&schemes::octants([4, 2, 3]), 5, None, Overlaps::Raise), Ok(()));
        assert_eq!(check(&schemes::tiers(Some(90.0)), 5, None, Overlaps::First), Ok(()));
    }

    #[test]
    fn gaps_overlaps_and_the_unreachable_are_named() {
        let rules = [
            rule("good", (4, 5), (1, 5)),
            rule("best", (5, 5), (4, 5)),
            rule("bad", (1, 2), (1, 5)),
        ];
        let text = check(&rules, 5, None, Overlaps::Raise).unwrap_err().to_string();
        assert!(text.contains("no rule takes R 3 F 1–3 M 1–5"), "{text}");
        assert!(
            text.contains("two rules take \"good\" and \"best\" in R 5 F 4–5 M 1–5"),
            "{text}"
        );
        assert!(text.contains("no customer can reach \"best\""), "{text}");
    }

    #[test]
    fn conditions_on_counts_are_tried_on_whole_numbers() {
        let between = |op, value| Condition {
            measure: Measure::Frequency,
            op,
            value,
        };
        let mut none = rule("none", (1, 5), (1, 5));
        none.conditions = vec![between(Op::More, 3.0), between(Op::Less, 4.0)];
        let text = check(&[none], 5, Some("rest"), Overlaps::Raise)
            .unwrap_err()
            .to_string();
        assert!(text.contains("no customer can reach \"none\""), "{text}");
        let mut one = rule("one", (1, 5), (1, 5));
        one.conditions = vec![between(Op::Less, 2.0)];
        let text = check(&[one.clone()], 5, None, Overlaps::Raise).unwrap_err().to_string();
        assert!(text.contains("no rule takes R 1–5 F 1–5 M 1–5 frequency 2"), "{text}");
        assert_eq!(check(&[one], 5, Some("rest"), Overlaps::Raise), Ok(()));
    }
}
