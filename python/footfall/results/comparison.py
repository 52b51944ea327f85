"""Two funnels side by side."""

from __future__ import annotations

import math
from typing import Any

from footfall.results._columns import table_of
from footfall.results.table import Table

Rate = tuple[float, float, float]
"""A rate with its interval."""


class Comparison(Table):
    """One row per step from the second on.

    Columns: what both are broken down by; ``step``, ``name``; ``rate``, ``other_rate`` (of those of the step before);
    ``difference`` with Newcombe's 95 % interval ``difference_low``, ``difference_high``; ``p_value`` (the two-sided
    test of two shares with a pooled variance), ``p_adjusted`` (Holm's, over the rows).
    """


def difference(ours: Rate, theirs: Rate) -> tuple[float, float, float]:
    """Return the difference of two rates with its interval.

    R. G. Newcombe's hybrid score interval (method 10; Statistics in Medicine 17, 1998).
    """
    (rate, low, high), (base, base_low, base_high) = ours, theirs
    return (
        rate - base,
        rate - base - math.hypot(rate - low, base_high - base),
        rate - base + math.hypot(high - rate, base - base_low),
    )


def p_value(rate: float, n: float, other: float, m: float) -> float | None:
    """Return the two-sided p-value of the hypothesis that two shares of n and m units are the same."""
    if n <= 0 or m <= 0:
        return None
    pooled = (rate * n + other * m) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    return 1.0 if variance <= 0 else math.erfc(abs(rate - other) / math.sqrt(2 * variance))


def holm(values: list[float | None]) -> list[float | None]:
    """Return p-values adjusted for their number.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
    """
    known = sorted((value, at) for at, value in enumerate(values) if value is not None)
    adjusted: list[float | None] = [None] * len(values)
    highest = 0.0
    for rank, (value, at) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - rank) * value))
        adjusted[at] = highest
    return adjusted


def comparison(rows: list[dict[str, Any]], library: str | None) -> Comparison:
    """Make the table; the p-values of its rows are adjusted together."""
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return Comparison(table_of({name: [row[name] for row in rows] for name in rows[0]}), library)
