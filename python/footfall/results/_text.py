"""Tables as text and HTML; Chinese characters are two wide."""

from __future__ import annotations

import datetime as dt
import html
import unicodedata
from typing import Any


def text_table(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Return rows under their names, numbers to the right."""
    shown = [[_cell(value) for value in row] for row in rows]
    widths = [max([_width(name), *(_width(row[at]) for row in shown)]) for at, name in enumerate(names)]
    right = [any(isinstance(row[at], (int, float)) for row in rows) for at in range(len(names))]

    def line(cells: list[str]) -> str:
        padded = []
        for cell, width, to_right in zip(cells, widths, right, strict=True):
            space = " " * (width - _width(cell))
            padded.append(space + cell if to_right else cell + space)
        return "  ".join(padded).rstrip()

    return "\n".join([line(names), line(["─" * width for width in widths]), *map(line, shown)])


def html_table(names: list[str], rows: list[tuple[Any, ...]], caption: str) -> str:
    """Return rows as an HTML table."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(_cell(value))}</td>" for value in row) + "</tr>" for row in rows)
    return (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.2f}"  # noqa: PLR2004 - shares need their digits
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return str(value.date())
    return str(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
