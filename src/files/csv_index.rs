//! Where the records of a text file stand: parts that each begin with a record, found on several threads. A part is
//! guessed to begin after the first line end of a block; that the part before it ends there, outside quotes, proves the guess.

use std::io::Read;

use parquet::file::reader::{ChunkReader, Length};

use super::bytes::FileBytes;
use super::csv_records::{count_records, first_record, line_end};
use crate::error::{Error, Result};
use crate::runtime::{self, Task};

/// Bytes of a part, about.
const BLOCK: u64 = 1 << 21;
/// Bytes in which a line end is looked for at a time.
const LOOK: usize = 1 << 16;
/// Bytes of a record, at most.
const LONGEST: u64 = 1 << 30;

/// Records that follow each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CsvPart {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) records: usize,
}

/// A text file of separated values.
#[derive(Debug, Clone)]
pub(super) struct CsvText {
    pub(super) name: String,
    pub(super) bytes: FileBytes,
    pub(super) delimiter: u8,
}

impl CsvText {
    /// The bytes of a range, fewer at the end of the file.
    pub(super) fn read(&self, start: u64, length: u64) -> Result<Vec<u8>> {
        let length = length.min(self.bytes.len().saturating_sub(start));
        let mut text = Vec::new();
        let room = usize::try_from(length).unwrap_or(usize::MAX);
        runtime::reserve(room)?;
        text.reserve_exact(room);
        let read = self.bytes.get_read(start).map_err(|error| self.failed(&error))?;
        read.take(length)
            .read_to_end(&mut text)
            .map_err(|error| self.failed(&error))?;
        if text.len() == room {
            Ok(text)
        } else {
            Err(self.failed(&"it has become shorter while it was read"))
        }
    }

    pub(super) fn failed(&self, why: &dyn std::fmt::Display) -> Error {
        Error::Data(format!("{} cannot be read as CSV: {why}", self.name))
    }

    /// The parts of the records behind the first, which holds the names of the columns.
    pub(super) fn parts(&self, task: &Task) -> Result<Vec<CsvPart>> {
        let begin = self.behind_names()?;
        self.parts_of(begin, BLOCK, task)
    }

    /// The parts of the records from a place on, where one begins.
    fn parts_of(&self, begin: u64, block: u64, task: &Task) -> Result<Vec<CsvPart>> {
        let end = self.bytes.len();
        let blocks = usize::try_from(end.saturating_sub(begin).div_ceil(block)).unwrap_or(usize::MAX);
        let guessed = runtime::map(blocks, task, |at| {
            let at = at as u64;
            let from = if at == 0 {
                begin
            } else {
                self.line_from(begin + at * block)?
            };
            let until = self.line_from((begin + (at + 1) * block).min(end))?;
            if from >= until {
                return Ok((CsvPart::default(), true));
            }
            let text = self.read(from, until - from)?;
            let counted = count_records(&text, self.delimiter);
            let last = until == end;
            let rest = usize::from(last && counted.end < text.len());
            let part = CsvPart {
                start: from,
                length: until - from,
                records: counted.records + rest,
            };
            Ok((part, last || (!counted.open && counted.end == text.len())))
        })?;
        let mut parts = Vec::with_capacity(guessed.len());
        for (part, proved) in guessed {
            if !proved {
                self.one_by_one(part.start, block, task, &mut parts)?;
                break;
            }
            if part.length > 0 {
                parts.push(part);
            }
        }
        Ok(parts)
    }

    /// The parts from a place on, where a record begins, each found from where the one before it ends.
    fn one_by_one(&self, mut start: u64, block: u64, task: &Task, parts: &mut Vec<CsvPart>) -> Result<()> {
        let (end, mut length) = (self.bytes.len(), block);
        while start < end {
            task.check()?;
            let text = self.read(start, length)?;
            let counted = count_records(&text, self.delimiter);
            let last = start + text.len() as u64 == end;
            let part = CsvPart {
                start,
                length: if last { text.len() } else { counted.end } as u64,
                records: counted.records + usize::from(last && counted.end < text.len()),
            };
            if part.length == 0 {
                length = self.longer(length)?;
                continue;
            }
            parts.push(part);
            (start, length) = (start + part.length, block);
        }
        Ok(())
    }

    /// Where the first line end at or after a place is over.
    fn line_from(&self, place: u64) -> Result<u64> {
        let (end, mut at) = (self.bytes.len(), place);
        while at < end {
            let text = self.read(at, LOOK as u64)?;
            match line_end(&text) {
                // A carriage return at the end of what was read may be half of a line end.
                Some(found) if found == text.len() && text[found - 1] == b'\r' && at + (found as u64) < end => {
                    at += found as u64 - 1;
                    if text.len() == 1 {
                        return Ok(at + 1);
                    }
                }
                Some(found) => return Ok(at + found as u64),
                None => at += text.len() as u64,
            }
        }
        Ok(end)
    }

    /// Where the first record ends.
    fn behind_names(&self) -> Result<u64> {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        let mut length = LOOK as u64;
        loop {
            let text = self.read(0, length)?;
            let begin = if text.starts_with(MARK) { MARK.len() } else { 0 };
            let found = first_record(&text[begin..], self.delimiter);
            let whole = text.len() as u64 == self.bytes.len();
            match found {
                Some(end) => return Ok((begin + end) as u64),
                None if whole => return Ok(self.bytes.len()),
                None => length = self.longer(length)?,
            }
        }
    }

    fn longer(&self, length: u64) -> Result<u64> {
        if length >= LONGEST {
            return Err(self.failed(&"a value goes on for more than 1 GiB: a quote that is opened is not closed"));
        }
        Ok(length * 2)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::csv_records::Fields;
    use super::*;

    fn text(of: &[u8]) -> CsvText {
        CsvText {
            name: "test".into(),
            bytes: FileBytes::Memory(of.to_vec().into()),
            delimiter: b',',
        }
    }

    proptest! {
        /// Whatever quotes and line ends stand where, blocks of any size give the records that one run gives.
        #[test]
        fn parts_hold_the_records_of_the_whole(
            of in prop::collection::vec(prop::sample::select(b"a,,\"\"\n\n\r".to_vec()), 0..200), block in 1u64..40
        ) {
            let one = text(&of);
            let parts = one.parts_of(0, block, &Task::default()).unwrap();
            let mut found = Vec::new();
            for part in &parts {
                let text = one.read(part.start, part.length).unwrap();
                let before = found.len();
                Fields::new(b',').each(&text, |fields| {
                    let values = fields.iter().map(|field| { let mut to = Vec::new(); field.append(&text, &mut to); to });
                    found.push(values.collect::<Vec<_>>());
                    Ok(())
                }).unwrap();
                prop_assert_eq!(found.len() - before, part.records);
            }
            let mut all = Vec::new();
            Fields::new(b',').each(&of, |fields| {
                let values = fields.iter().map(|field| { let mut to = Vec::new(); field.append(&of, &mut to); to });
                all.push(values.collect::<Vec<_>>());
                Ok(())
            }).unwrap();
            prop_assert_eq!(found, all);
        }
    }
}
