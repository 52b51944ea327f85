"""Cost of new customers, and what they have brought so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts
from footfall.core.titles import titles_of

if TYPE_CHECKING:
    from footfall.table import Table

_MOST = 8


def plot_acquisition(table: Table, value: Table, channels: Table, language: str) -> Any:
    """Draw the cost by period beside the margin so far, in which a dashed line is the channel's cost."""
    say, alt = words("acquisition", language), altair()
    name = table.column_names[0]
    known = [row for row in dicts(channels) if row["cac"] is not None]
    largest = [str(row[name]) for row in sorted(known, key=lambda row: -row["spend"])[:_MOST]]
    cost = {str(row[name]): row["cac"] for row in known}
    color = alt.Color("channel:N", title=titles_of([name], language), scale=alt.Scale(domain=largest))
    by_period = [
        {"channel": str(row[name]), "period": str(row["period"]), "cac": row["cac"]}
        for row in dicts(table)
        if row["cac"] is not None and row["complete"] and str(row[name]) in largest
    ]
    left = alt.Chart(data_of(by_period)).mark_line(point=True).encode(
        x=alt.X("period:T", title=None), y=alt.Y("cac:Q", title=say["cac"]), color=color,
        tooltip=["channel:N", "period:T", alt.Tooltip("cac:Q", format=",.2f")],
    )  # fmt: skip
    so_far = [
        {"channel": str(row[name]), "period": row["period"], "value": row["value"], "cost": cost[str(row[name])]}
        for row in dicts(value)
        if str(row[name]) in largest
    ]
    base = alt.Chart(data_of(so_far)).encode(
        x=alt.X("period:Q", title=say["period"], axis=alt.Axis(tickMinStep=1)), color=color
    )
    tooltip = ["channel:N", "period:Q", alt.Tooltip("value:Q", format=",.2f"), alt.Tooltip("cost:Q", format=",.2f")]
    lines = base.mark_line(point=True).encode(y=alt.Y("value:Q", title=say["value"]), tooltip=tooltip)
    rules = base.mark_line(strokeDash=[4, 4], opacity=0.6).encode(y="cost:Q")
    right = (lines + rules).properties(width=320, height=280)
    return finish(alt.hconcat(left.properties(width=320, height=280), right), say["title"], say["note"])
