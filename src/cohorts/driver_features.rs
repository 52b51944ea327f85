//! The features of drivers: the levels of what is known of each unit.

use crate::columns::NONE;
use crate::error::Result;
use crate::features::{Feature, numbers};
use crate::log::{CustomerIndex, Facts};

use super::driver_units::DriverUnit;
use super::drivers::{Drivers, Source};

impl Drivers {
    /// The levels of a feature.
    pub(super) fn feature(
        &self,
        name: &str,
        source: &Source,
        rows: &[(CustomerIndex, &DriverUnit)],
        facts: &Facts,
    ) -> Result<Feature> {
        let each = || rows.iter().map(|row| row.1);
        if let Source::Category(at) = source {
            let category = self.categories[*at].category(facts);
            let codes = || each().map(|unit| unit.labels[*at]);
            if let Some(values) = numbers(category)? {
                let number = |code: u32| if code == NONE { f64::NAN } else { values[code as usize] };
                return Ok(Feature::of_numbers(
                    name,
                    &codes().map(number).collect::<Vec<_>>(),
                    |value| value.to_string(),
                ));
            }
            return Ok(Feature::of_category(name, category.texts()?, codes()));
        }
        let of_numbers = |(_, source): &&(String, Source)| !matches!(source, Source::Category(_));
        let place = self
            .features
            .iter()
            .filter(of_numbers)
            .position(|(known, _)| known == name);
        let values: Vec<f64> = each()
            .map(|unit| place.map_or(f64::NAN, |at| unit.numbers[at]))
            .collect();
        match source {
            Source::Own(own) => Ok(own.feature(name, values, &self.price_groups(rows))),
            _ => Ok(Feature::of_numbers(name, &values, |value| value.to_string())),
        }
    }

    /// By unit, the category whose prices its own is compared with.
    fn price_groups(&self, rows: &[(CustomerIndex, &DriverUnit)]) -> Vec<u32> {
        let group = |unit: &DriverUnit| self.price_category.map_or(0, |at| unit.labels[at]);
        rows.iter().map(|row| group(row.1)).collect()
    }
}
