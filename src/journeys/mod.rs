//! What lies around a funnel: carts that are left, visits, the way through them, their rhythm and mix.

mod abandonment;
mod paths;
mod rhythm;
mod sessions;

pub use abandonment::{AbandonmentPlan, Episode, Status, abandonment, episode_table};
pub use paths::{PathPlan, Paths, paths};
pub use rhythm::{Rhythm, RhythmPlan, rhythm};
pub use sessions::{SessionPlan, Sessions, sessions};
