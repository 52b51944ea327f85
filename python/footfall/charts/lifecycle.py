"""Customers in each state by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, GREEN, MUTED, ORANGE, RED, altair, dicts, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table

_STATES = {"new": GREEN, "active": BLUE, "back": ORANGE, "dormant": MUTED, "lost": RED}


def plot_lifecycle(table: Table, language: str) -> Any:
    """Draw a bar for each period, made of its states; periods that are not whole are pale."""
    say, alt = words("lifecycle", language), altair()
    rows = dicts(table)
    values = [
        {
            "period": str(row["period"]), "state": say[state], "order": order, "customers": row[state],
            "whole": 1.0 if row["complete"] else 0.45,
        }
        for row in rows
        for order, state in enumerate(_STATES)
    ]  # fmt: skip
    colour = alt.Scale(domain=[say[state] for state in _STATES], range=list(_STATES.values()))
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_bar()
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(labelOverlap=True)),
            y=alt.Y("customers:Q", title=say["customers"], stack="zero"),
            color=alt.Color("state:N", title=None, scale=colour), order="order:Q",
            opacity=alt.Opacity("whole:Q", scale=None, legend=None), tooltip=["period:O", "state:N", "customers:Q"],
        )
    )  # fmt: skip
    partial = say["partial"] if any(not row["complete"] for row in rows) else ""
    return finish(chart.properties(width=560, height=300), say["title"], partial)
