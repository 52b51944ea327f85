"""Tables as text and HTML; Chinese characters are two wide."""

from __future__ import annotations

import datetime as dt
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


_STYLE = (
    "font-variant-numeric:tabular-nums;border-collapse:collapse;font-size:0.92em;margin:0.3em 0",
    "text-align:left;caption-side:top;font-weight:600;padding:0.2em 0;color:inherit",
    "text-align:left;opacity:0.65;font-size:0.85em",
)


def html_table(names: list[str], titles: list[str], rows: list[tuple[Any, ...]], caption: str, note: str) -> str:
    """Return rows as an HTML table: figures to the right, shares in per cent, in the colours of the page around it.

    Where the title of a column is another text than its name, the name stands below it.
    """
    import html

    right = [any(isinstance(row[at], (int, float)) and not isinstance(row[at], bool) for row in rows)
             for at in range(len(names))]  # fmt: skip

    def cell(tag: str, at: int, text: str, name: str = "") -> str:
        align = "right" if right[at] else "left"
        below = f'<br><span style="{_STYLE[2]}">{html.escape(name)}</span>' if name not in {"", text} else ""
        return f'<{tag} style="text-align:{align};padding:0.15em 0.7em">{html.escape(text)}{below}</{tag}>'

    head = "".join(cell("th", at, titles[at], name) for at, name in enumerate(names))
    columns = [_figures(name, [row[at] for row in rows], names) for at, name in enumerate(names)]
    body = "".join(
        "<tr>" + "".join(cell("td", at, text) for at, text in enumerate(row)) + "</tr>"
        for row in zip(*columns, strict=True)
    )
    table, title, quality = _STYLE
    foot = f'<div style="{quality}">{html.escape(note)}</div>' if note else ""
    return (
        f'<table style="{table}"><caption style="{title}">{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{foot}"
    )


_SHARES = ("share", "rate", "conversion", "recall", "precision", "_low", "_high", "growth")
_NO_SHARES = ("lift", "odds", "x_", "weekly")
# Whole numbers that name a thing are no counts: no separators of thousands.
_KEYS = ("customer", "session", "product", "order")


def _figures(name: str, values: list[Any], names: list[str]) -> list[str]:
    """Return the texts of a column: shares in per cent, whole numbers without decimals, all values of it alike."""
    numbers = [float(value) for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    bound = name in {"low", "high"} and "rate" in names
    part = bound or (any(word in name for word in _SHARES) and not any(word in name for word in _NO_SHARES))
    if part and all(-1 <= number <= 1 for number in numbers):
        form = "{:.1%}"
    elif all(number.is_integer() for number in numbers):
        form = "{:.0f}" if name in _KEYS or name.endswith("id") else "{:,.0f}"
    else:
        form = ""
    return [_figure(value, form) if form and type(value) in {int, float} else _cell(value) for value in values]


# What is smaller would be shown as nothing.
_SMALL = 1e-3


def _figure(value: float, form: str) -> str:
    if form.endswith("%}") and 0 < abs(value) < _SMALL:
        return f"{100 * value:.3g}%"
    return form.format(value)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and 0 < abs(value) < _SMALL:
        return f"{value:.3g}"
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.2f}"  # noqa: PLR2004 - shares need their digits
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return str(value.date())
    return plain(str(value))


# So many characters of a value are shown.
_LONGEST = 120


def plain(text: str) -> str:
    """Return a text on one line: what is long is cut, and what controls a terminal is written as an escape."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(char if char.isprintable() or char == "\u3000" else ascii(char)[1:-1] for char in cut)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
