"""Writing an Excel workbook."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from footfall.core.imports import import_optional
from footfall.io.write import replacing

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

# What a sheet and a cell of Excel hold.
_ROWS, _TEXT = 1_048_576, 32_767
# Whole numbers beyond it lose digits in Excel, which has doubles alone.
_EXACT = 2**53


def write_excel(
    path: str | os.PathLike[str], columns: Sequence[str], rows: Iterable[Sequence[Any]], count: int
) -> None:
    """Write rows as a sheet: texts as texts, also those that look like formulas, and large whole numbers as texts."""
    module = import_optional("xlsxwriter", "files", "write_excel()")
    if count >= _ROWS:
        raise ValueError(
            f"write_excel(): a sheet of Excel holds {_ROWS - 1:,} rows below its header, and the table has {count:,}: "
            "write CSV or Parquet"
        )
    with replacing(path) as part:
        book = module.Workbook(str(part), {"constant_memory": True, "in_memory": False})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats: dict[type[dt.date], Any] = {dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
                   dt.date: book.add_format({"num_format": "yyyy-mm-dd"})}  # fmt: skip
        sheet.freeze_panes(1, 0)
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name[:_TEXT], bold)
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                _write(sheet, (number, at), value, formats)
        book.close()


def _write(sheet: Any, place: tuple[int, int], value: Any, formats: dict[type[dt.date], Any]) -> None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, (int, float)) and abs(value) <= _EXACT:
        sheet.write_number(*place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(*place, value.replace(tzinfo=None), formats[dt.datetime])
    elif isinstance(value, dt.date):
        sheet.write_datetime(*place, value, formats[dt.date])
    else:
        sheet.write_string(*place, str(value)[:_TEXT])
