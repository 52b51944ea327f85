"""Two periods to be compared, as people write them."""

from __future__ import annotations

from typing import Any

from footfall.core.checks import shown
from footfall.core.time_points import Moment, moment

Span = tuple[Moment, Moment]


def two_periods(before: Any, after: Any) -> dict[str, Span]:
    """Return both as the core takes them; each is half-open."""
    return {"before": _span(before, "before"), "after": _span(after, "after")}


def written(period: Any) -> str:
    """Return a half-open period as it stands in a title."""
    start, end = (str(point) for point in period)
    return f"[{start}, {end})"


def _span(value: Any, name: str) -> Span:
    wanted = f'{name}={shown(value)}: give the start and the end of a period, as in ("2024-01-01", "2024-02-01")'
    if not isinstance(value, (tuple, list)) or len(value) != 2:  # noqa: PLR2004 - from and to
        raise TypeError(wanted)
    start, end = (moment(point, name) for point in value)
    if start is None or end is None:
        raise ValueError(wanted)
    return start, end
