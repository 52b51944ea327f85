//! Files, read range by range on several threads: Parquet, by the `parquet` crate, and text of separated values. Parquet is
//! written too, column by column.

mod bytes;
mod csv_index;
mod csv_records;
mod csv_scan;
mod damage;
mod parquet_files;
mod parquet_scan;
mod write_parquet;

pub use bytes::FileBytes;
pub use csv_scan::{BadLine, BadLines, CsvFile, CsvScan, LeftOut};
pub use parquet_files::ParquetFiles;
pub use parquet_scan::ParquetScan;
pub use write_parquet::write_parquet;
