//! The analyses by name: one line each gives it to Python, to states that are shipped, and to the tests of all
//! analyses.

use crate::analysis::{Analysis, Outcome, Partial, run as run_one, run_with_rows};
use crate::error::{Error, Result};
use crate::log::View;
use crate::params::{FromParams, Params};
use crate::runtime::Task;

macro_rules! registry {
    ($($Analysis:ty,)*) => {
        /// The names of all analyses.
        pub const NAMES: &[&str] = &[$(<$Analysis>::NAME),*];

        /// What an analysis finds in a log.
        ///
        /// # Errors
        /// If there is no such analysis, its options have no meaning, or the caller asked to stop.
        pub fn run(name: &str, params: &Params, view: &View, task: &Task) -> Result<Outcome> {
            match name {
                $(name if name == <$Analysis>::NAME => {
                    let plan = plan::<$Analysis>(params, view)?;
                    Ok(run_one(&plan, &view.log, task)?.into())
                })*
                other => Err(unknown(other)),
            }
        }

        /// The same, and the rows that its fold lists, as the table "rows".
        ///
        /// # Errors
        /// As of [`run`], or if the analysis lists no rows.
        pub fn run_rows(name: &str, params: &Params, view: &View, task: &Task) -> Result<Outcome> {
            match name {
                $(name if name == <$Analysis>::NAME => {
                    let plan = plan::<$Analysis>(params, view)?;
                    let (found, rows) = run_with_rows(&plan, &view.log, task)?;
                    Ok(Outcome::from(found).and("rows", rows))
                })*
                other => Err(unknown(other)),
            }
        }

        /// The state of an analysis of a log, as bytes.
        ///
        /// # Errors
        /// As of [`run`].
        pub fn partial(name: &str, params: &Params, view: &View, task: &Task) -> Result<Vec<u8>> {
            match name {
                $(name if name == <$Analysis>::NAME => {
                    Ok(Partial::<$Analysis>::of_log(params, view, task)?.encode())
                })*
                other => Err(unknown(other)),
            }
        }

        /// Several states as one.
        ///
        /// # Errors
        /// If they are damaged, of different things, or a customer is in two of them.
        pub fn merge(name: &str, params: &Params, view: &View, states: &[Vec<u8>]) -> Result<Vec<u8>> {
            match name {
                $(name if name == <$Analysis>::NAME => {
                    Ok(merged::<$Analysis>(params, view, states)?.encode())
                })*
                other => Err(unknown(other)),
            }
        }

        /// What a state says.
        ///
        /// # Errors
        /// If it is damaged, of something else, or the caller asked to stop.
        pub fn finish(name: &str, params: &Params, view: &View, state: &[u8], task: &Task) -> Result<Outcome> {
            match name {
                $(name if name == <$Analysis>::NAME => {
                    Ok(Partial::<$Analysis>::decode(params, view, state)?.finish(task)?.into())
                })*
                other => Err(unknown(other)),
            }
        }
    };
}

registry! {
    crate::goods::Baskets,
    crate::goods::Categories,
    crate::goods::Switching,
    crate::cohorts::Drivers,
    crate::cohorts::Lifecycle,
    crate::cohorts::OrderRetention,
    crate::cohorts::Repurchase,
    crate::cohorts::Retention,
    crate::funnel::Funnel,
    crate::journeys::Abandonment,
    crate::journeys::Attribution,
    crate::journeys::LastEvents,
    crate::journeys::Mix,
    crate::journeys::Paths,
    crate::journeys::Precision,
    crate::journeys::Rhythm,
    crate::journeys::Sessions,
    crate::journeys::Stages,
    crate::lifetime::ForecastPlan,
    crate::rfm::Plan,
    crate::sales::Contribution,
    crate::sales::GroupTotals,
    crate::sales::Sales,
}

fn plan<A: Analysis>(params: &Params, view: &View) -> Result<A> {
    A::plan(A::Options::from_params(params)?, view)
}

fn merged<'v, A: Analysis>(params: &Params, view: &'v View, states: &[Vec<u8>]) -> Result<Partial<'v, A>> {
    let mut all = Partial::empty(params, view)?;
    for state in states {
        all.merge(Partial::decode(params, view, state)?)?;
    }
    Ok(all)
}

fn unknown(name: &str) -> Error {
    Error::Argument(format!("{name:?} is no analysis; there are {}", NAMES.join(", ")))
}
