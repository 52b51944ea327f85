//! What lies around a funnel: carts that are left, visits, the way through them, their rhythm and mix.

mod abandonment;
mod paths;
mod sessions;

pub use abandonment::{AbandonmentPlan, Episode, Status, abandonment, episode_table};
pub use paths::{PathPlan, Paths, paths};
pub use sessions::{SessionPlan, Sessions, sessions};
