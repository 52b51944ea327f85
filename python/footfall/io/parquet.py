"""Parquet files, read by the core."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from footfall import _native
from footfall._errors import DataError
from footfall.io.paths import KINDS
from footfall.io.table import FileOptions, SourceTable

if TYPE_CHECKING:
    from footfall.io.paths import SourceFile


def open_parquet(files: list[SourceFile], options: FileOptions) -> SourceTable | None:
    """Open files as one table; None where only PyArrow can: folders named after values, Brotli, odd notes."""
    options.refuse("Parquet", "encoding", "delimiter", "sheet", "bad_lines")
    given: list[tuple[str, bytes | None]] = []
    for file in files:
        if file.path is None or file.packed:
            given.append((file.name, file.read()))
        elif not Path(file.path).is_dir():
            given.append((file.path, None))
        else:
            parts = _parts(Path(file.path))
            if parts is None:
                return None
            given += [(os.fspath(part), None) for part in parts]
    if not given:
        raise FileNotFoundError(f"{files[0].name!r}: there is no Parquet file in it")
    try:
        found = _native.ParquetFiles(given)
    except DataError as error:
        # Of the notes that writers leave beside the columns PyArrow reads those in other encodings too.
        if "invalid utf-8" in str(error):
            return None
        raise
    if found.unknown_compression is not None:
        return None
    return SourceTable(found.column_names, lambda roles: found.select(list(roles)))


def _parts(folder: Path) -> list[Path] | None:
    """Return the files of a folder, in the order of their names; None where folders are named after values."""
    parts = []
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        # Writers of data sets keep notes of their own in such files.
        if any(name.startswith(("_", ".")) for name in names) or not path.is_file():
            continue
        if any("=" in name for name in names[:-1]):
            return None
        if KINDS.get(path.suffix.lower()) == "parquet":
            parts.append(path)
    return parts
