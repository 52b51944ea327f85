//! Parquet files of one table: their columns, and where the rows of each stand.

use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{Compression, Encoding, EncodingMask};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::bytes::FileBytes;
use super::damage::{guarded, unreadable};
use super::parquet_scan::{ColumnPlaces, ParquetScan};
use crate::columns::{common_type, is_text};
use crate::error::{Error, Result};

/// A Parquet file that has been opened.
#[derive(Debug, Clone)]
pub(super) struct ParquetFile {
    pub(super) name: String,
    pub(super) bytes: FileBytes,
    pub(super) metadata: ArrowReaderMetadata,
}

/// Parquet files whose rows follow each other as one table.
#[derive(Debug, Clone, Default)]
pub struct ParquetFiles(Vec<ParquetFile>);

impl ParquetFiles {
    /// Open a further file on disk.
    ///
    /// # Errors
    /// If it cannot be read as Parquet.
    pub fn push_path(&mut self, path: &str) -> Result<()> {
        let bytes = FileBytes::at(Path::new(path)).map_err(|error| unreadable(path, &error))?;
        self.push(path, bytes)
    }

    /// Open a further file in memory.
    ///
    /// # Errors
    /// If it cannot be read as Parquet.
    pub fn push_bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.push(name, FileBytes::Memory(Bytes::from(bytes)))
    }

    fn push(&mut self, name: &str, bytes: FileBytes) -> Result<()> {
        let open = bytes.open().map_err(|error| unreadable(name, &error))?;
        let metadata = guarded(name, || ArrowReaderMetadata::load(&open, ArrowReaderOptions::new()))?;
        let name = name.to_string();
        self.0.push(ParquetFile { name, bytes, metadata });
        Ok(())
    }

    /// The names of the columns, as the first file has them.
    #[must_use]
    pub fn column_names(&self) -> Vec<String> {
        let fields = self.0.first().map(|file| file.metadata.schema().fields());
        fields.map_or_else(Vec::new, |fields| {
            fields.iter().map(|field| field.name().clone()).collect()
        })
    }

    /// The name of a compression that this reader lacks, where a file has one.
    #[must_use]
    pub fn unknown_compression(&self) -> Option<&'static str> {
        let groups = self.0.iter().flat_map(|file| file.metadata.metadata().row_groups());
        let columns = groups.flat_map(RowGroupMetaData::columns);
        columns
            .map(ColumnChunkMetaData::compression)
            .find_map(|kind| match kind {
                Compression::BROTLI(_) => Some("brotli"),
                Compression::LZO => Some("lzo"),
                _ => None,
            })
    }

    /// The columns that some roles (role and column) name.
    ///
    /// # Errors
    /// If a file lacks one of them, or has it of another kind than the first.
    pub fn select(&self, roles: &[(String, String)]) -> Result<ParquetScan> {
        let mut fields: Vec<Field> = Vec::new();
        for (role, name) in roles {
            if fields.iter().all(|field| field.name() != name) {
                fields.push(self.field(role, name)?);
            }
        }
        let schema: SchemaRef = Schema::new(fields).into();
        let places = self.0.iter().map(|file| ColumnPlaces::new(file, &schema));
        let places = places.collect::<Result<Vec<_>>>()?;
        ParquetScan::new(self.0.clone(), places, schema)
    }

    /// A column in the type that the values of all files have room in.
    fn field(&self, role: &str, name: &str) -> Result<Field> {
        let mut made: Option<(Field, &str)> = None;
        for file in &self.0 {
            let field = file.column(role, name)?;
            made = Some(match made {
                None => (without_number(field), &file.name),
                Some((one, first)) => {
                    let kind = common_type(one.data_type(), field.data_type());
                    let kind = kind.ok_or_else(|| differs(role, name, (file, field.data_type()), (first, &one)))?;
                    (one.with_data_type(kind), first)
                }
            });
        }
        made.map(|(field, _)| field)
            .ok_or_else(|| Error::Internal("no files".into()))
    }
}

impl ParquetFile {
    /// The same file, of which some columns of text come as dictionaries, where all of their pages hold codes.
    pub(super) fn with_dictionaries(&self, names: &[&str]) -> Self {
        let schema = self.metadata.schema();
        let (codes, text) = (Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let field = |(at, field): (usize, &FieldRef)| {
            if names.contains(&field.name().as_str()) && is_text(field.data_type()) && self.holds_codes(at) {
                let data_type = DataType::Dictionary(codes.clone(), text.clone());
                return Arc::new(field.as_ref().clone().with_data_type(data_type));
            }
            field.clone()
        };
        let fields: Vec<FieldRef> = schema.fields().iter().enumerate().map(field).collect();
        if fields == schema.fields().as_ref() {
            return self.clone();
        }
        let options = ArrowReaderOptions::new().with_schema(Schema::new(fields).into());
        // What the reader does not take so, it takes as it is.
        let metadata = ArrowReaderMetadata::try_new(self.metadata.metadata().clone(), options);
        Self {
            metadata: metadata.unwrap_or_else(|_| self.metadata.clone()),
            ..self.clone()
        }
    }

    /// Whether all pages of a column hold codes.
    fn holds_codes(&self, root: usize) -> bool {
        let about = self.metadata.metadata();
        let schema = about.file_metadata().schema_descr();
        let Some(leaf) = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == root) else {
            return false;
        };
        about.row_groups().iter().map(|group| group.column(leaf)).all(|column| {
            let pages = column.page_encoding_stats_mask();
            let codes = |mask: &EncodingMask| {
                mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY)
            };
            column.dictionary_page_offset().is_some() && pages.is_none_or(codes)
        })
    }

    fn column(&self, role: &str, name: &str) -> Result<&Field> {
        let fields = self.metadata.schema().fields();
        let mut found = fields.iter().filter(|field| field.name() == name);
        match (found.next(), found.next()) {
            (Some(field), None) => Ok(field),
            (None, _) => Err(Error::MissingColumn {
                role: role.into(),
                table: self.name.clone(),
                name: name.into(),
                found: fields.iter().map(|field| field.name().clone()).collect(),
            }),
            (Some(_), Some(_)) => Err(Error::Data(format!(
                "{role}={name:?}: {} has two columns of this name; rename one of them",
                self.name
            ))),
        }
    }
}

fn differs(role: &str, name: &str, other: (&ParquetFile, &DataType), first: (&str, &Field)) -> Error {
    Error::Data(format!(
        "{role}={name:?}: {} holds {}, and {} {}: write both alike, or read them one by one",
        other.0.name,
        other.1,
        first.0,
        first.1.data_type()
    ))
}

/// A field that does not say which number it has in a file.
fn without_number(field: &Field) -> Field {
    let mut metadata = field.metadata().clone();
    metadata.remove("PARQUET:field_id");
    field.clone().with_metadata(metadata).with_nullable(true)
}
