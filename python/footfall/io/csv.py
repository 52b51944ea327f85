"""Text files, read by the core in parts; every column is text, which the core reads by the role that it plays."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from footfall import _native
from footfall._errors import DataError
from footfall.core.options import options as settings
from footfall.io.encoding import check_encoding, find_encoding
from footfall.io.table import FileNotes, FileOptions, Roles, SourceTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from footfall.io.paths import SourceFile

# What is looked at to find the encoding, the delimiter and the names.
_SAMPLE = 1 << 20
_DELIMITERS = ",\t;|"


def open_csv(files: list[SourceFile], options: FileOptions) -> SourceTable:
    """Open text files of one layout."""
    options.refuse("CSV", "sheet")
    if options.bad_lines not in {"error", "count"}:
        raise ValueError(f'bad_lines={options.bad_lines!r}: give "error" or "count"')
    notes = FileNotes()
    layouts = [_Layout(file, options) for file in files]
    notes.encoding = next((one.encoding for one in layouts if not one.encoding.startswith("utf-8")), None)

    def read(roles: Roles) -> _native.CsvScan:
        for one in layouts:
            one.check(roles)
        wanted = list(dict.fromkeys(name for _, name in roles))
        with contextlib.ExitStack() as stack:
            given = [
                (one.file.name, *stack.enter_context(_as_utf8(one)), one.delimiter, one.columns) for one in layouts
            ]
            scan = _native.CsvScan(given, wanted, options.bad_lines)
        notes.scans.append(scan)
        return scan

    return SourceTable(layouts[0].columns, read, names="text", notes=notes)


class _Layout:
    """How one text file is written: its encoding, its delimiter, and the names in its first line."""

    def __init__(self, file: SourceFile, options: FileOptions) -> None:
        self.file = file
        with file.open() as stream:
            sample = stream.read(_SAMPLE)
        given = options.encoding
        self.encoding = find_encoding(sample, file.name, options.fallback) if given is None else check_encoding(given)
        text = codecs.getincrementaldecoder(self.encoding)(errors="replace").decode(sample).removeprefix("\ufeff")
        if not text.strip():
            raise DataError(f"{file.name} is empty: it has no line with the names of the columns")
        self.delimiter = options.delimiter or _delimiter(text)
        if len(self.delimiter) != 1 or not self.delimiter.isascii():
            raise ValueError(f'delimiter={self.delimiter!r}: give one ASCII character, such as "," or "\\t"')
        first = next(csv.reader(io.StringIO(text.lstrip("\r\n"), newline=""), delimiter=self.delimiter), [])
        self.columns = [name.strip() for name in first]

    def check(self, roles: Roles) -> None:
        """Refuse the file if a column is missing, or there are two of its name."""
        for role, name in roles:
            _native.check_column(role, name, self.columns, self.file.name)
            if self.columns.count(name) > 1:
                raise DataError(f"{role}={name!r}: {self.file.name} has two columns of this name; rename one of them")


@contextlib.contextmanager
def _as_utf8(one: _Layout) -> Iterator[tuple[str | None, str | None, bytes]]:
    """Give the path of a file of UTF-8, or that of a copy, which is gone once it was opened, or its bytes."""
    file = one.file
    plain = one.encoding in {"utf-8", "utf-8-sig"}
    if plain and file.path is not None and file.packed is None:
        yield file.path, None, b""
    elif plain and isinstance(file.held, io.BytesIO) and file.packed is None:
        yield None, None, file.held.getvalue()
    else:
        import tempfile

        handle, name = tempfile.mkstemp(prefix="footfall-", suffix=".csv", dir=settings.spill_folder)
        try:
            with os.fdopen(handle, "wb") as copy:
                _copy(one, copy)
            yield None, name, b""
        finally:
            Path(name).unlink()


def _copy(one: _Layout, to: io.BufferedIOBase) -> None:
    """Write a file as UTF-8."""
    decoder = codecs.getincrementaldecoder(one.encoding)()
    try:
        with one.file.open() as stream:
            while block := stream.read(_SAMPLE):
                to.write(decoder.decode(block).encode())
        to.write(decoder.decode(b"", final=True).encode())
    except UnicodeError as error:
        if one.encoding.startswith("utf-8"):
            raise DataError(
                f'{one.file.name} is not UTF-8 all through; give its encoding, as in encoding="gb18030" or '
                'encoding="cp1252"'
            ) from error
        raise DataError(f"{one.file.name} cannot be read as {one.encoding}: {error}") from error


def _delimiter(text: str) -> str:
    """Return what separates the names in the first line: the candidate that it has most often."""
    head = text.split("\n", 1)[0]
    counts = {mark: head.count(mark) for mark in _DELIMITERS}
    found = max(_DELIMITERS, key=lambda mark: counts[mark])
    return found if counts[found] else ","
