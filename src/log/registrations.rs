//! Registrations: when each customer of a table registered, those too who never did anything else.

use std::sync::Arc;

use crate::columns::{ParseErrors, TimeOptions, TimeType};
use crate::error::{Error, Result};
use crate::runtime::Task;
use crate::time::Zone;

use super::attributes::{AttributeTable, TableId};
use super::grouped::Log;
use super::population::CustomerIndex;

/// When customers registered.
#[derive(Debug)]
pub struct Registrations {
    /// By partition and customer of a log; none where it is not known.
    of: Vec<Vec<Option<i64>>>,
    /// By customer of the table.
    pub all: Vec<Option<i64>>,
    /// The table that says so.
    pub table: TableId,
}

impl Registrations {
    /// When a customer of the log registered.
    #[must_use]
    pub fn of(&self, (partition, customer): CustomerIndex) -> Option<i64> {
        self.of
            .get(partition as usize)
            .and_then(|customers| customers[customer as usize])
    }
}

impl AttributeTable {
    /// When the customers of a log registered, by the column of that role.
    ///
    /// # Errors
    /// If there is no such role, its values are no times, or the keys of the two hold different types.
    pub fn registrations(&self, log: &Log, mut options: TimeOptions, task: &Task) -> Result<Arc<Registrations>> {
        // Without a zone of its own, the wall clock is that of the log.
        options.timezone = options
            .timezone
            .or_else(|| log.facts.zone.name().map(ToString::to_string));
        let (all, zone) = self.registered(&options)?;
        if log.facts.zone == Zone::naive() && zone != Zone::naive() {
            return Err(Error::Data(
                "the registrations have a time zone and the orders have none: give timezone= to Orders".into(),
            ));
        }
        let places = self.places_in(log, task)?;
        let of = |places: Vec<Option<u32>>| places.into_iter().map(|place| all[place? as usize]).collect();
        Ok(Arc::new(Registrations {
            of: places.into_iter().map(of).collect(),
            all,
            table: self.id,
        }))
    }

    /// When each customer registered, and the zone of the times.
    pub(super) fn registered(&self, options: &TimeOptions) -> Result<(Vec<Option<i64>>, Zone)> {
        let table = self.attribute("registered")?;
        let array = table.column(1);
        let name = self.column_of("registered");
        let kind = TimeType::new("registered", name, options, std::slice::from_ref(array))?;
        let (mut times, mut errors) = (Vec::with_capacity(array.len()), ParseErrors::default());
        let mut known = vec![true; array.len()];
        kind.append(array, 0, &mut times, &mut errors, |row| known[row] = false)?;
        kind.check(&errors)?;
        let times = times.into_iter().zip(known);
        Ok((times.map(|(time, known)| known.then_some(time)).collect(), kind.zone))
    }
}
