//! Money written as text: a sign, digits in groups, a decimal mark, and a currency before or behind.

use crate::params::words;

words! {
    /// What separates whole units from their parts.
    pub enum DecimalMark {
        /// As in 1,234.56.
        Point = ".",
        /// As in 1.234,56.
        Comma = ",",
    }
}

/// An amount, and the decimal mark that it shows, if it shows one.
pub(crate) type Read = (f64, Option<DecimalMark>);

/// Read an amount; `None` where it is none, or could be two: a single comma before three digits, of which no one said
/// whether it separates thousands.
pub(crate) fn read(text: &[u8], mark: Option<DecimalMark>) -> Option<Read> {
    plain(text, mark).or_else(|| dressed(std::str::from_utf8(text).ok()?, mark))
}

/// Digits with at most one point, as most numbers are written.
#[allow(clippy::cast_precision_loss)] // At most 15 digits.
fn plain(text: &[u8], mark: Option<DecimalMark>) -> Option<Read> {
    const DIGITS: usize = 15;
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || digits.len() > DIGITS + 1 || mark == Some(DecimalMark::Comma) {
        return None;
    }
    let (mut count, mut places) = (0i64, None);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                count = count * 10 + i64::from(byte - b'0');
                places = places.map(|places| places + 1);
            }
            b'.' if places.is_none() => places = Some(0),
            _ => return None,
        }
    }
    let places = match places {
        Some(0) => return None,
        None if digits.len() > DIGITS => return None,
        places => places,
    };
    // Both are exact doubles, so that the division rounds once.
    let value = count as f64 / 10f64.powi(places.unwrap_or(0));
    let shown = places.map(|_| DecimalMark::Point);
    Some((if negative { -value } else { value }, shown))
}

fn dressed(text: &str, mark: Option<DecimalMark>) -> Option<Read> {
    let text = text.trim().trim_start_matches('\'').trim();
    let (negative, text) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        Some(inside) => (true, inside.trim()),
        None => (false, text),
    };
    let (minus, text) = bare(text)?;
    if minus && negative {
        return None;
    }
    let (value, shown) = number(text, mark)?;
    Some((if minus || negative { -value } else { value }, shown))
}

/// A text without its sign and its currency; whether the sign is a minus.
fn bare(text: &str) -> Option<(bool, &str)> {
    let (mut minus, mut signs, mut text, mut named) = (false, 0, text, 0);
    loop {
        let sign = |char| matches!(char, '-' | '−' | '+');
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            (minus, signs) = (!text.starts_with('+') && !text.ends_with('+'), signs + 1);
            text = rest.trim();
        } else if text.starts_with(|char: char| char.is_ascii_digit())
            && text.ends_with(|char: char| char.is_ascii_digit())
        {
            return (signs <= 1 && named <= 1).then_some((minus, text));
        } else {
            text = without_currency(text)?;
            named += 1;
        }
    }
}

/// A text without the currency that it begins or ends with.
fn without_currency(text: &str) -> Option<&str> {
    let digit = |char: char| char.is_ascii_digit() || matches!(char, '-' | '−' | '+');
    let (start, end) = (
        text.find(digit)?,
        text.rfind(digit)? + text[text.rfind(digit)?..].chars().next()?.len_utf8(),
    );
    let (before, behind) = (text[..start].trim(), text[end..].trim());
    match (before.is_empty(), behind.is_empty()) {
        (false, _) if is_currency(before) => Some(text[start..].trim()),
        (true, false) if is_currency(behind) => Some(text[..end].trim()),
        _ => None,
    }
}

/// A symbol, a code of three letters, or a word for one; not what multiplies, such as 万 or k.
fn is_currency(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "元",
        "円",
        "圆",
        "人民币",
        "RMB",
        "kr",
        "kr.",
        "zł",
        "Rs",
        "Rs.",
        "R$",
        "Kč",
        "Ft",
        "lei",
    ];
    let symbol = |char: char| "¥￥$€£₹₩₽₫฿₴₺₪₱".contains(char);
    let code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let last = text.chars().next_back().is_some_and(symbol);
    let letters = text.trim_end_matches(symbol);
    let dollar = last && letters.len() <= 3 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    WORDS.contains(&text) || code(text) || dollar
}

fn number(text: &str, mark: Option<DecimalMark>) -> Option<Read> {
    let count = |wanted: char| text.chars().filter(|char| *char == wanted).count();
    let (points, commas) = (count('.'), count(','));
    let shown = match (mark, points, commas) {
        (Some(mark), ..) => mark,
        (None, 0, 1) if is_group(text) => return None,
        (None, 0.., 1) if text.rfind(',') > text.rfind('.') => DecimalMark::Comma,
        (None, 1, 2..) if text.rfind('.') < text.rfind(',') => return None,
        (None, 2.., 0) => DecimalMark::Comma,
        _ => DecimalMark::Point,
    };
    let (point, group) = match shown {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (whole, parts) = match text.split_once(point) {
        Some((whole, parts)) => (whole, Some(parts)),
        None => (text, None),
    };
    let (parts, power) = match parts.unwrap_or(whole).split_once(['e', 'E']) {
        Some((before, power)) => (parts.map(|_| before), Some((before, power))),
        None => (parts, None),
    };
    let whole = if let (None, Some((before, _))) = (parts, power) {
        before
    } else {
        whole
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = without_groups(whole, group)?;
    if !parts.is_none_or(|parts| digits(parts) && !parts.is_empty()) {
        return None;
    }
    let power = power.map_or("0", |(_, power)| power);
    if !digits(power.trim_start_matches(['+', '-'])) {
        return None;
    }
    let value: f64 = format!("{whole}.{}e{power}", parts.unwrap_or("0")).parse().ok()?;
    let told = parts.is_some() || (mark.is_none() && points.max(commas) > 1);
    Some((value, told.then_some(shown)))
}

/// Whether a text with one comma could be thousands: one to three digits, not only a zero, before it and three behind.
fn is_group(text: &str) -> bool {
    let Some((before, behind)) = text.split_once(',') else {
        return false;
    };
    (1..=3).contains(&before.len()) && !before.starts_with('0') && behind.len() == 3
}

/// The digits of a whole number in groups of three (in India the others are of two), or in none.
fn without_groups(text: &str, group: char) -> Option<String> {
    let groups: Vec<&str> = text
        .split([group, ' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'])
        .collect();
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, others) = groups.split_first()?;
    let last = others.last().is_none_or(|last| last.len() == 3);
    let width = others.iter().map(|group| group.len()).min().unwrap_or(3);
    let even = others
        .iter()
        .rev()
        .skip(1)
        .all(|group| group.len() == width && matches!(width, 2 | 3));
    let fits = others.is_empty() || first.len() <= 3;
    (groups.iter().all(digits) && last && even && fits).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, mark: Option<DecimalMark>, value: impl Into<Option<f64>>) {
        assert_eq!(read(text.as_bytes(), mark).map(|read| read.0), value.into(), "{text}");
    }

    #[test]
    fn money_is_read_as_people_write_it() {
        for (text, value) in [
            ("19.90", 19.9),
            ("-12.00", -12.0),
            ("'-12.00", -12.0),
            ("(12.00)", -12.0),
            ("¥1,234.00", 1234.0),
            ("¥-1,260.00", -1260.0),
            ("-¥1,260.00", -1260.0),
            ("￥ 12", 12.0),
            ("598元", 598.0),
            ("0元", 0.0),
            ("1.234,56 €", 1234.56),
            ("US$ 5.00", 5.0),
            ("5.00 USD", 5.0),
            ("1 234,56", 1234.56),
            ("1'234.50", 1234.5),
            ("1,234,567", 1_234_567.0),
            ("12,5", 12.5),
            ("1.234.567,8", 1_234_567.8),
            ("12,34,567.00", 1_234_567.0),
            ("1.5e3", 1500.0),
            ("2E+2", 200.0),
            ("0,123", 0.123),
            ("+7", 7.0),
            ("12.00-", -12.0),
            ("1.234", 1.234),
            ("R$ 10,00", 10.0),
            ("12345678901234567.5", 12_345_678_901_234_567.5),
            (" 7 ", 7.0),
            ("ZŁ", f64::NAN),
        ] {
            if value.is_nan() {
                check(text, None, None);
            } else {
                check(text, None, value);
            }
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_refused() {
        for text in [
            "1,234",
            "12,345",
            "1.2万",
            "3k",
            "12%",
            "",
            "-",
            "¥",
            "abc",
            "1,23,4.00",
            "1..2",
            "1,2345,678",
            "--1",
            "(-1)",
            "1e",
            "nan",
            "inf",
            "0x10",
            "1,234.5.6",
            "1.234,5,6",
            "¥1€",
            "12.",
            "(5",
        ] {
            check(text, None, None);
        }
    }

    #[test]
    fn the_mark_decides_what_could_be_two() {
        check("1,234", Some(DecimalMark::Point), 1234.0);
        check("1,234", Some(DecimalMark::Comma), 1.234);
        check("1.234", Some(DecimalMark::Comma), 1234.0);
        check("19.90", Some(DecimalMark::Comma), None);
        check("1.234,56", Some(DecimalMark::Point), None);
    }
}
