"""Money and trends of categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, GREEN, MUTED, ORANGE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

# More bars cannot be read.
_MOST = 30
# Beyond these an interval runs out of the picture.
_LEAST, _LARGEST = 1 / 32, 32.0


def plot_categories(table: Table, by: list[str], name: str, language: str) -> Any:
    """Draw bars of money, coloured by part, beside the trend of each with its interval."""
    say, alt = words("categories", language), altair()
    rows = [row for row in dicts(table) if row["sales"] is not None][:_MOST]
    parts = ["head", "body", "tail"]
    values = [
        {
            "category": " · ".join(say["none"] if row[key] is None else str(row[key]) for key in [*by, name]),
            "sales": row["sales"], "part": say[row["part"]], "trend": _within(row["trend"]),
            "low": _within(row["trend_low"]), "high": _within(row["trend_high"]),
            "rises": bool(row["rising_tail"]),
        }
        for row in rows
    ]  # fmt: skip
    y = alt.Y("category:N", title=None, sort=None)
    base = alt.Chart(data_of(values)).encode(y=y)
    colour = alt.Scale(domain=[say[part] for part in parts], range=[BLUE, ORANGE, MUTED])
    bars = base.mark_bar(height={"band": 0.6}).encode(
        x=alt.X("sales:Q", title=say["sales"]), color=alt.Color("part:N", title=None, scale=colour),
        tooltip=["category:N", "sales:Q", "part:N"],
    )  # fmt: skip
    beside = alt.Chart(data_of([one for one in values if one["trend"] is not None])).encode(
        y=alt.Y("category:N", title=None, sort=[one["category"] for one in values], axis=alt.Axis(labels=False))
    )
    x = alt.X("trend:Q", title=say["trend"], scale=alt.Scale(type="log", nice=False))
    points = beside.mark_point(filled=True, size=60).encode(
        x=x, color=alt.condition("datum.rises", alt.value(GREEN), alt.value(MUTED)),
        tooltip=["category:N", alt.Tooltip("trend:Q", format=".2f")],
    )  # fmt: skip
    lines = beside.mark_rule(color=MUTED).encode(x="low:Q", x2="high:Q")
    one = alt.Chart(data_of([{"trend": 1.0}])).mark_rule(strokeDash=[4, 4], color=MUTED).encode(x="trend:Q")
    height = alt.Step(20)
    left = bars.properties(width=360, height=height)
    cut = say["cut"].format(shown=_MOST) if table.num_rows > _MOST else ""
    if not any(one["trend"] is not None for one in values):
        return finish(left, say["title"], cut)
    right = (one + lines + points).properties(width=240, height=height)
    note = " · ".join(part for part in (say["note"], cut) if part)
    return finish(alt.hconcat(left, right), say["title"], note)


def _within(value: float | None) -> float | None:
    return None if value is None else min(max(value, _LEAST), _LARGEST)
