"""Text files, read by PyArrow batch by batch; every column is text, which the core reads by the role that it plays."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._errors import DataError
from footfall.core.imports import import_optional
from footfall.io.encoding import check_encoding, find_encoding
from footfall.io.table import FileNotes, FileOptions, Roles, SourceTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from footfall.io.paths import SourceFile

# What is looked at to find the encoding, the delimiter and the names.
_SAMPLE = 1 << 20
_DELIMITERS = ",\t;|"
_BLOCK = 1 << 20


def open_csv(files: list[SourceFile], options: FileOptions) -> SourceTable:
    """Open text files of one layout."""
    options.refuse("CSV", "sheet")
    if options.bad_lines not in {"error", "count"}:
        raise ValueError(f'bad_lines={options.bad_lines!r}: give "error" or "count"')
    notes = FileNotes()
    layouts = [_Layout(file, options) for file in files]
    notes.encoding = next((one.encoding for one in layouts if not one.encoding.startswith("utf-8")), None)

    def read(roles: Roles) -> Any:
        arrow = import_optional("pyarrow", "files", "reading CSV")
        for one in layouts:
            one.check(roles)
        wanted = list(dict.fromkeys(name for _, name in roles))
        schema = arrow.schema([(name, arrow.string()) for name in wanted])
        batches = (batch for one in layouts for batch in one.batches(schema, options, notes))
        return arrow.RecordBatchReader.from_batches(schema, batches)

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
        if len(self.delimiter) != 1:
            raise ValueError(f'delimiter={self.delimiter!r}: give one character, such as "," or "\\t"')
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), [])
        self.columns = [name.strip() for name in first]

    def check(self, roles: Roles) -> None:
        """Refuse the file if a column is missing, or there are two of its name."""
        for role, name in roles:
            _native.check_column(role, name, self.columns, self.file.name)
            if self.columns.count(name) > 1:
                raise DataError(f"{role}={name!r}: {self.file.name} has two columns of this name; rename one of them")

    def batches(self, schema: Any, options: FileOptions, notes: FileNotes) -> Iterator[Any]:
        """Read the columns of a schema, all of them as text."""
        arrow = import_optional("pyarrow", "files", "reading CSV")
        reading = import_optional("pyarrow.csv", "files", "reading CSV")
        names = _unique(self.columns)

        def bad(row: Any) -> str:
            reason = "too_many_fields" if row.actual_columns > row.expected_columns else "too_few_fields"
            notes.bad_lines.append((reason, row.number))
            return "skip"

        try:
            reader = reading.open_csv(
                self.file.open(),
                # The names are ours, so that the first line, which may go over several, is skipped as one.
                read_options=reading.ReadOptions(
                    encoding=_codec(self.encoding, options),
                    column_names=names, skip_rows_after_names=1, block_size=_BLOCK,
                    # Only one thread knows the numbers of the lines.
                    use_threads=options.bad_lines == "error",
                ),
                parse_options=reading.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=True,
                    invalid_row_handler=bad if options.bad_lines == "count" else None,
                ),
                convert_options=reading.ConvertOptions(
                    include_columns=schema.names, column_types={name: arrow.string() for name in names},
                    strings_can_be_null=True, null_values=[""],
                ),
            )  # fmt: skip
            for batch in reader:
                yield batch.cast(schema) if batch.schema != schema else batch
        except arrow.ArrowInvalid as error:
            raise DataError(self._explained(str(error))) from error
        except UnicodeError as error:
            raise DataError(f"{self.file.name} cannot be read as {self.encoding}: {error}") from error

    def _explained(self, error: str) -> str:
        if "UTF8" in error or "UTF-8" in error:
            return (
                f'{self.file.name} is not UTF-8 all through; give its encoding, as in encoding="gb18030" or '
                'encoding="cp1252"'
            )
        found = re.search(r"Expected (\d+) columns, got (\d+): ?(.*)", error, re.DOTALL)
        if found is None:
            return f"{self.file.name} cannot be read as CSV: {error}"
        wanted, got, line = found.groups()
        return (
            f"{self.file.name}: a line has {got} fields, and the first line has {wanted}: {line[:120]!r}; correct it, "
            'give the delimiter that separates them, or type bad_lines="count" to leave such lines out and have them '
            "counted"
        )


def _codec(encoding: str, options: FileOptions) -> str:
    """Return what PyArrow takes for UTF-8 as it is, unless bad lines are handed over, text that it has not checked."""
    if not encoding.startswith("utf-8"):
        return encoding
    return "utf8" if options.bad_lines == "error" else "utf-8-sig"


def _unique(columns: list[str]) -> list[str]:
    """Return names of which none occurs twice; the first of several keeps its own."""
    seen: dict[str, int] = {}
    made = []
    for name in columns:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name}\0{seen[name]}")
    return made


def _delimiter(text: str) -> str:
    """Return what separates the names in the first line: the candidate that it has most often."""
    head = text.split("\n", 1)[0]
    counts = {mark: head.count(mark) for mark in _DELIMITERS}
    found = max(_DELIMITERS, key=lambda mark: counts[mark])
    return found if counts[found] else ","
