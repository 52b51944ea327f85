//! What a finish can look at beside its state.

use crate::log::{Facts, Log, Population};
use crate::runtime::Task;

/// The facts of all rows, and all customers.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Units, calendar, dictionaries.
    pub facts: &'a Facts,
    /// The customers; of a state with a row per customer, its chunks are the state's.
    pub population: &'a Population,
    /// The work that can be watched and stopped.
    pub task: &'a Task,
}

impl<'a> Context<'a> {
    /// That of one log.
    #[must_use]
    pub fn of_log(log: &'a Log, task: &'a Task) -> Self {
        Self {
            facts: &log.facts,
            population: &log.population,
            task,
        }
    }
}
