//! Drivers: what goes with buying again after the first order, or with leaving after the last one. Features are what was
//! known at that order; customers who were not followed for long enough say nothing.

use crate::analysis::{Analysis, Context, Customer, Outcome, PartitionView};
use crate::columns::NONE;
use crate::error::{Error, Result};
use crate::features::{FeatureTable, Unit, validate};
use crate::log::{Category, Facts, GroupBy, Scope, View};
use crate::orders::{Order, OrderBuilder, OrderKind, Refunds};
use crate::params::{options, words};
use crate::runtime;
use crate::stats::{LogitErrors, benjamini_hochberg};

use super::driver_units::{DriverUnit, DriverUnits};
use super::own_features::OwnFeature;

words! {
    /// What features go with.
    pub enum DriverOutcome {
        /// Another order within some time of the first.
        Repurchase = "repurchase",
        /// No other order in the last of the time, of customers who had one before.
        Lost = "lost",
    }
}

options! {
    /// What is asked for.
    pub struct DriverOptions {
        /// Columns, attributes, or what is known of an order itself: the source of each, and its name in the result.
        pub features: Vec<(String, String)>,
        /// What they go with.
        pub outcome: DriverOutcome,
        /// The time in which another order counts.
        pub within: i64,
        /// The time after the first order at which features are known.
        pub landmark: i64,
        /// What to do with refunds.
        pub refunds: Refunds,
    }
}

/// Where a feature comes from.
#[derive(Debug)]
pub(super) enum Source {
    /// What is known of the order itself.
    Own(OwnFeature),
    /// A number of the lines, by its place: their sum.
    Number(usize),
    /// A category or an attribute, by its place among those.
    Category(usize),
}

/// What goes with buying again.
#[derive(Debug)]
pub struct Drivers {
    scope: Scope,
    /// The end of observation.
    end: i64,
    refunds: Refunds,
    outcome: DriverOutcome,
    within: i64,
    landmark: i64,
    /// By feature: its name, and where it comes from.
    pub(super) features: Vec<(String, Source)>,
    pub(super) categories: Vec<GroupBy>,
    /// The category of a line, for the level of its price.
    pub(super) price_category: Option<usize>,
}

/// What the folds of a partition use again.
#[derive(Debug)]
pub struct Scratch<'a> {
    builder: OrderBuilder<'a>,
    purchases: Vec<(i64, usize)>,
    units: Vec<DriverUnit>,
    left_out: [u64; 2],
}

impl Analysis for Drivers {
    const NAME: &'static str = "drivers";
    const PER_CUSTOMER: bool = true;

    type Options = DriverOptions;
    type State = DriverUnits;
    type Rows = ();
    type Scratch<'a> = Scratch<'a>;
    type Output = Outcome;

    fn plan(options: DriverOptions, view: &View) -> Result<Self> {
        if options.features.is_empty() {
            return Err(Error::Argument(
                "features=[]: name columns, attributes of the customers, or some of \"amount\", \"items\", \"discounted\", \
                 \"price_level\""
                    .into(),
            ));
        }
        if options.outcome == DriverOutcome::Lost && options.landmark != 0 {
            return Err(Error::Argument(
                "landmark= is for outcome=\"repurchase\": leave it out with outcome=\"lost\"".into(),
            ));
        }
        if options.landmark >= options.within {
            return Err(Error::Argument("landmark= must be shorter than within=".into()));
        }
        let (mut features, mut categories) = (Vec::new(), Vec::new());
        for (source, name) in options.features {
            let own = OwnFeature::find(&source, view.facts(), options.outcome)?;
            let found = match (own, view.find_number(&source)) {
                (Some(own), _) => Source::Own(own),
                (None, Some(number)) => Source::Number(number),
                (None, None) => {
                    categories.push(view.group_by(&source)?);
                    Source::Category(categories.len() - 1)
                }
            };
            features.push((name, found));
        }
        let priced = features
            .iter()
            .any(|(_, source)| matches!(source, Source::Own(OwnFeature::PriceLevel)));
        let price_category = match view.find_category("category").filter(|_| priced) {
            Some(category) => {
                categories.push(GroupBy::Category(category));
                Some(categories.len() - 1)
            }
            None => None,
        };
        Ok(Self {
            scope: view.scope(None, None)?,
            end: view.facts().end(view.window).unwrap_or_default(),
            refunds: options.refunds,
            outcome: options.outcome,
            within: options.within,
            landmark: options.landmark,
            features,
            categories,
            price_category,
        })
    }

    fn categories<'a>(&'a self, facts: &'a Facts) -> Vec<Option<&'a Category>> {
        self.categories.iter().map(|by| Some(by.category(facts))).collect()
    }

    fn start(&self) -> DriverUnits {
        DriverUnits::default()
    }

    fn scratch<'a>(&'a self, part: &PartitionView<'a>) -> Scratch<'a> {
        Scratch {
            builder: OrderBuilder::new(part.facts, part.partition, self.refunds, self.scope.until),
            purchases: Vec::new(),
            units: Vec::new(),
            left_out: [0; 2],
        }
    }

    fn fold<'a>(
        &'a self,
        customer: &Customer<'a>,
        scratch: &mut Scratch<'a>,
        _: &mut DriverUnits,
        _: Option<&mut ()>,
    ) -> Result<()> {
        let Scratch {
            builder,
            purchases,
            units,
            left_out,
        } = scratch;
        let orders = builder.orders(customer.at())?.iter().enumerate();
        purchases.clear();
        purchases.extend(
            orders
                .filter(|(_, order)| order.kind == OrderKind::Purchase)
                .map(|(at, order)| (order.time, at)),
        );
        runtime::sort_by(purchases, Ord::cmp)?;
        match self.unit(purchases) {
            None => {}
            Some(Followed::Not(reason)) => left_out[reason as usize] += 1,
            Some(Followed::To(number, outcome)) => {
                // Of orders at one instant that with the most money, then that of the smallest values.
                let tied = purchases.iter().filter(|(time, _)| *time == purchases[number].0);
                let described = tied.map(|(_, at)| {
                    let order = builder.formed()[*at];
                    (order.money, self.describe(customer, builder, &order, number, outcome))
                });
                units.extend(
                    described
                        .min_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.order(other)))
                        .map(|of| of.1),
                );
            }
        }
        Ok(())
    }

    fn end_partition<'a>(&'a self, scratch: Scratch<'a>, state: &mut DriverUnits) {
        state.units.push(scratch.units);
        state.left_out[0] += scratch.left_out[0];
        state.left_out[1] += scratch.left_out[1];
    }

    fn finish(&self, state: DriverUnits, context: &Context<'_>) -> Result<Outcome> {
        let rows = state.sorted_by_key(context)?;
        let all = self
            .features
            .iter()
            .map(|(name, source)| self.feature(name, source, &rows, context.facts));
        let features = all.collect::<Result<Vec<_>>>()?;
        let units: Vec<Unit> = rows
            .iter()
            .map(|(cluster, unit)| Unit {
                cluster: *cluster,
                outcome: unit.outcome,
            })
            .collect();
        let mut timed: Vec<(i64, usize)> = rows.iter().map(|row| row.1.time).zip(0..).collect();
        runtime::sort(&mut timed, context.task)?;
        let order: Vec<usize> = timed.into_iter().map(|(_, at)| at).collect();
        let table = FeatureTable {
            units: "customers",
            adjust: benjamini_hochberg,
            errors: LogitErrors::Model,
        };
        let later = validate(&features, &units, &order)?;
        let counted = units.iter().filter(|unit| unit.outcome).count() as u64;
        let [early, unfollowed] = state.left_out;
        Ok(Outcome::table(table.of(&features, &units)?)
            .and("validation", later.table)
            .with("area", later.area)
            .with("brier", later.brier)
            .with("customers", units.len() as u64)
            .with("counted", counted)
            .with("early", early)
            .with("unfollowed", unfollowed))
    }
}

/// Why a customer says nothing.
#[derive(Debug, Clone, Copy)]
enum LeftOut {
    /// Ordered again by the landmark.
    Early,
    /// Was not followed for long enough.
    Unfollowed,
}

/// How a customer was followed.
enum Followed {
    /// From a purchase on, by its number from 0, and what came of it.
    To(usize, bool),
    /// Not so that it says something.
    Not(LeftOut),
}

impl Drivers {
    /// What purchases in the order of time say; nothing where none counts.
    fn unit(&self, purchases: &[(i64, usize)]) -> Option<Followed> {
        match self.outcome {
            DriverOutcome::Repurchase => {
                let first = purchases.first().filter(|(time, _)| *time >= self.scope.since)?.0;
                let next = purchases.get(1).map(|(time, _)| time - first);
                Some(if next.is_some_and(|next| self.landmark > 0 && next <= self.landmark) {
                    Followed::Not(LeftOut::Early)
                } else if self.end - first < self.within {
                    Followed::Not(LeftOut::Unfollowed)
                } else {
                    Followed::To(0, next.is_some_and(|next| next <= self.within))
                })
            }
            DriverOutcome::Lost => {
                // Who had bought by then, and did not in all of the time after it.
                let cut = self.end - self.within;
                let before = purchases.partition_point(|(time, _)| *time <= cut);
                if before == 0 {
                    return (!purchases.is_empty()).then_some(Followed::Not(LeftOut::Unfollowed));
                }
                purchases
                    .get(before - 1)
                    .filter(|(time, _)| *time >= self.scope.since)
                    .map(|_| Followed::To(before - 1, before == purchases.len()))
            }
        }
    }

    /// What is known of an order, the `number`th from 0.
    fn describe(
        &self,
        customer: &Customer<'_>,
        builder: &OrderBuilder<'_>,
        order: &Order,
        number: usize,
        outcome: bool,
    ) -> DriverUnit {
        let partition = customer.partition;
        let codes = |row: usize| {
            let code = move |by: &GroupBy| by.code(partition, customer.index, row);
            self.categories.iter().map(code)
        };
        let largest = builder.largest_line(builder.rows_of(order), codes);
        let number_of = |source: &Source| match source {
            Source::Own(own) => Some(own.of(builder, order, largest, number, self.end - self.within)),
            Source::Number(at) => Some(builder.number(order, *at).unwrap_or(f64::NAN)),
            Source::Category(_) => None,
        };
        DriverUnit {
            customer: customer.index.1,
            time: order.time,
            outcome,
            labels: largest.map_or_else(|| vec![NONE; self.categories.len()], |row| codes(row).collect()),
            numbers: self
                .features
                .iter()
                .filter_map(|(_, source)| number_of(source))
                .collect(),
        }
    }
}
