//! Spill file: partitions that memory has no room for, in an unlinked temporary file.
//!
//! A file has no name: it is unlinked when it is made, so that the system takes it back however the process ends. Each
//! block is an Arrow IPC stream behind its length and checksum, which are verified before it is decoded: a damaged length
//! inside would otherwise be believed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow_ipc::CompressionType;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};

use crate::error::{Error, Result};

/// The length of a block, eight bytes, and its checksum, four.
const HEAD: usize = 12;

/// The stream begins here, so that its columns are aligned where the block is read.
const STREAM: usize = 64;

/// Where a block begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block(u64);

/// A file of blocks; several threads may write and read at once.
#[derive(Debug)]
pub(crate) struct Spill {
    file: File,
    folder: PathBuf,
    end: AtomicU64,
}

impl Spill {
    /// A new file in a folder, by default that of the system.
    pub(crate) fn new(folder: Option<&Path>) -> Result<Self> {
        let folder = folder.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let file = tempfile::tempfile_in(&folder).map_err(|error| failed("made in", &folder, &error))?;
        Ok(Self {
            file,
            folder,
            end: AtomicU64::new(0),
        })
    }

    /// Write a table as it is.
    pub(crate) fn write(&self, table: &RecordBatch) -> Result<Block> {
        self.write_with(table, None)
    }

    /// Write a table in as few bytes as LZ4 finds.
    pub(crate) fn compress(&self, table: &RecordBatch) -> Result<Block> {
        self.write_with(table, Some(CompressionType::LZ4_FRAME))
    }

    fn write_with(&self, table: &RecordBatch, compression: Option<CompressionType>) -> Result<Block> {
        let options = IpcWriteOptions::default().try_with_compression(compression)?;
        let mut bytes = Vec::with_capacity(STREAM + table.get_array_memory_size());
        bytes.resize(STREAM, 0);
        let mut writer = StreamWriter::try_new_with_options(&mut bytes, &table.schema(), options)?;
        writer.write(table)?;
        writer.finish()?;
        drop(writer);
        let length = (bytes.len() - HEAD) as u64;
        let sum = crc32fast::hash(&bytes[HEAD..]);
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        bytes[8..HEAD].copy_from_slice(&sum.to_le_bytes());
        let at = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        write_at(&self.file, &bytes, at).map_err(|error| failed("written to", &self.folder, &error))?;
        Ok(Block(at))
    }

    /// Read a table again.
    pub(crate) fn read(&self, block: Block) -> Result<RecordBatch> {
        let failed = |error: io::Error| failed("read from", &self.folder, &error);
        let mut head = [0; HEAD];
        read_at(&self.file, &mut head, block.0).map_err(failed)?;
        let (length, sum) = head.split_at(8);
        let length = u64::from_le_bytes(length.try_into().unwrap_or_default());
        let end = block.0.saturating_add(HEAD as u64).saturating_add(length);
        if end > self.end.load(Ordering::Relaxed) {
            return Err(self.damaged());
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| self.damaged())?];
        read_at(&self.file, &mut bytes, block.0 + HEAD as u64).map_err(failed)?;
        if bytes.len() < STREAM - HEAD || crc32fast::hash(&bytes).to_le_bytes() != sum {
            return Err(self.damaged());
        }
        let mut stream = Buffer::from_vec(bytes).slice(STREAM - HEAD);
        let table = StreamDecoder::new().decode(&mut stream)?;
        table.ok_or_else(|| self.damaged())
    }

    fn damaged(&self) -> Error {
        Error::Disk(format!(
            "a file of rows in {} was damaged: its checksum is another; look at the disk, or set \
             ff.options.spill_folder to a folder on another",
            self.folder.display()
        ))
    }
}

fn failed(what: &str, folder: &Path, error: &io::Error) -> Error {
    Error::Disk(format!(
        "memory_limit= is reached, and a file for the rows beyond it could not be {what} {}: {error}; raise the \
         limit, or set ff.options.spill_folder to a folder that has room",
        folder.display()
    ))
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (bytes, at) = (&mut bytes[read..], at + read as u64),
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::columns::{IpcColumn, to_ipc};

    fn table() -> RecordBatch {
        to_ipc(vec![IpcColumn::Times((0..1000).collect())]).unwrap()
    }

    #[test]
    fn a_block_comes_back() {
        let spill = Spill::new(None).unwrap();
        let blocks = [
            spill.write(&table()).unwrap(),
            spill.write(&table().slice(3, 5)).unwrap(),
        ];
        assert_eq!(spill.read(blocks[1]).unwrap(), table().slice(3, 5));
        assert_eq!(spill.read(blocks[0]).unwrap(), table());
    }

    #[test]
    fn a_damaged_block_is_refused_wherever_it_is_damaged() {
        let spill = Spill::new(None).unwrap();
        let block = spill.write(&table()).unwrap();
        let length = usize::try_from(spill.end.load(Ordering::Relaxed)).unwrap();
        for at in 0..length {
            let mut byte = [0];
            read_at(&spill.file, &mut byte, at as u64).unwrap();
            write_at(&spill.file, &[byte[0] ^ 0x40], at as u64).unwrap();
            assert!(matches!(spill.read(block), Err(Error::Disk(_))), "byte {at}");
            write_at(&spill.file, &byte, at as u64).unwrap();
        }
        spill.file.set_len(length as u64 / 2).unwrap();
        assert!(matches!(spill.read(block), Err(Error::Disk(_))));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = Spill::new(Some(Path::new("/no/such/folder"))).unwrap_err();
        assert!(error.to_string().contains("/no/such/folder:"), "{error}");
    }
}
