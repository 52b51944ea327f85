//! How text of separated values is cut into records and fields (RFC 4180): a field that begins with a quote goes to the
//! next quote that is not doubled, and what follows that up to the delimiter is a part of it; any other quote is a quote.
//! Lines end with a line feed, a carriage return or both; empty ones are no records.

use memchr::{memchr, memchr2, memchr3};

use crate::error::Result;

const QUOTE: u8 = b'"';

/// What a run over text found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Records that are not empty.
    pub(super) records: usize,
    /// Where the last of them ends, its line end included.
    pub(super) end: usize,
    /// Whether the text ends within a quoted field.
    pub(super) open: bool,
}

/// Count the records of a text that begins with one.
pub(super) fn count_records(text: &[u8], delimiter: u8) -> Counted {
    let mut counted = Counted::default();
    let (mut at, mut begin) = (0, 0);
    while let Some(found) = memchr3(QUOTE, b'\n', b'\r', &text[at..]).map(|found| at + found) {
        if text[found] != QUOTE {
            counted.records += usize::from(found > begin);
            (at, begin) = (found + 1, found + 1);
            counted.end = begin;
            continue;
        }
        let opens = found == begin || text[found - 1] == delimiter;
        at = found + 1;
        if opens {
            let Some(close) = closing(text, at) else {
                counted.open = true;
                return counted;
            };
            at = close + 1;
        }
    }
    counted
}

/// Where the quoted field that begins at a place closes.
fn closing(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = at + memchr(QUOTE, &text[at..])?;
        if text.get(found + 1) != Some(&QUOTE) {
            return Some(found);
        }
        at = found + 2;
    }
}

/// Fields of one record after another.
#[derive(Debug)]
pub(super) struct Fields {
    delimiter: u8,
    /// Where the fields of the record at hand lie, and whether they are as they are written or have quotes to be taken off.
    fields: Vec<Field>,
}

/// Where a field lies in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    start: usize,
    end: usize,
    quoted: bool,
}

impl Fields {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            fields: Vec::new(),
        }
    }

    /// Hand over the fields of every record of a text that begins and ends with one.
    pub(super) fn each(&mut self, text: &[u8], mut record: impl FnMut(&[Field]) -> Result<()>) -> Result<()> {
        let mut at = 0;
        while at < text.len() {
            if matches!(text[at], b'\n' | b'\r') {
                at += 1;
                continue;
            }
            at = self.record(text, at);
            record(&self.fields)?;
        }
        Ok(())
    }

    /// Find the fields of the record that begins at a place; where it ends, the first byte of its line end included.
    fn record(&mut self, text: &[u8], mut at: usize) -> usize {
        self.fields.clear();
        loop {
            let (start, quoted) = (at, text.get(at) == Some(&QUOTE));
            if quoted {
                at = closing(text, at + 1).map_or(text.len(), |close| close + 1);
            }
            let end = memchr3(self.delimiter, b'\n', b'\r', &text[at..]).map_or(text.len(), |found| at + found);
            self.fields.push(Field { start, end, quoted });
            if text.get(end) != Some(&self.delimiter) {
                return end + 1;
            }
            at = end + 1;
        }
    }
}

impl Field {
    /// The text of a record.
    pub(super) fn line(fields: &[Self], text: &[u8]) -> String {
        let range = fields
            .first()
            .zip(fields.last())
            .map(|(first, last)| first.start..last.end);
        String::from_utf8_lossy(range.map_or(&[], |range| &text[range])).into_owned()
    }

    /// Append the value to a buffer.
    pub(super) fn append(self, text: &[u8], to: &mut Vec<u8>) {
        let written = &text[self.start..self.end];
        if !self.quoted {
            to.extend_from_slice(written);
            return;
        }
        let close = closing(text, self.start + 1).unwrap_or(self.end).min(self.end);
        let mut inner = &text[self.start + 1..close];
        while let Some(found) = memchr(QUOTE, inner) {
            to.extend_from_slice(&inner[..=found]);
            inner = inner.get(found + 2..).unwrap_or_default();
        }
        to.extend_from_slice(inner);
        to.extend_from_slice(text.get(close + 1..self.end).unwrap_or_default());
    }
}

/// Where the first line end of a text is over, whatever quotes stand before it.
pub(super) fn line_end(text: &[u8]) -> Option<usize> {
    let found = memchr2(b'\n', b'\r', text)?;
    let both = text[found] == b'\r' && text.get(found + 1) == Some(&b'\n');
    Some(found + 1 + usize::from(both))
}

/// Where the first record of a text is over, if that is within it.
pub(super) fn first_record(text: &[u8], delimiter: u8) -> Option<usize> {
    let begin = text.iter().position(|byte| !matches!(byte, b'\n' | b'\r'))?;
    let end = Fields::new(delimiter).record(text, begin);
    (end <= text.len()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        let record = |fields: &[Field]| {
            let value = |field: &Field| {
                let mut to = Vec::new();
                field.append(text.as_bytes(), &mut to);
                String::from_utf8(to).unwrap()
            };
            all.push(fields.iter().map(value).collect());
            Ok(())
        };
        Fields::new(b',').each(text.as_bytes(), record).unwrap();
        all
    }

    #[test]
    fn quotes_are_those_at_the_beginning_of_a_field() {
        assert_eq!(
            fields("a,\"b,\"\"c\"\"\nd\",e\r\n\n5\" disk,\"\"\r"),
            [vec!["a", "b,\"c\"\nd", "e"], vec!["5\" disk", ""]]
        );
        assert_eq!(fields("\"a\"b\"c,d"), [vec!["ab\"c", "d"]]);
        assert_eq!(fields("a,\"b\nc"), [vec!["a", "b\nc"]]);
        assert_eq!(fields("a,b,"), [vec!["a", "b", ""]]);
    }
}
