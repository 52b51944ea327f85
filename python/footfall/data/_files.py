"""Parquet and CSV files, read by PyArrow."""

from __future__ import annotations

import glob
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._extras import need

if TYPE_CHECKING:
    from collections.abc import Sequence

_FORMATS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".gz": "csv"}


def open_files(source: Any, roles: Sequence[tuple[str, str]], encoding: str | None) -> Any:
    """Open a path, a list of paths or a glob; only the columns that the roles name are read."""
    paths = _paths(source)
    kinds = {_FORMATS.get(Path(path).suffix.lower(), "parquet" if Path(path).is_dir() else "") for path in paths}
    if len(kinds) != 1 or kinds == {""}:
        names = ", ".join(sorted({Path(path).suffix or "no suffix" for path in paths}))
        raise ValueError(f"the files end in {names}; give files of one kind, .parquet or .csv")
    dataset = need("pyarrow.dataset", "files", "reading files")
    if kinds == {"csv"}:
        return _csv(dataset, paths, roles, encoding)
    if encoding is not None:
        raise ValueError(f"encoding={encoding!r} is for CSV files; Parquet has its own")
    files = dataset.dataset(paths if len(paths) > 1 else paths[0], format="parquet")
    return files.scanner(columns=_checked(files, roles)).to_reader()


def _csv(dataset: Any, paths: list[str], roles: Sequence[tuple[str, str]], encoding: str | None) -> Any:
    csv = need("pyarrow.csv", "files", "reading CSV")
    arrow = need("pyarrow", "files", "reading CSV")
    types: dict[str, Any] = {}
    delimiter = "\t" if Path(paths[0]).suffix.lower() == ".tsv" else ","
    while True:
        layout = dataset.CsvFileFormat(
            parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            read_options=csv.ReadOptions(encoding=encoding or "utf8"),
            convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True),
        )
        files = dataset.dataset(paths, format=layout)
        columns = _checked(files, roles)
        try:
            return files.scanner(columns=columns).to_table()
        except arrow.ArrowInvalid as error:
            # A type is guessed from the first rows; "C536379" comes later. Such a column holds text.
            names = [
                name for name in columns if name not in types and arrow.types.is_integer(files.schema.field(name).type)
            ]
            if "conversion error" not in str(error) or not names:
                raise ValueError(f"{paths[0]} cannot be read as CSV: {error}") from error
            types.update(dict.fromkeys(_failed(error, files, names), arrow.string()))


def _failed(error: Exception, files: Any, names: list[str]) -> list[str]:
    """Return the column that could not be converted; all of the guessed ones if the message does not tell."""
    found = re.search(r"CSV column #(\d+)", str(error))
    name = files.schema.names[int(found[1])] if found and int(found[1]) < len(files.schema.names) else None
    return [name] if name in names else names


def _checked(files: Any, roles: Sequence[tuple[str, str]]) -> list[str]:
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
