"""Sentences of numbers, in English and Chinese: how a number is shown, and templates that say what each is."""

from __future__ import annotations

import datetime as dt
import math
import string
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LARGE, _SMALL = 100, 0.001
# Longer texts are cut.
_LONGEST = 120
_UNITS = ((86_400, "days", "天"), (3_600, "h", "小时"), (60, "min", "分钟"))


def shown(value: Any, kind: str, language: str) -> str:
    """Return a value as a reader sees it.

    Parameters
    ----------
    value
        A number, a date, a text, or None.
    kind : {"percent", "points", "count", "money", "number", "p", "seconds", "change", "month", "text"}
        What a number is: "points" is a difference of shares, "seconds" are shown in the largest unit that they fill,
        "change" is money with its sign, "month" is a date of which the month counts.
    language : {"en", "zh"}
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[language][value]
    if kind == "month" and isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, (int, float)):
        return _number(value, kind, language)
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _number(value: float, kind: str, language: str) -> str:
    if kind == "seconds":
        return _seconds(value, language)
    if kind == "p":
        return f"< {_SMALL}" if value < _SMALL else f"{value:.3f}"
    decimals = 0 if abs(value) >= _LARGE else 2
    forms = {
        "percent": f"{value:.1%}", "points": f"{100 * value:+.1f}", "count": f"{value:,.0f}",
        "change": f"{value:+,.0f}", "money": f"{value:,.{decimals}f}", "text": f"{value:g}",
    }  # fmt: skip
    return forms.get(kind) or (f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{decimals}f}")


def _seconds(value: float, language: str) -> str:
    for least, english, chinese in _UNITS:
        if value >= least:
            return f"{value / least:,.1f} {chinese if language == 'zh' else english}"
    return f"{value:,.0f} {'秒' if language == 'zh' else 's'}"


def parts(template: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Split a template, as "{rate:percent} came back", into texts and values: (text, None, ""), ("", value, kind)."""
    for text, name, kind, _ in string.Formatter().parse(template):
        if text:
            yield text, None, ""
        if name is not None:
            yield "", values[name], kind or "text"


def filled(template: str, values: Mapping[str, Any], language: str) -> str:
    """Return a template with its values as a reader sees them.

    Examples
    --------
    >>> from footfall.core.wording import filled
    >>> filled("{rate:percent} of {n:count} came back", {"rate": 0.2345, "n": 1200}, "en")
    '23.4% of 1,200 came back'
    """
    return "".join(text or shown(value, kind, language) for text, value, kind in parts(template, values))
