//! The bytes of a file: on disk, read where they are needed, or in memory.

use std::fs::File;
use std::io::{BufReader, Error as IoError, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, Length};

/// The bytes of a file. Thousands of files can be read as one table, so that each is open only while it is read.
#[derive(Debug, Clone)]
pub enum FileBytes {
    /// On disk, closed.
    Closed(Arc<ClosedFile>),
    /// On disk, open, with its length.
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

/// A file as it was when it was first opened.
#[derive(Debug)]
pub struct ClosedFile {
    path: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
}

/// A place in a file.
#[derive(Debug)]
pub struct At {
    file: Arc<File>,
    place: u64,
}

impl FileBytes {
    /// A file at a path.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn at(path: &Path) -> std::io::Result<Self> {
        let about = File::open(path)?.metadata()?;
        Ok(Self::Closed(Arc::new(ClosedFile {
            path: path.to_path_buf(),
            length: about.len(),
            modified: about.modified().ok(),
        })))
    }

    /// The same bytes, ready to be read.
    ///
    /// # Errors
    /// If the file is not what it was.
    pub fn open(&self) -> std::io::Result<Self> {
        let Self::Closed(closed) = self else {
            return Ok(self.clone());
        };
        let file = File::open(&closed.path)?;
        let about = file.metadata()?;
        if about.len() != closed.length || about.modified().ok() != closed.modified {
            return Err(IoError::other("it was changed while it was read"));
        }
        Ok(Self::Disk(Arc::new(file), closed.length))
    }
}

impl Length for FileBytes {
    fn len(&self) -> u64 {
        match self {
            Self::Closed(closed) => closed.length,
            Self::Disk(_, length) => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for FileBytes {
    type T = FileReader;

    fn get_read(&self, start: u64) -> ParquetResult<FileReader> {
        Ok(match self {
            Self::Closed(_) => return self.open()?.get_read(start),
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
            Self::Closed(_) => self.open()?.get_bytes(start, length),
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
