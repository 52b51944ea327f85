//! Questions that a model of purchases answers for each history.

use crate::params::{options, words};

use super::histories::History;
use super::model::{Model, ModelKind};

options! {
    /// A question that a model of purchases answers for each history.
    pub struct Question {
        /// The model.
        pub model: ModelKind,
        /// Its parameters.
        pub parameters: [f64; 4],
        /// What is asked.
        pub what: Asked,
        /// So much later, or in so much time.
        pub time: f64,
    }
}

words! {
    /// What a model of purchases says of a history.
    pub enum Asked {
        /// The log-likelihood.
        LogLikelihood = "log_likelihood",
        /// P(alive), so much later.
        Alive = "p_alive",
        /// Expected purchases in a time.
        Expected = "expected",
        /// The mean time to the next purchase.
        NextMean = "next_mean",
        /// The median of it.
        NextMedian = "next_median",
    }
}

impl Question {
    /// The answer for a history.
    #[must_use]
    pub fn answer(&self, history: &History) -> f64 {
        let model = Model {
            kind: self.model,
            parameters: self.parameters,
        };
        match self.what {
            Asked::LogLikelihood => model.log_likelihood(history),
            Asked::Alive => model.p_alive(history, self.time),
            Asked::Expected => model.expected(history, self.time),
            Asked::NextMean => model.next_mean(history),
            Asked::NextMedian => model.next_median(history),
        }
    }
}
