//! The shop's two years, and when in a day its customers come.

use super::chance::{Chance, whole};
use super::generate::ShopPlan;
use super::truth::{EVENING, NOON};
use crate::time::{DAY, SECOND};

/// 2023-01-01, in days since 1970.
pub(super) const FIRST_DAY: i64 = 19_358;
/// 2023 and 2024.
pub(super) const DAYS: f64 = 731.0;
/// 2025-01-01.
pub(super) const END: i64 = (FIRST_DAY + 731) * DAY;
/// 2024-07-01, in days from the first.
pub(super) const RECENT: f64 = 547.0;

const HOUR: f64 = 3600.0;
/// Monday to Sunday.
const WEEK: [f64; 7] = [1.0, 0.95, 0.95, 1.0, 1.15, 1.45, 1.4];

/// A day (from the first, with its fraction) as an instant at a second of that day.
pub(super) fn instant(day: f64, second: f64) -> i64 {
    (FIRST_DAY + whole_i64(day)) * DAY + whole_i64(second.clamp(0.0, 86_399.0)) * SECOND
}

/// The second of the day at which a session starts: a share at each planted peak, the rest in the waking hours.
pub(super) fn second_of_day(chance: &mut Chance, plan: &ShopPlan) -> f64 {
    let (noon, evening) = (plan.size(NOON), plan.size(EVENING));
    let hour = match chance.pick(&[noon, evening, 1.0 - noon - evening]) {
        0 => chance.normal(12.5, 0.8),
        1 => chance.normal(20.5, 1.0),
        _ if noon == 0.0 => chance.normal(15.0, 3.5),
        _ => chance.between(7.0, 24.0),
    };
    hour.clamp(0.0, 23.9) * HOUR
}

/// A day in [low, high), more often on days of the week on which more customers come.
pub(super) fn busy_day(chance: &mut Chance, low: f64, high: f64) -> f64 {
    let most = WEEK.iter().copied().fold(0.0, f64::max);
    loop {
        let day = chance.between(low, high);
        // The first day was a Sunday.
        if chance.happens(WEEK[(whole(day) + 6) % 7] / most) {
            return day;
        }
    }
}

/// The month of a day, from 0 for January 2023 to 23.
pub(super) fn month(time: i64) -> usize {
    let index = crate::time::Period::Month.index(time.div_euclid(DAY)) - crate::time::Period::Month.index(FIRST_DAY);
    usize::try_from(index).unwrap_or(0).min(MONTHS - 1)
}

/// The first instant of a month.
pub(super) fn month_start(month: usize) -> i64 {
    let period = crate::time::Period::Month;
    let index = period.index(FIRST_DAY) + i64::try_from(month).unwrap_or(0);
    period.first_day(index) * DAY
}

/// The number of months.
pub(super) const MONTHS: usize = 24;

/// The whole part of a number of at most a few billions.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn whole_i64(value: f64) -> i64 {
    value.floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_where_they_should() {
        assert_eq!(month(month_start(0)), 0);
        assert_eq!(month(month_start(1) - 1), 0);
        assert_eq!(month(month_start(18)), 18);
        assert_eq!(month_start(18), instant(RECENT, 0.0));
        assert_eq!(month(END - 1), 23);
        assert_eq!(month_start(24), END);
    }
}
