"""Files that are written whole: beside the path, which they take only when they are complete."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from footfall.io.encoding import check_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path to write to, whose file replaces that of ``path`` at the end, and is gone if anything goes wrong."""
    goal = Path(path).resolve()
    if not goal.parent.is_dir():
        raise FileNotFoundError(f"{os.fspath(path)!r}: there is no folder {os.fspath(goal.parent)!r}")
    if goal.exists() and not goal.is_file():
        # A device or a pipe has nothing that could be lost, and cannot be replaced.
        yield goal
        return
    part = goal.with_name(f".{goal.name}.{os.urandom(4).hex()}.part")
    try:
        yield part
        part.replace(goal)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


# How text begins that a spreadsheet runs as a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def escaped(rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
    """Return rows whose text no spreadsheet runs as a formula."""
    for row in rows:
        yield [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULAS) else cell for cell in row]


def write_rows(
    path: str | os.PathLike[str], names: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str
) -> None:
    """Write a CSV file, compressed where its name ends in ``.gz``."""
    check_encoding(encoding)
    with replacing(path) as part, contextlib.ExitStack() as stack:
        raw: Any = stack.enter_context(part.open("wb"))
        if os.fspath(path).endswith(".gz"):
            # Without a name and a time, so that the same table gives the same bytes.
            raw = stack.enter_context(gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0))
        file = stack.enter_context(io.TextIOWrapper(raw, encoding=encoding, newline=""))
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
