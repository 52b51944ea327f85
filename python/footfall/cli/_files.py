"""What the command line reads and writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from footfall.core.imports import import_optional

if TYPE_CHECKING:
    from footfall.table import Table

_WRITERS = {".parquet": "write_parquet", ".pq": "write_parquet", ".csv": "write_csv"}


def source(path: str) -> Any:
    """Return what ``ff.Orders`` can take: a path, or the frame of an Excel sheet."""
    if Path(path).suffix.lower() not in {".xlsx", ".xls", ".xlsm"}:
        return path
    if not Path(path).exists():
        raise FileNotFoundError(f"{path!r}: there is no such file")
    import_optional("openpyxl", "files", "reading Excel")
    return import_optional("pandas", "files", "reading Excel").read_excel(path)


def check_output(path: str | None) -> None:
    """Refuse a file that could not be written, before any work is done."""
    if path is None:
        return
    if Path(path).suffix.lower() not in _WRITERS:
        raise ValueError(f"-o {path}: name a file that ends in .parquet or .csv")
    if not Path(path).absolute().parent.is_dir():
        raise FileNotFoundError(f"-o {path}: there is no such folder")


def write(table: Table, path: str) -> None:
    """Write a table by the ending of its name."""
    getattr(table, _WRITERS[Path(path).suffix.lower()])(path)
