//! Groups of alike customers: k-means, and how many groups there are.

mod assign;
mod bounds;
mod choice;
mod kmeans;
mod points;
mod seeding;

pub use assign::assign;
pub use choice::{choose, too_many};
pub use kmeans::{KMeans, KMeansPlan, check, kmeans, not_finite};
pub use points::{Layout, Points};
pub use seeding::seeds;
