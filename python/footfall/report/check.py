"""Checking a report: each number of a sentence must be that of the table cell that it names."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from footfall._errors import DataError
from footfall.core.checks import shown as quoted

if TYPE_CHECKING:
    import os

_DIGIT = re.compile(r"\d")


def check(path: str | os.PathLike[str]) -> int:
    """Check that every number in the sentences of a report stands in a table of it.

    Parameters
    ----------
    path : path
        A report that :meth:`footfall.Shop.report` wrote.

    Returns
    -------
    int
        How many numbers were checked.

    Raises
    ------
    DataError
        Where a sentence has a number that names no cell, or another one than its cell.
    """
    file = Path(path)
    if file.suffix.lower() == ".docx":
        from footfall.report.check_word import check_word

        return check_word(file)
    page = _Page()
    page.feed(file.read_text("utf-8"))
    if not page.is_report:
        raise DataError(f"{quoted(str(path))} is no report of footfall")
    for text in page.loose:
        raise DataError(f"a number of no table stands in {quoted(text.strip())}")
    for cell, text in page.named:
        if cell not in page.cells:
            raise DataError(f"{quoted(text)} names the cell {quoted(cell)}, which no table has")
        if text != page.cells[cell]:
            raise DataError(
                f"{quoted(text)} differs from the cell {quoted(cell)}, which has {quoted(page.cells[cell])}"
            )
    return len(page.named)


class _Page(HTMLParser):
    """Reads sentences and cells."""

    def __init__(self) -> None:
        super().__init__()
        self.is_report = False
        self.loose: list[str] = []
        self.named: list[tuple[str, str]] = []
        self.cells: dict[str, str] = {}
        self._says = False
        # The cell that is read, or named, and what was read of it.
        self._cell, self._text = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("content") == "footfall":
            self.is_report = True
        if tag == "p" and given.get("class") == "says":
            self._says = True
        if tag in {"data", "td"}:
            self._cell, self._text = given["value" if tag == "data" else "id"], ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._says = False
        if tag == "data":
            self.named.append((self._cell, self._text))
        if tag == "td":
            self.cells[self._cell] = self._text
        if tag in {"data", "td"}:
            self._cell = ""

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._text += data
        elif self._says and _DIGIT.search(data):
            self.loose.append(data)
