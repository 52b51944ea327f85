"""Checking a report: each number of a sentence must be that of the table cell that it names."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from footfall._errors import DataError
from footfall.core.checks import shown as quoted
from footfall.core.wording import shown

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
    for cell, kind, text in page.named:
        compare(page.cells, cell, kind, text, page.language)
    return len(page.named)


def compare(cells: dict[str, tuple[str, str, str]], cell: str, kind: str, text: str, language: str) -> None:
    """Refuse a number of a sentence that is not that of its cell."""
    if cell not in cells:
        raise DataError(f"{quoted(text)} names the cell {quoted(cell)}, which no table has")
    own, value, seen = cells[cell]
    if kind == own:
        wanted = seen
    else:
        try:
            wanted = shown(float(value), kind, language)
        except ValueError:
            wanted = value
    if text.strip() != wanted.strip():
        raise DataError(f"{quoted(text)} differs from the cell {quoted(cell)}, which has {quoted(wanted)}")


class _Page(HTMLParser):
    """Reads sentences and cells."""

    def __init__(self) -> None:
        super().__init__()
        self.is_report, self.language = False, "en"
        self.loose: list[str] = []
        self.named: list[tuple[str, str, str]] = []
        self.cells: dict[str, tuple[str, str, str]] = {}
        self._says = False
        self._data: tuple[str, str] | None = None
        self._cell: tuple[str, str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html" and given.get("lang", "").startswith("zh"):
            self.language = "zh"
        if tag == "meta" and given.get("content") == "footfall":
            self.is_report = True
        if tag == "p" and given.get("class") == "says":
            self._says = True
        if tag == "data":
            self._data, self._text = (given["value"], given["data-kind"]), ""
        if tag == "td" and "id" in given:
            self._cell, self._text = (given["id"], given["data-kind"], given["data-value"]), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._says = False
        if tag == "data" and self._data is not None:
            self.named.append((*self._data, self._text))
            self._data = None
        if tag == "td" and self._cell is not None:
            self.cells[self._cell[0]] = (*self._cell[1:], self._text)
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._data is not None or self._cell is not None:
            self._text += data
        elif self._says and _DIGIT.search(data):
            self.loose.append(data)
