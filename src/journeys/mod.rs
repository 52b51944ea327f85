//! What lies around a funnel: cart abandonment, sessions, paths, activity by hour, mix of sessions, recommendations.

mod abandonment;
mod attribution;
mod cart_episodes;
mod cart_features;
mod cart_finder;
mod cart_groups;
mod daily;
mod histogram;
mod last_events;
mod mix;
mod mix_table;
mod paths;
mod precision;
mod rhythm;
mod sessions;
mod stages;

pub use abandonment::{Abandonment, AbandonmentOptions};
pub use attribution::{Attribution, AttributionOptions, Conversions};
pub use cart_episodes::EpisodeStatus;
pub use last_events::{LastEventOptions, LastEvents};
pub use mix::{Mix, MixOptions};
pub use paths::{PathOptions, Paths};
pub use precision::{Precision, PrecisionOptions};
pub use rhythm::{Rhythm, RhythmOptions};
pub use sessions::{SessionOptions, Sessions};
pub use stages::{StageOptions, Stages};
