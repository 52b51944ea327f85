//! What is asked of an RFM analysis.

use crate::error::{Error, Result};
use crate::log::{TimePoint, View};
use crate::orders::{Days, Refunds, SummaryPlan};
use crate::params::{options, words};

use super::edges::{BinEdges, Edges};
use super::names::{Language, RuleOption, SegmentNames, own_names, parse_rules, scheme_names};
use super::segments::Rule;

words! {
    /// What frequency counts.
    pub enum Frequency {
        /// Orders.
        Orders = "orders",
        /// Days with an order.
        Days = "days",
        /// Rows of orders.
        Rows = "rows",
    }
}

words! {
    /// What monetary value is.
    pub enum Monetary {
        /// Net money.
        Total = "total",
        /// Net money per order.
        Mean = "mean",
    }
}

/// How customers are named.
#[derive(Debug, Clone, PartialEq)]
pub enum SegmentScheme {
    /// Ten segments on recency and frequency.
    Grid,
    /// Six tiers; lost after so many days, or as the log itself says.
    Tiers(Option<f64>),
    /// Eight cells; high from these scores on, or from the mean score.
    Octants(Option<[f64; 3]>),
    /// Rules of the caller's.
    Own(Vec<Rule>),
}

options! {
    /// What is asked for.
    pub struct RfmOptions {
        /// The day from whose end recency counts back.
        pub as_of: Option<TimePoint>,
        /// Orders longer ago are left out.
        pub lookback: Option<i64>,
        /// What to do with refunds.
        pub refunds: Refunds,
        /// What frequency counts.
        pub frequency: Frequency,
        /// What monetary value is.
        pub monetary: Monetary,
        /// The best score.
        pub scores: u8,
        /// Edges to use instead of the data's own.
        pub edges: Option<[BinEdges; 3]>,
        /// How much each score weighs in the mean.
        pub weights: [f64; 3],
        /// The segmentation scheme: "grid", "tiers", "octants" or "own".
        pub scheme: String,
        /// The rules of a scheme of the caller's own.
        pub rules: Vec<RuleOption>,
        /// Code and name of the customers that no rule takes.
        pub rest: Option<(String, String)>,
        /// Days after which a customer counts as lost, for "tiers".
        pub lost_after: Option<f64>,
        /// The scores from which R, F and M are high, for "octants".
        pub cut: Option<[f64; 3]>,
        /// The language of the names.
        pub language: Language,
    }
}

/// An RFM analysis, ready to be run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The purchases of each customer, which are its state.
    pub summary: SummaryPlan,
    /// What frequency counts.
    pub frequency: Frequency,
    /// What monetary value is.
    pub monetary: Monetary,
    /// The best score.
    pub scores: u8,
    /// Edges to use instead of the data's own.
    pub edges: Option<Edges>,
    /// How much each score weighs in the mean.
    pub weights: [f64; 3],
    /// How customers are named.
    pub scheme: SegmentScheme,
    /// Codes and names of the segments.
    pub names: SegmentNames,
}

impl Plan {
    pub(super) fn new(options: RfmOptions, view: &View) -> Result<Self> {
        let (scheme, names) = match options.scheme.as_str() {
            "own" => (
                SegmentScheme::Own(parse_rules(&options.rules)?),
                own_names(&options.rules, options.rest),
            ),
            built_in => {
                let names = scheme_names(built_in, options.language)?;
                let scheme = match built_in {
                    "tiers" => SegmentScheme::Tiers(options.lost_after),
                    "octants" => SegmentScheme::Octants(options.cut),
                    _ => SegmentScheme::Grid,
                };
                (scheme, names)
            }
        };
        if !view.facts().roles.has_money() && !names.codes.is_empty() && scheme != SegmentScheme::Grid {
            return Err(Error::Data(
                "the log has no money (amount=None), which these segments ask for: give amount=, or type \
                 segments=\"grid\" (recency and frequency) or segments=None"
                    .into(),
            ));
        }
        let days = options.frequency == Frequency::Days || matches!(scheme, SegmentScheme::Tiers(None));
        Ok(Self {
            summary: SummaryPlan {
                scope: view.scope(options.as_of, options.lookback)?,
                refunds: options.refunds,
                days: if days { Days::Count } else { Days::Skip },
            },
            frequency: options.frequency,
            monetary: options.monetary,
            scores: options.scores,
            edges: options.edges.map(|[recency, frequency, monetary]| Edges {
                recency,
                frequency,
                monetary,
            }),
            weights: options.weights,
            scheme,
            names,
        })
    }
}
