//! k-means clustering, and the selection of k.

mod assign;
mod bounds;
mod lloyd;
mod options;
mod points;
mod seeding;
mod select_k;

pub use assign::assign;
pub use lloyd::{KMeans, KMeansPlan, kmeans, not_finite};
pub use options::{KMeansOptions, from_options};
pub use points::{PointLayout, Points};
pub use select_k::choose;
