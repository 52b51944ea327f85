"""Segment migration matrix (heatmap) and flow (Sankey)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import altair, data_of, finish
from footfall.charts._flow import Link, flow
from footfall.charts._names import state_names
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table

_COLORS = (
    "#2f6db3", "#3d9970", "#e08a2e", "#7b5ea7", "#4bacc6", "#9bbb59", "#c0504d", "#b08b5b", "#5f7f9f", "#d08ab0",
)  # fmt: skip


def plot_flow(table: Table, days: tuple[str, str], language: str) -> Any:
    """Draw customers as bands from where they were to where they are."""
    say = words("migration", language)
    rows = table.rows()
    states = list(dict.fromkeys([row[0] for row in rows] + [row[1] for row in rows]))
    order = [state for state in states if state not in {"newcomer", "absent"}] + ["newcomer", "absent"]
    named = state_names(order, language) | {state: say[state] for state in ("newcomer", "absent")}
    colors = {named[state]: _COLORS[at % len(_COLORS)] for at, state in enumerate(order)}
    colors[named["newcomer"]], colors[named["absent"]] = "#8a94a6", "#d4d8de"
    links: list[Link] = [(0, named[row[0]], named[row[1]], float(row[2])) for row in rows]
    chart = flow(links, list(colors), colors, [say["from"], say["to"]])
    return finish(chart.properties(width=560, height=460), say["title"], _subtitle(rows, days, say))


def _subtitle(rows: list[Any], days: tuple[str, str], say: dict[str, str]) -> str:
    return say["note"].format(start=days[0], end=days[1], customers=sum(row[2] for row in rows))


def plot_matrix(table: Table, days: tuple[str, str], language: str) -> Any:
    """Draw the shares of each row as a heat map."""
    say, alt = words("migration", language), altair()
    rows = table.rows()
    order = [state for state in dict.fromkeys([row[0] for row in rows] + [row[1] for row in rows])
             if state not in {"newcomer", "absent"}]  # fmt: skip
    named = state_names(order, language) | {state: say[state] for state in ("newcomer", "absent")}
    values = [{"from": named[row[0]], "to": named[row[1]], "share": row[3], "label": f"{row[3]:.0%}"} for row in rows]
    y = alt.Y("from:N", title=say["from"], sort=list(named.values()))
    x = alt.X("to:N", title=say["to"], sort=list(named.values()), axis=alt.Axis(labelAngle=-40, labelOverlap=False))
    base = alt.Chart(data_of(values)).encode(x=x, y=y)
    color = alt.Color("share:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    ink = alt.condition("datum.share > 0.5", alt.value("white"), alt.value("black"))
    chart = base.mark_rect().encode(color=color) + base.mark_text(fontSize=10).encode(text="label:N", color=ink)
    return finish(chart.properties(width=alt.Step(46), height=alt.Step(26)), say["title"], _subtitle(rows, days, say))
