//! Times that begin with the year, in the ways in which programs and people write them: by hand, as most rows of text
//! have one.

use super::SECOND;
use super::calendar::day_of;
use super::zone::DAY;
use jiff::civil::Date;

/// A time as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct YearFirst {
    /// The wall clock, in microseconds.
    pub(super) local: i64,
    /// Wall clock minus UTC, where it is stated.
    pub(super) offset: Option<i64>,
}

/// What is left of a text.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    /// A number of so many digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let digits = self
            .0
            .iter()
            .take(most)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits < least {
            return None;
        }
        let number = self.0[..digits]
            .iter()
            .fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        self.0 = &self.0[digits..];
        Some(number)
    }

    /// Whether the text goes on so; then it is behind it.
    fn take(&mut self, text: &[u8]) -> bool {
        let found = self.0.len() >= text.len() && self.0[..text.len()].eq_ignore_ascii_case(text);
        if found {
            self.0 = &self.0[text.len()..];
        }
        found
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }
}

/// `2024-05-01`, `2024/5/1 9:58`, `2024-05-01T09:58:12.5+08:00`, `2024-05-01 09:58:12 +0800`, `… UTC`, `… 9:58 PM`,
/// `2024年5月1日 9:58`.
pub(super) fn year_first(text: &[u8]) -> Option<YearFirst> {
    let mut rest = Rest(text);
    let day = date(&mut rest)?;
    if rest.0.is_empty() {
        return Some(YearFirst {
            local: day * DAY,
            offset: None,
        });
    }
    let blank = rest.0.first().is_some_and(u8::is_ascii_whitespace);
    if !blank && !rest.take(b"T") {
        return None;
    }
    rest.blanks();
    let time = time_of_day(&mut rest)?;
    let offset = offset(&mut rest)?;
    rest.0.is_empty().then_some(YearFirst {
        local: day * DAY + time,
        offset,
    })
}

fn date(rest: &mut Rest<'_>) -> Option<i64> {
    let year = rest.number(4, 4)?;
    let marks: [&[u8]; 3] = match rest.0.first()? {
        b'-' => [b"-", b"-", b""],
        b'/' => [b"/", b"/", b""],
        b'.' => [b".", b".", b""],
        _ => ["年".as_bytes(), "月".as_bytes(), "日".as_bytes()],
    };
    let mut part = |mark: &[u8]| rest.take(mark).then(|| rest.number(1, 2)).flatten();
    let (month, day) = (part(marks[0])?, part(marks[1])?);
    if !rest.take(marks[2]) {
        return None;
    }
    let date = Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
    (year > 0).then(|| date.ok().map(day_of)).flatten()
}

fn time_of_day(rest: &mut Rest<'_>) -> Option<i64> {
    let hour = rest.number(1, 2)?;
    let minute = rest.take(b":").then(|| rest.number(2, 2)).flatten()?;
    let (mut second, mut micros) = (0, 0);
    if rest.take(b":") {
        second = rest.number(2, 2)?;
        if rest.take(b".") || rest.take(b",") {
            let digits = rest.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&digits) {
                return None;
            }
            let parts = rest.number(1, 9)?;
            micros = parts * 10i64.pow(9 - u32::try_from(digits).ok()?) / 1_000;
        }
    }
    let before = rest.0;
    rest.blanks();
    let hour = match (rest.take(b"AM"), hour) {
        (true, 1..=12) => hour % 12,
        (true, _) => return None,
        (false, _) if rest.take(b"PM") => match hour {
            1..=12 => hour % 12 + 12,
            _ => return None,
        },
        (false, _) => {
            rest.0 = before;
            hour
        }
    };
    // A second of a leap is read as the one before it.
    let fits = hour < 24 && minute < 60 && second <= 60;
    fits.then_some((hour * 3600 + minute * 60 + second.min(59)) * SECOND + micros)
}

/// The offset that a text ends with; none where it ends without one.
#[allow(clippy::option_option)] // Not readable, without one, and with one.
fn offset(rest: &mut Rest<'_>) -> Option<Option<i64>> {
    rest.blanks();
    if rest.0.is_empty() {
        return Some(None);
    }
    if rest.take(b"Z") || rest.take(b"UTC") || rest.take(b"GMT") {
        return rest.0.is_empty().then_some(Some(0));
    }
    let sign = if rest.take(b"+") {
        1
    } else if rest.take(b"-") {
        -1
    } else {
        return None;
    };
    let hours = rest.number(2, 2)?;
    rest.take(b":");
    let minutes = if rest.0.is_empty() { 0 } else { rest.number(2, 2)? };
    (hours < 24 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60) * SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(i64, Option<i64>)> {
        year_first(text.as_bytes()).map(|read| (read.local / SECOND, read.offset.map(|offset| offset / SECOND)))
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        // 2024-05-01
        let (day, morning) = (1_714_521_600, 1_714_521_600 + 9 * 3600 + 58 * 60);
        for (text, time, offset) in [
            ("2024-05-01", day, None),
            ("2024/5/1", day, None),
            ("2024.05.01", day, None),
            ("2024年5月1日", day, None),
            ("2024年5月1日 9:58", morning, None),
            ("2024-05-01 09:58", morning, None),
            ("2024-05-01T09:58:12", morning + 12, None),
            ("2024-05-01 09:58:12.345", morning + 12, None),
            ("2024-05-01 09:58:12 +0800", morning + 12, Some(28_800)),
            ("2024-05-01T09:58:12+08:00", morning + 12, Some(28_800)),
            ("2024-05-01T09:58:12-03", morning + 12, Some(-10_800)),
            ("2024-05-01 09:58:12 UTC", morning + 12, Some(0)),
            ("2024-05-01T09:58:12Z", morning + 12, Some(0)),
            ("2024-05-01 9:58 AM", morning, None),
            ("2024-05-01 09:58:00 PM", morning + 43_200, None),
            ("2024-05-01 12:00 AM", day, None),
        ] {
            assert_eq!(read(text), Some((time, offset)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-02-30",
            "24-05-01",
            "2024-05-01 25:00",
            "2024-05-01 09:60",
            "2024-05-01x",
            "2024-05-01 9",
            "2024-05-01 22:02 PM",
            "2024-05-01 0:10 AM",
            "2024-05/01",
            "2024年5月1",
            "05/01/2024",
            "2024-05-01 09:58 +99:00",
            "2024-05-01T",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
