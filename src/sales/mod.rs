//! Sales by period, and what drove their change.

mod by_period;
mod contribution;
mod contribution_tables;
mod options;
mod period_sales;
mod standing;
mod table;
mod totals;

pub use by_period::Sales;
pub use contribution::{Contribution, ContributionOptions};
pub use options::{Compare, Measure, SalesAttribution, SalesOptions};
pub use totals::{GroupTotals, GroupTotalsOptions};
