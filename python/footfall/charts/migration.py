"""Segment migration matrix (heatmap) and flow (Sankey)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import MUTED, STATES, altair, data_of, finish
from footfall.charts._flow import Link, flow
from footfall.charts._names import state_names
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def plot_flow(table: Table, days: tuple[str, str], language: str) -> Any:
    """Draw customers as bands from where they were to where they are."""
    say = words("migration", language)
    rows = table.rows()
    named = _named(rows, say, language)
    colors = {name: STATES[at % len(STATES)] for at, name in enumerate(named.values())}
    colors[say["newcomer"]], colors[say["absent"]] = MUTED, "#d4d8de"
    links: list[Link] = [(0, named[row[0]], named[row[1]], float(row[2])) for row in rows]
    chart = flow(links, list(colors), colors, [say["from"], say["to"]])
    return finish(chart.properties(width=560, height=460), say["title"], _subtitle(rows, days, say))


def _named(rows: list[Any], say: dict[str, str], language: str) -> dict[str, str]:
    """Return the names of the states in their order, those who came and left last."""
    states = dict.fromkeys([row[0] for row in rows] + [row[1] for row in rows])
    edges = {state: say[state] for state in ("newcomer", "absent")}
    return state_names([state for state in states if state not in edges], language) | edges


def _subtitle(rows: list[Any], days: tuple[str, str], say: dict[str, str]) -> str:
    return say["note"].format(start=days[0], end=days[1], customers=sum(row[2] for row in rows))


def plot_matrix(table: Table, days: tuple[str, str], language: str) -> Any:
    """Draw the shares of each row as a heat map."""
    say, alt = words("migration", language), altair()
    rows = table.rows()
    named = _named(rows, say, language)
    values = [{"from": named[row[0]], "to": named[row[1]], "share": row[3], "label": f"{row[3]:.0%}"} for row in rows]
    y = alt.Y("from:N", title=say["from"], sort=list(named.values()))
    x = alt.X("to:N", title=say["to"], sort=list(named.values()), axis=alt.Axis(labelAngle=-40, labelOverlap=False))
    base = alt.Chart(data_of(values)).encode(x=x, y=y)
    color = alt.Color("share:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    ink = alt.condition("datum.share > 0.5", alt.value("white"), alt.value("black"))
    chart = base.mark_rect().encode(color=color) + base.mark_text(fontSize=10).encode(text="label:N", color=ink)
    return finish(chart.properties(width=alt.Step(46), height=alt.Step(26)), say["title"], _subtitle(rows, days, say))
