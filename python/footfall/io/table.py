"""A source that has been opened: which columns it has, and how the rows of some of them are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from footfall import _native

Roles = Sequence[tuple[str, str]]
"""Pairs of a role and the column that plays it."""


@dataclass(frozen=True)
class FileOptions:
    """How files are read; what a kind of file has no use for is refused.

    Attributes
    ----------
    encoding, delimiter : str or None
        Of text files; None finds it.
    sheet : str or None
        Of an Excel workbook.
    bad_lines : {"error", "count"}
        Whether lines with too many or too few fields are refused, or left out and counted.
    fallback : str or None
        The encoding of a text file that is not UTF-8, where a preset knows it.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    bad_lines: Literal["error", "count"] = "error"
    fallback: str | None = None

    def refuse(self, what: str, *names: str) -> None:
        """Refuse options that ``what`` has no use for."""
        for name in names:
            value = getattr(self, name)
            if value is not None and value != "error":
                raise ValueError(f"{name}={value!r} is for {_FOR[name]}; this source is {what}")


_FOR = {
    "encoding": "CSV files",
    "delimiter": "CSV files",
    "sheet": "Excel workbooks",
    "bad_lines": "CSV files",
}


@dataclass
class FileNotes:
    """What was seen while files were read.

    Attributes
    ----------
    encoding : str or None
        The encoding that was found, where it is not UTF-8.
    scans : list of CsvScan
        What has read text files.
    """

    encoding: str | None = None
    scans: list[_native.CsvScan] = field(default_factory=list)

    @property
    def bad_lines(self) -> list[tuple[str, int]]:
        """The reason of each line that was left out, and its number in its file; that of the names is 1."""
        return [line for scan in self.scans for line in scan.bad_lines]


@dataclass(frozen=True)
class SourceTable:
    """A source that has been opened.

    Attributes
    ----------
    columns : list of str
        The names of its columns.
    read : callable
        Returns an Arrow stream of the columns that some roles name.
    library : str or None
        The library that results should come in.
    names : {"typed", "text"}
        Whether names have the type of the source, or are the text of a file.
    notes : FileNotes
        What was seen of a file; complete once the stream was read.
    """

    columns: list[str]
    read: Callable[[Roles], Any]
    library: str | None = None
    names: Literal["typed", "text"] = "typed"
    notes: FileNotes = field(default_factory=FileNotes)
