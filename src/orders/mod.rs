//! Order lines become orders inside a partition, and orders a summary per customer.

mod builder;
mod check;
mod export;
mod summary;
mod summary_fast;

pub use builder::{Kind, Order, OrderBuilder, Refunds};
pub use check::check_refunds;
pub use export::purchases;
pub use summary::{Days, Purchases, Refunded, Summary, SummaryOptions, SummaryPlan, summarize};
