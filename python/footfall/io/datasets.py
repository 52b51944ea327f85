"""Files with types: Parquet, Feather and lines of JSON, read by PyArrow; folders with partitions in their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._errors import DataError
from footfall.core.imports import import_optional
from footfall.io.table import FileOptions, Roles, SourceTable

if TYPE_CHECKING:
    from footfall.io.paths import SourceFile

_KINDS = {"parquet": "Parquet", "feather": "Feather", "jsonl": "lines of JSON"}


def open_dataset(files: list[SourceFile], kind: str, options: FileOptions) -> SourceTable:
    """Open files of one kind as one table."""
    options.refuse(_KINDS[kind], "encoding", "delimiter", "sheet", "bad_lines")
    arrow = import_optional("pyarrow", "files", "reading files")
    try:
        if kind == "jsonl" or any(file.path is None or file.packed for file in files):
            return of_table(_whole(files, kind))
        dataset = import_optional("pyarrow.dataset", "files", "reading files")
        paths = [file.path for file in files]
        found = dataset.dataset(
            paths if len(paths) > 1 else paths[0], format="parquet" if kind == "parquet" else "feather",
            partitioning="hive" if len(paths) == 1 else None,
        )  # fmt: skip
    except arrow.ArrowInvalid as error:
        raise DataError(f"{files[0].name} cannot be read as {_KINDS[kind]}: {error}") from error

    def read(roles: Roles) -> Any:
        # Few batches wait, as those of several files at once would take more memory than a limited log.
        wanted = checked(roles, found.schema.names)
        return found.scanner(columns=wanted, batch_readahead=4, fragment_readahead=1).to_reader()

    return SourceTable(list(found.schema.names), read)


def of_table(table: Any) -> SourceTable:
    """Open a table of PyArrow."""
    return SourceTable(list(table.column_names), lambda roles: table.select(checked(roles, table.column_names)))


def checked(roles: Roles, found: list[str]) -> list[str]:
    """Return the columns that roles name, all of which must be there."""
    for role, name in roles:
        _native.check_column(role, name, list(found))
    return list(dict.fromkeys(name for _, name in roles))


def _whole(files: list[SourceFile], kind: str) -> Any:
    """Read files that have no path of their own, and lines of JSON, whole."""
    arrow = import_optional("pyarrow", "files", "reading files")
    module = {"parquet": "pyarrow.parquet", "feather": "pyarrow.feather", "jsonl": "pyarrow.json"}[kind]
    reading = import_optional(module, "files", "reading files")
    tables = []
    for file in files:
        source = arrow.BufferReader(file.read())
        read = {"parquet": "read_table", "feather": "read_table", "jsonl": "read_json"}[kind]
        tables.append(getattr(reading, read)(source))
    return arrow.concat_tables(tables, promote_options="default")
