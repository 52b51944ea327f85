"""Files of every kind, told apart by their endings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.io.csv import open_csv
from footfall.io.datasets import open_dataset
from footfall.io.excel import open_excel
from footfall.io.parquet import open_parquet
from footfall.io.paths import KINDS, find_files

if TYPE_CHECKING:
    from footfall.io.table import FileOptions, SourceTable


def open_files(source: Any, options: FileOptions) -> SourceTable:
    """Open a path, a list of paths, a glob, a folder, an address or a file object."""
    files = find_files(source)
    kinds = {file.kind for file in files}
    if len(kinds) != 1 or kinds == {None}:
        names = ", ".join(sorted({file.name.rpartition("/")[2] for file in files})[:3])
        known = ", ".join(ending for ending in KINDS)
        raise ValueError(f"{names}: give files of one kind, by their ending: {known} (with .gz or .zst for text)")
    kind = kinds.pop()
    if kind == "csv":
        return open_csv(files, options)
    if kind == "excel":
        return open_excel(files, options)
    if kind == "parquet":
        return open_parquet(files, options) or open_dataset(files, kind, options)
    return open_dataset(files, str(kind), options)
