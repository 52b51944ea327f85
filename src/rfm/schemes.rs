//! Built-in segmentation schemes.

use super::segments::{Condition, Measure, Rule};
use crate::columns::Op;

/// A built-in segment: code, English, Chinese.
pub type Name = (&'static str, &'static str, &'static str);

/// Ten segments on recency and frequency, an exact partition.
pub const GRID: [Name; 10] = [
    ("champions", "Champions", "冠军客户"),
    ("loyal", "Loyal", "忠诚客户"),
    ("potential_loyalists", "Potential loyalists", "潜在忠诚客户"),
    ("new", "New", "新客户"),
    ("promising", "Promising", "有潜力新客户"),
    ("need_attention", "Need attention", "需关注客户"),
    ("about_to_sleep", "About to sleep", "即将沉睡客户"),
    ("at_risk", "At risk", "流失风险客户"),
    ("cant_lose", "Can't lose", "不可流失客户"),
    ("hibernating", "Hibernating", "沉睡客户"),
];

/// Six tiers by value, first match.
pub const TIERS: [Name; 6] = [
    ("lost", "Lost", "流失客户"),
    ("loyal_high_value", "Loyal, high value", "高价值忠诚客户"),
    ("frequent_low_value", "Frequent, low value", "高频次低价值客户"),
    ("high_value_infrequent", "High value, infrequent", "高价值低频次客户"),
    ("potential", "Potential", "潜力客户"),
    ("general", "General", "一般客户"),
];

/// Eight cells of high and low R, F, M; in the order 111, 101, 011, 001, 110, 100, 010, 000.
pub const OCTANTS: [Name; 8] = [
    ("important_value", "Important, to value", "重要价值客户"),
    ("important_develop", "Important, to develop", "重要发展客户"),
    ("important_keep", "Important, to keep", "重要保持客户"),
    ("important_win_back", "Important, to win back", "重要挽留客户"),
    ("general_value", "General, to value", "一般价值客户"),
    ("general_develop", "General, to develop", "一般发展客户"),
    ("general_keep", "General, to keep", "一般保持客户"),
    ("general_win_back", "General, to win back", "一般挽留客户"),
];

const ANY: (u8, u8) = (1, u8::MAX);

fn rule(name: Name, r: (u8, u8), f: (u8, u8), m: (u8, u8)) -> Rule {
    Rule {
        code: name.0.into(),
        scores: [r, f, m],
        conditions: Vec::new(),
    }
}

/// The rules of [`GRID`].
#[must_use]
pub fn grid() -> Vec<Rule> {
    let scores = [
        ((5, 5), (4, 5)),
        ((3, 4), (4, 5)),
        ((4, 5), (2, 3)),
        ((5, 5), (1, 1)),
        ((4, 4), (1, 1)),
        ((3, 3), (3, 3)),
        ((3, 3), (1, 2)),
        ((1, 2), (3, 4)),
        ((1, 2), (5, 5)),
        ((1, 2), (1, 2)),
    ];
    GRID.iter()
        .zip(scores)
        .map(|(name, (r, f))| rule(*name, r, f, ANY))
        .collect()
}

/// The rules of [`TIERS`]; nobody is lost where no time is given. Potential takes two rules.
#[must_use]
pub fn tiers(lost_after: Option<f64>) -> Vec<Rule> {
    let mut lost = rule(TIERS[0], ANY, ANY, ANY);
    let value = lost_after.unwrap_or(f64::INFINITY);
    lost.conditions.push(Condition {
        measure: Measure::RecencyDays,
        op: Op::More,
        value,
    });
    vec![
        lost,
        rule(TIERS[1], ANY, (4, 5), (4, 5)),
        rule(TIERS[2], ANY, (4, 5), ANY),
        rule(TIERS[3], ANY, ANY, (4, 5)),
        rule(TIERS[4], ANY, (3, 3), ANY),
        rule(TIERS[4], ANY, ANY, (3, 3)),
        rule(TIERS[5], ANY, ANY, ANY),
    ]
}

/// The rules of [`OCTANTS`]; a score is high from its cut on.
#[must_use]
pub fn octants(cuts: [u8; 3]) -> Vec<Rule> {
    let cells = [
        [1, 1, 1],
        [1, 0, 1],
        [0, 1, 1],
        [0, 0, 1],
        [1, 1, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
    ];
    let range = |high: u8, cut: u8| {
        if high == 1 {
            (cut, u8::MAX)
        } else {
            (0, cut.saturating_sub(1))
        }
    };
    let cell =
        |(name, [r, f, m]): (&Name, [u8; 3])| rule(*name, range(r, cuts[0]), range(f, cuts[1]), range(m, cuts[2]));
    OCTANTS.iter().zip(cells).map(cell).collect()
}
