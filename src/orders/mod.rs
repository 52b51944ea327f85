//! Order lines become orders inside a partition, and orders a summary per customer.

mod builder;
mod check;
mod export;
mod first_order;
mod quality;
mod smells;
mod summary;
mod summary_fast;
mod summary_state;

pub use builder::{Order, OrderBuilder, OrderKind, Refunds};
pub use check::check_refunds;
pub use export::purchases;
pub use quality::{event_quality, order_quality};
pub use smells::smells;
pub use summary::{Days, Summary, SummaryOptions, SummaryPlan, summarize, summarize_guests};
