//! Calendar days, weeks, months, quarters and years of a zone.

use jiff::civil::Date;

use super::zone::{DAY, Zone};
use crate::params::words;

words! {
    /// A calendar period.
    pub enum Period {
        /// A calendar day.
        Day = "day",
        /// Monday to Sunday.
        Week = "week",
        /// Sunday to Saturday.
        WeekSunday = "week_sunday",
        /// A calendar month.
        Month = "month",
        /// Three months from January, April, July or October.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }
}

impl Period {
    /// The number of the period that a day (since 1970-01-01) lies in; periods follow each other without a gap.
    #[must_use]
    pub fn index(self, day: i64) -> i64 {
        match self {
            Self::Day => day,
            // 1970-01-01 was a Thursday.
            Self::Week => (day + 3).div_euclid(7),
            Self::WeekSunday => (day + 4).div_euclid(7),
            Self::Month => month_of(day),
            Self::Quarter => month_of(day).div_euclid(3),
            Self::Year => month_of(day).div_euclid(12),
        }
    }

    /// The first day of a period.
    #[must_use]
    pub fn first_day(self, index: i64) -> i64 {
        match self {
            Self::Day => index,
            Self::Week => index * 7 - 3,
            Self::WeekSunday => index * 7 - 4,
            Self::Month => first_day_of_month(index),
            Self::Quarter => first_day_of_month(index * 3),
            Self::Year => first_day_of_month(index * 12),
        }
    }

    /// The period of the year before that a period is compared with; a week with that 52 weeks before.
    #[must_use]
    pub fn year_before(self, index: i64) -> i64 {
        match self {
            Self::Day => {
                let month = month_of(index);
                let (here, then) = (first_day_of_month(month), first_day_of_month(month - 12));
                // 29 February is compared with 28 February.
                (then + index - here).min(first_day_of_month(month - 11) - 1)
            }
            Self::Week | Self::WeekSunday => index - 52,
            Self::Month => index - 12,
            Self::Quarter => index - 4,
            Self::Year => index - 1,
        }
    }
}

/// Reads days off instants in one zone; instants near each other cost a comparison.
#[derive(Debug, Clone)]
pub struct Calendar<'a> {
    zone: &'a Zone,
    from: i64,
    to: i64,
    offset: i64,
}

impl<'a> Calendar<'a> {
    /// The calendar of a zone.
    #[must_use]
    pub fn new(zone: &'a Zone) -> Self {
        let (from, to, offset) = zone.span(0);
        Self { zone, from, to, offset }
    }

    /// The day, since 1970-01-01, that an instant lies in.
    pub fn day(&mut self, at: i64) -> i64 {
        self.local(at).div_euclid(DAY)
    }

    /// The wall clock at an instant, both in microseconds since 1970.
    pub fn local(&mut self, at: i64) -> i64 {
        if at < self.from || at >= self.to {
            (self.from, self.to, self.offset) = self.zone.span(at);
        }
        at + self.offset
    }
}

/// Days from 1970-01-01 to a date.
pub(super) fn day_of(date: Date) -> i64 {
    first_day_of_month((i64::from(date.year()) - 1970) * 12 + i64::from(date.month()) - 1) + i64::from(date.day()) - 1
}

/// Howard Hinnant's `days_from_civil` for the first of a month, in years that start in March.
fn first_day_of_month(index: i64) -> i64 {
    let from_march = index - 2;
    let (year, month) = (from_march.div_euclid(12) + 1970, from_march.rem_euclid(12));
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Howard Hinnant's `civil_from_days`: months since January 1970.
fn month_of(day: i64) -> i64 {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    (era * 400 + year - 1970) * 12 + month + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_agrees_with_jiff() {
        let mut date = Date::constant(1890, 1, 1);
        while date.year() < 2110 {
            let day = day_of(date);
            let month = (i64::from(date.year()) - 1970) * 12 + i64::from(date.month()) - 1;
            assert_eq!(Period::Month.index(day), month, "{date}");
            assert_eq!(day - Period::Month.first_day(month), i64::from(date.day()) - 1);
            let monday = day - i64::from(date.weekday().to_monday_zero_offset());
            assert_eq!(Period::Week.first_day(Period::Week.index(day)), monday);
            let sunday = day - i64::from(date.weekday().to_sunday_zero_offset());
            assert_eq!(Period::WeekSunday.first_day(Period::WeekSunday.index(day)), sunday);
            date = date.tomorrow().unwrap();
        }
        assert_eq!(day_of(Date::constant(1970, 1, 1)), 0);
    }

    #[test]
    fn a_leap_day_has_a_day_before() {
        let leap = day_of(Date::constant(2024, 2, 29));
        assert_eq!(Period::Day.year_before(leap), day_of(Date::constant(2023, 2, 28)));
        assert_eq!(Period::Quarter.year_before(Period::Quarter.index(leap)), 53 * 4);
    }
}
