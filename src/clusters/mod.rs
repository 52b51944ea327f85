//! Groups of alike customers: k-means, and how many groups there are.

mod assign;
mod bounds;
mod choice;
mod kmeans;
mod points;
mod seeding;

pub use assign::{Assignment, assign};
pub use choice::{Choice, Quality, STABLE, adjusted_rand, best, choose};
pub use kmeans::{KMeans, KMeansPlan, kmeans};
pub use points::{Layout, Points};
pub use seeding::seeds;
