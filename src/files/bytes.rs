//! The bytes of a file: on disk, read where they are needed, or in memory.

use std::fs::File;
use std::io::{BufReader, Error as IoError, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, Length};

/// The bytes of a file that stays open, so that all of them are of one file even if another takes its name.
#[derive(Debug, Clone)]
pub enum FileBytes {
    /// On disk.
    Disk(Arc<File>, u64),
    /// In memory.
    Memory(Bytes),
}

/// Bytes from a place on; several can be read at once, since none moves the place of another.
#[derive(Debug)]
pub enum FileReader {
    /// On disk.
    Disk(BufReader<At>),
    /// In memory.
    Memory(bytes::buf::Reader<Bytes>),
}

/// A place in a file.
#[derive(Debug)]
pub struct At {
    file: Arc<File>,
    place: u64,
}

impl FileBytes {
    /// Open a file.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok(Self::Disk(Arc::new(file), length))
    }
}

impl Length for FileBytes {
    fn len(&self) -> u64 {
        match self {
            Self::Disk(_, length) => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for FileBytes {
    type T = FileReader;

    fn get_read(&self, start: u64) -> ParquetResult<FileReader> {
        Ok(match self {
            Self::Disk(file, _) => FileReader::Disk(BufReader::new(At {
                file: file.clone(),
                place: start,
            })),
            Self::Memory(bytes) => FileReader::Memory(bytes.get_read(start)?),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        // A damaged file can ask for any number of bytes: no memory is taken for what the file does not have.
        let end = start.checked_add(length as u64).filter(|end| *end <= self.len());
        if end.is_none() {
            return Err(IoError::from(ErrorKind::UnexpectedEof).into());
        }
        match self {
            Self::Disk(file, _) => {
                let mut bytes = vec![0; length];
                let place = start;
                At {
                    file: file.clone(),
                    place,
                }
                .read_exact(&mut bytes)?;
                Ok(bytes.into())
            }
            Self::Memory(bytes) => bytes.get_bytes(start, length),
        }
    }
}

impl Read for FileReader {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Disk(reader) => reader.read(to),
            Self::Memory(reader) => reader.read(to),
        }
    }
}

impl Read for At {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(self.file.as_ref(), to, self.place)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(self.file.as_ref(), to, self.place)?;
        self.place += read as u64;
        Ok(read)
    }
}
