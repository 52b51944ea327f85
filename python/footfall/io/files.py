"""Parquet and CSV files, read by PyArrow."""

from __future__ import annotations

import codecs
import glob
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.imports import import_optional

if TYPE_CHECKING:
    from footfall.io.source import Roles

# Roles that hold numbers; all others hold names or times.
NUMBERS = frozenset({"amount", "quantity", "discount", "margin", "shipping", "value"})
_FORMATS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".gz": "csv"}


def open_files(source: Any, roles: Roles, encoding: str | None) -> Any:
    """Open a path, a list of paths or a glob; only the columns that the roles name are read."""
    paths = _paths(source)
    kinds = {_FORMATS.get(Path(path).suffix.lower(), "parquet" if Path(path).is_dir() else "") for path in paths}
    if len(kinds) != 1 or kinds == {""}:
        names = ", ".join(sorted({Path(path).suffix or "no suffix" for path in paths}))
        raise ValueError(f"the files end in {names}; give files of one kind, .parquet or .csv")
    dataset = import_optional("pyarrow.dataset", "files", "reading files")
    if kinds == {"csv"}:
        return _csv(dataset, paths, roles, encoding)
    if encoding is not None:
        raise ValueError(f"encoding={encoding!r} is for CSV files; Parquet has its own")
    files = dataset.dataset(paths if len(paths) > 1 else paths[0], format="parquet")
    # Few batches wait, as those of several files at once would take more memory than a limited log.
    return files.scanner(columns=_checked(files, roles), batch_readahead=4, fragment_readahead=1).to_reader()


def _csv(dataset: Any, paths: list[str], roles: Roles, encoding: str | None) -> Any:
    """Read CSV; a column whose type the first rows do not tell is read as its role needs it."""
    csv = import_optional("pyarrow.csv", "files", "reading CSV")
    arrow = import_optional("pyarrow", "files", "reading CSV")
    if encoding is not None:
        _check_encoding(encoding)
    types: dict[str, Any] = {}
    delimiter = "\t" if Path(paths[0]).suffix.lower() == ".tsv" else ","
    while True:
        layout = dataset.CsvFileFormat(
            parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            read_options=csv.ReadOptions(encoding=encoding or "utf8"),
            convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True),
        )
        try:
            files = dataset.dataset(paths, format=layout)
            columns = _checked(files, roles)
            table = files.scanner(columns=columns).to_table()
        except arrow.ArrowInvalid as error:
            # A type is guessed from the first rows; "C536379", or 2.55 after whole numbers, comes later.
            wrong = _failed(error, files, columns, types) if "conversion error" in str(error) else []
            if not wrong:
                raise ValueError(f"{paths[0]} cannot be read as CSV: {error}") from error
        else:
            wrong = [
                field.name for field in table.schema if arrow.types.is_null(field.type) and field.name not in types
            ]
            if not wrong:
                _refuse_bytes(arrow, table.schema, paths[0])
                return table
        needed = {name: arrow.float64() if role in NUMBERS else arrow.string() for role, name in roles}
        types.update({name: needed[name] for name in wrong})


def _failed(error: Exception, files: Any, columns: list[str], types: dict[str, Any]) -> list[str]:
    """Return the columns to read otherwise: the one that the message tells, else all that were guessed."""
    found = re.search(r"CSV column #(\d+)", str(error))
    names = files.schema.names
    told = [names[int(found[1])]] if found and int(found[1]) < len(names) else columns
    return [name for name in told if name in columns and name not in types]


def _refuse_bytes(arrow: Any, schema: Any, path: str) -> None:
    for field in schema:
        if arrow.types.is_binary(field.type):
            raise ValueError(
                f'{path}: the column {field.name!r} is not UTF-8; give its encoding, as in encoding="gb18030"'
            )


def _check_encoding(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise ValueError(f'encoding={encoding!r} is unknown; give one such as "utf8", "gb18030" or "latin-1"') from None


def _checked(files: Any, roles: Roles) -> list[str]:
    for role, name in roles:
        _native.check_column(role, name, files.schema.names)
    return list(dict.fromkeys(name for _, name in roles))


def _paths(source: Any) -> list[str]:
    given = source if isinstance(source, list) else [source]
    paths: list[str] = []
    for item in given:
        path = os.fspath(item)
        magic = glob.has_magic(path) and not Path(path).exists()
        found = sorted(glob.glob(path, recursive=True)) if magic else [path]  # noqa: PTH207 - the path is absolute or not
        if not found or not Path(found[0]).exists():
            raise FileNotFoundError(f"{path!r}: no file matches" if magic else f"{path!r}: there is no such file")
        paths.extend(found)
    return paths
