//! Files on their way in.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;

use super::runtime::detach;
use crate::columns::Scan;
use crate::error::{Error, Result};
use crate::files::{self, FileBytes};

/// Parquet files that have been opened as one table.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct ParquetFiles {
    files: files::ParquetFiles,
}

/// Some columns of Parquet files, which are read by what they are given to.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct ParquetScan {
    pub(super) scan: Arc<dyn Scan>,
}

/// Some columns of text files, which are read by what they are given to.
#[pyclass(frozen, module = "footfall._native")]
pub(super) struct CsvScan {
    /// The files, until they are read: what holds this object for the lines that were left out does not hold them.
    scan: Mutex<Option<Arc<files::CsvScan>>>,
    left_out: files::LeftOut,
}

impl CsvScan {
    /// The files, once.
    pub(super) fn take(&self) -> Option<Arc<dyn Scan>> {
        let mut held = self.scan.lock().unwrap_or_else(PoisonError::into_inner);
        held.take().map(|scan| scan as Arc<dyn Scan>)
    }
}

/// A text file: its name; its path, or that of a copy, or its bytes; its delimiter, its columns.
type GivenText = (String, Option<PathBuf>, Option<PathBuf>, Vec<u8>, char, Vec<String>);

#[pymethods]
impl CsvScan {
    /// Find the records of files.
    #[new]
    fn new(py: Python<'_>, given: Vec<GivenText>, wanted: Vec<String>, bad_lines: &str) -> PyResult<Self> {
        let bad_lines = bad_lines.parse()?;
        let scan = detach(py, |task| {
            let file = |(name, path, copy, bytes, delimiter, columns): GivenText| {
                let opened = match (path, copy) {
                    (Some(path), _) => FileBytes::at(&path),
                    // It loses its name before it is read.
                    (_, Some(copy)) => FileBytes::at(&copy).and_then(|copy| copy.open()),
                    _ => Ok(FileBytes::Memory(bytes.into())),
                };
                let bytes = opened.map_err(|error| Error::Data(format!("{name} cannot be read as CSV: {error}")))?;
                let delimiter = u8::try_from(delimiter)
                    .map_err(|_| Error::Argument(format!("delimiter={delimiter:?}: give one ASCII character")))?;
                Ok(files::CsvFile {
                    name,
                    bytes,
                    delimiter,
                    columns,
                })
            };
            let all = given.into_iter().map(file).collect::<Result<Vec<_>>>()?;
            files::CsvScan::new(all, &wanted, bad_lines, task)
        })?;
        Ok(Self {
            left_out: scan.left_out(),
            scan: Mutex::new(Some(Arc::new(scan))),
        })
    }

    /// The lines that were left out so far: the reason of each, and its number.
    #[getter]
    fn bad_lines(&self) -> Vec<(&'static str, u64)> {
        let reason = |many| if many { "too_many_fields" } else { "too_few_fields" };
        let lines = self.left_out.lines().into_iter();
        lines.map(|(many, number)| (reason(many), number)).collect()
    }
}

#[pymethods]
impl ParquetFiles {
    /// Open files: the name of each, and its bytes where it is not at a path of that name.
    #[new]
    fn new(py: Python<'_>, given: Vec<(String, Option<Vec<u8>>)>) -> PyResult<Self> {
        let files = py.detach(|| {
            let mut files = files::ParquetFiles::default();
            for (name, bytes) in given {
                match bytes {
                    Some(bytes) => files.push_bytes(&name, bytes)?,
                    None => files.push_path(&name)?,
                }
            }
            Ok::<_, Error>(files)
        })?;
        Ok(Self { files })
    }

    /// The names of the columns, as the first file has them.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.files.column_names()
    }

    /// The name of a compression that cannot be read here, where a file has one.
    #[getter]
    fn unknown_compression(&self) -> Option<&'static str> {
        self.files.unknown_compression()
    }

    /// The columns that some roles name.
    fn select(&self, roles: Vec<(String, String)>) -> PyResult<ParquetScan> {
        let scan = Arc::new(self.files.select(&roles)?);
        Ok(ParquetScan { scan })
    }
}
