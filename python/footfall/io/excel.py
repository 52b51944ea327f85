"""Excel workbooks, read by fastexcel; every column is text, which the core reads by the role that it plays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall._errors import DataError
from footfall.core.imports import import_optional
from footfall.io.table import FileOptions, Roles, SourceTable

if TYPE_CHECKING:
    from footfall.io.paths import SourceFile

# Numbers from here on have more digits than Excel keeps.
_DIGITS = 1e15
_NAMES = ("customer", "order_id", "refund_of")


def open_excel(files: list[SourceFile], options: FileOptions) -> SourceTable:
    """Open a sheet of a workbook."""
    options.refuse("an Excel workbook", "encoding", "delimiter", "bad_lines")
    fastexcel = import_optional("fastexcel", "files", "reading Excel")
    import_optional("pyarrow", "files", "reading Excel")
    if len(files) > 1:
        raise ValueError(f"give one Excel workbook at a time, not {len(files)}")
    file = files[0]
    try:
        book = fastexcel.read_excel(file.path or file.read())
    except fastexcel.FastExcelError as error:
        raise DataError(f"{file.name} cannot be read as Excel: {error}") from error
    name = _sheet(book, file.name, options.sheet)
    header = book.load_sheet(name, n_rows=0, dtypes="string")
    # As in CSV, blanks around a name are no part of it.
    named = {info.name.strip(): info.name for info in header.available_columns()}
    columns = list(named)

    def read(roles: Roles) -> Any:
        for role, column in roles:
            _native.check_column(role, column, columns)
        wanted = list(dict.fromkeys(column for _, column in roles))
        held = [named[column] for column in wanted]
        _refuse_long_numbers(book, name, [(role, named[column]) for role, column in roles])
        return book.load_sheet(name, use_columns=held, dtypes="string").to_arrow().select(held).rename_columns(wanted)

    return SourceTable(columns, read, names="text")


def _sheet(book: Any, name: str, sheet: str | None) -> str:
    """Return the sheet that is named, or the only one with data."""
    names: list[str] = book.sheet_names
    if sheet is not None:
        if sheet not in names:
            raise ValueError(f"sheet={sheet!r}: {name} has {', '.join(map(repr, names))}")
        return sheet
    filled = [one for one in names if book.load_sheet(one, header_row=None, n_rows=2, dtypes="string").total_height > 1]
    if len(filled) > 1:
        raise ValueError(
            f"{name} has data in {len(filled)} sheets, {', '.join(map(repr, filled))}: name one, as in "
            f"sheet={filled[0]!r}"
        )
    return filled[0] if filled else names[0]


def _refuse_long_numbers(book: Any, sheet: str, roles: Roles) -> None:
    """Refuse keys that are numbers of more digits than Excel keeps."""
    for role, column in roles:
        if role not in _NAMES:
            continue
        values = book.load_sheet(sheet, use_columns=[column], dtype_coercion="coerce").to_arrow().column(0)
        if str(values.type) not in {"double", "int64"}:
            continue
        long = next((value for value in values.to_pylist() if value is not None and abs(value) >= _DIGITS), None)
        if long is not None:
            raise DataError(
                f"{role}={column!r} holds numbers such as {long:.0f}, of which Excel keeps 15 digits: several ids may "
                "have become one; export the file again with this column as text, or as CSV"
            )
