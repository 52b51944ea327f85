"""Comparison of two funnels: differences of proportions."""

from __future__ import annotations

from typing import Any

from footfall._native import holm
from footfall.core.columns import table_of
from footfall.table import Table


class Comparison(Table):
    """One row per step from the second on.

    Columns: what both are broken down by; ``step``, ``name``; ``rate``, ``other_rate`` (of those of the step before);
    ``difference`` with Newcombe's 95 % interval ``difference_low``, ``difference_high``; ``p_value`` (the two-sided
    test of two shares with a pooled variance), ``p_adjusted`` (Holm's, over the rows).
    """


def comparison(rows: list[dict[str, Any]], library: str | None) -> Comparison:
    """Make the table; the p-values of its rows are adjusted together."""
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return Comparison(table_of({name: [row[name] for row in rows] for name in rows[0]}), library)
