"""Sessions by day, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, ORANGE, altair, data_of, finish, hover
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table

_WEEK = 7


def plot_daily(daily: Table, verdicts: dict[str, str], language: str) -> Any:
    """Draw both series with their means over a week."""
    say, alt = words("sessions", language), altair()
    names = daily.column_names
    rows = [dict(zip(names, row, strict=True)) for row in daily.rows()]
    charts = []
    for name, verdict in verdicts.items():
        values = [{"day": str(row["day"]), "value": row[name]} for row in rows]
        for at, value in enumerate(values):
            recent = [row["value"] for row in values[max(0, at - _WEEK + 1) : at + 1]]
            value["mean"] = sum(recent) / len(recent)
            value["shown"] = at % _WEEK == _WEEK - 1
        base = alt.Chart(data_of(values)).encode(x=alt.X("day:T", title=None))
        y = alt.Y("value:Q", title=say[name], scale=alt.Scale(zero=False))
        points = base.mark_line(color=MUTED, opacity=0.5, strokeWidth=1).encode(y=y)
        line = base.mark_line(color=BLUE if name.startswith("visits") else ORANGE).encode(y="mean:Q")
        weekly = base.transform_filter("datum.shown").encode(y=alt.Y("mean:Q", title=say["mean"]))
        title = f"{say[name]}: {say[verdict]}"
        charts.append((points + line + hover(weekly)).properties(width=640, height=150, title=title))
    return finish(alt.vconcat(*charts), say["title"], say["mean"])
