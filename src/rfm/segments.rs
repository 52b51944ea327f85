//! Segment rules: conditions on scores and values.

use crate::columns::Op;

/// A value of a customer that a rule can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Days since the last order.
    RecencyDays,
    /// Orders, days or rows.
    Frequency,
    /// Total or mean, as the analysis has it.
    Monetary,
    /// Net money.
    MonetaryTotal,
    /// Net money per order.
    MonetaryMean,
    /// What was refunded.
    RefundAmount,
    /// How many refunds.
    RefundOrders,
}

impl Measure {
    /// All of them with their column names.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::RecencyDays, "recency_days"),
        (Self::Frequency, "frequency"),
        (Self::Monetary, "monetary"),
        (Self::MonetaryTotal, "monetary_total"),
        (Self::MonetaryMean, "monetary_mean"),
        (Self::RefundAmount, "refund_amount"),
        (Self::RefundOrders, "refund_orders"),
    ];

    /// Its column name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(measure, _)| *measure == self)
            .map_or("", |(_, name)| name)
    }

    /// The least that it can be.
    #[must_use]
    pub fn least(self) -> f64 {
        match self {
            Self::RefundAmount => 0.0,
            _ => self.least_count().unwrap_or(f64::NEG_INFINITY),
        }
    }

    /// The least whole number it can be; `None` where it is any number.
    #[must_use]
    pub fn least_count(self) -> Option<f64> {
        match self {
            Self::RecencyDays | Self::RefundOrders => Some(0.0),
            Self::Frequency => Some(1.0),
            _ => None,
        }
    }
}

/// A comparison of a value with a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// What is compared.
    pub measure: Measure,
    /// How.
    pub op: Op,
    /// With what.
    pub value: f64,
}

/// The values of one customer, by [`Measure`].
pub type Values = [f64; 7];

impl Condition {
    /// Whether a customer's values meet it.
    #[must_use]
    pub fn holds(&self, values: &Values) -> bool {
        self.op.holds(values[self.measure as usize], self.value)
    }
}

/// A segment: a name, and who is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The stable code.
    pub code: String,
    /// The lowest and highest score of recency, frequency and monetary value.
    pub scores: [(u8, u8); 3],
    /// What must hold beside the scores.
    pub conditions: Vec<Condition>,
}

impl Rule {
    /// Whether a customer is in it.
    #[must_use]
    pub fn holds(&self, scores: [u8; 3], values: &Values) -> bool {
        self.takes(scores) && self.conditions.iter().all(|condition| condition.holds(values))
    }

    fn takes(&self, scores: [u8; 3]) -> bool {
        let mut each = self.scores.iter().zip(scores);
        each.all(|((low, high), score)| *low <= score && score <= *high)
    }
}

/// The first rule that holds; the values are asked for only where a rule looks at them.
#[must_use]
pub(super) fn first_match(rules: &[Rule], scores: [u8; 3], values: impl Fn() -> Values) -> Option<u32> {
    let fits = |rule: &Rule| rule.takes(scores) && (rule.conditions.is_empty() || rule.holds(scores, &values()));
    rules.iter().zip(0..).find(|(rule, _)| fits(rule)).map(|(_, at)| at)
}

/// The segment of every cell of scores, where no rule looks at values.
#[derive(Debug)]
pub(super) struct Cells {
    base: usize,
    segments: Vec<Option<u32>>,
}

impl Cells {
    /// Of rules for scores up to `best`, if there are few cells.
    pub(super) fn of(rules: &[Rule], best: u8) -> Option<Self> {
        const MOST: u8 = 10;
        if best > MOST || rules.iter().any(|rule| !rule.conditions.is_empty()) {
            return None;
        }
        let scores = 0..=best;
        let cells = scores.clone().flat_map(|r| scores.clone().map(move |f| (r, f)));
        let cells = cells.flat_map(|(r, f)| (0..=best).map(move |m| [r, f, m]));
        Some(Self {
            base: usize::from(best) + 1,
            segments: cells.map(|scores| first_match(rules, scores, || [0.0; 7])).collect(),
        })
    }

    /// The segment of a customer.
    pub(super) fn segment(&self, [r, f, m]: [u8; 3]) -> Option<u32> {
        self.segments[(usize::from(r) * self.base + usize::from(f)) * self.base + usize::from(m)]
    }
}
