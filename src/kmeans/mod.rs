//! Groups of alike customers: k-means, and how many groups there are.

mod assign;
mod bounds;
mod lloyd;
mod points;
mod seeding;
mod select_k;

pub use assign::assign;
pub use lloyd::{KMeans, KMeansPlan, check, kmeans, not_finite};
pub use points::{Layout, Points};
pub use seeding::seeds;
pub use select_k::{choose, too_many};
