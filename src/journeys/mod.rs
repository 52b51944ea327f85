//! What lies around a funnel: carts that are left, visits, the way through them, their rhythm and mix.

mod abandonment;
mod daily;
mod mix;
mod mix_table;
mod paths;
mod precision;
mod rhythm;
mod sessions;

pub use abandonment::{AbandonmentPlan, Episode, Status, abandonment, episode_table};
pub use daily::Daily;
pub use mix::{MixPlan, mix};
pub use paths::{PathPlan, Paths, paths};
pub use precision::{Precision, PrecisionPlan, precision};
pub use rhythm::{Rhythm, RhythmPlan, rhythm};
pub use sessions::{SessionPlan, Sessions, sessions};
