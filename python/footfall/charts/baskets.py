"""Lift of pairs that are bought together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

# More rows cannot be read.
_MOST = 30


def plot_baskets(table: Table, language: str) -> Any:
    """Draw a point and an interval for each pair; a line marks what chance would make."""
    say, alt = words("baskets", language), altair()
    rows = dicts(table)
    unit = "customers" if "customers" in table.column_names else "orders"
    values = [
        {
            "pair": f"{row['item']} + {row['with']} ({row[unit]:,})", "lift": row["lift"], "low": row["lift_low"],
            "high": row["lift_high"], "orders": row[unit],
        }
        for row in rows[:_MOST]
    ]  # fmt: skip
    base = alt.Chart(data_of(values)).encode(y=alt.Y("pair:N", title=None, sort=None))
    x = alt.X("lift:Q", title=say["lift"], scale=alt.Scale(type="log", nice=False))
    tooltip = ["pair:N", alt.Tooltip("lift:Q", format=".2f"), "orders:Q"]
    points = base.mark_point(filled=True, size=60, color=BLUE).encode(x=x, tooltip=tooltip)
    bars = base.mark_rule(color=BLUE).encode(x="low:Q", x2="high:Q")
    line = alt.Chart(data_of([{"lift": 1.0}])).mark_rule(strokeDash=[4, 4], color=MUTED).encode(x="lift:Q")
    cut = say["cut"].format(shown=_MOST, pairs=len(rows)) if len(rows) > _MOST else ""
    return finish((line + bars + points).properties(width=420, height=alt.Step(20)), say["title"], cut)
