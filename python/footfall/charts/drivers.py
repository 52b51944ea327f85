"""Odds ratios by level."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts
from footfall.core.titles import titles_of

if TYPE_CHECKING:
    from footfall.table import Table

# A band of numbers.
_BAND = re.compile(r"^(-?[\d.]+) to (-?[\d.]+)$")
# More rows cannot be read.
_MOST = 40
# Beyond these an interval runs out of the picture.
_LEAST, _LARGEST = 1 / 64, 64.0


def _level(level: str | None, say: dict[str, str]) -> str:
    """Return a level as a reader sees it: bands of numbers in the language of the picture."""
    return say["none"] if level is None else _BAND.sub(say["band"], level)


def plot_drivers(table: Table, outcome: str, language: str) -> Any:
    """Draw a point and an interval for each level, in the order of the table; a line marks no difference."""
    say, alt = words("drivers", language), altair()
    rows = dicts(table)
    known = [row for row in rows if row["odds_ratio"] is not None]
    values = [
        {
            "level": f"{titles_of([row['feature']], language)}: {_level(row['level'], say)}",
            "odds": min(max(row["odds_ratio"], _LEAST), _LARGEST), "low": max(row["odds_low"], _LEAST),
            "high": min(row["odds_high"], _LARGEST), "customers": row["customers"], "rate": row["rate"],
            "base": row["odds_ratio"] == row["odds_low"] == row["odds_high"],
        }
        for row in known[:_MOST]
    ]  # fmt: skip
    x = alt.X("odds:Q", title=say["odds"], scale=alt.Scale(type="log", nice=False))
    base = alt.Chart(data_of(values)).encode(y=alt.Y("level:N", title=None, sort=None))
    tooltip = ["level:N", alt.Tooltip("odds:Q", format=".2f"), alt.Tooltip("rate:Q", format=".1%"), "customers:Q"]
    points = base.mark_point(filled=True, size=60).encode(
        x=x, tooltip=tooltip, color=alt.condition("datum.base", alt.value(MUTED), alt.value(BLUE))
    )
    bars = base.mark_rule(color=BLUE).encode(x="low:Q", x2="high:Q")
    line = alt.Chart(data_of([{"odds": 1.0}])).mark_rule(strokeDash=[4, 4], color=MUTED).encode(x="odds:Q")
    note = say["note"] + (" · " + say["cut"].format(shown=_MOST, rows=len(known)) if len(known) > _MOST else "")
    return finish((line + bars + points).properties(width=420, height=alt.Step(20)), say[outcome], note)
