"""Transition heatmap and Sankey diagram of paths."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from footfall.charts._chart import MUTED, altair, data_of, finish
from footfall.charts._flow import Link, flow
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table

_MOST = 15
_MOST_IN_FLOW = 8
_COLORS = ("#2f6db3", "#e08a2e", "#3d9970", "#c0504d", "#7b5ea7", "#4bacc6", "#9bbb59", "#b08b5b")


def plot_transitions(transitions: Table, count: int, language: str) -> Any:
    """Draw rates from each event to the next; the most frequent events alone."""
    say, alt = words("paths", language), altair()
    rows = transitions.rows()
    sizes: dict[Any, int] = {}
    for before, _, times, _ in rows:
        sizes[before] = sizes.get(before, 0) + times
    kept = sorted((event for event in sizes if event is not None), key=lambda event: -sizes[event])[:_MOST]
    values = [
        {
            "from": say["begin"] if before is None else str(before),
            "to": say["end"] if after is None else str(after),
            "rate": rate,
            "label": f"{rate:.0%}",
        }
        for before, after, _, rate in rows
        if (before is None or before in kept) and (after is None or after in kept)
    ]
    names = [str(event) for event in kept]
    y = alt.Y("from:N", sort=[say["begin"], *names], title=say["from"])
    x = alt.X("to:N", sort=[*names, say["end"]], title=say["to"], axis=alt.Axis(labelAngle=-40, labelOverlap=False))
    base = alt.Chart(data_of(values)).encode(x=x, y=y)
    color = alt.Color("rate:Q", scale=alt.Scale(scheme="blues", domain=[0, 1]), legend=None)
    dark = alt.condition("datum.rate > 0.5", alt.value("white"), alt.value("black"))
    chart = base.mark_rect().encode(color=color) + base.mark_text(fontSize=10).encode(text="label:N", color=dark)
    return finish(chart.properties(width=alt.Step(44), height=alt.Step(26)), say["title"], f"{count:,} {say['paths']}")


def plot_flow(sequences: Table, count: int, language: str) -> Any:
    """Draw the sequences of the table step by step; the most frequent events apart, the others as one."""
    say = words("paths", language)
    depth = sequences.column_names.index("goes_on")
    rows = sequences.rows()
    sizes: dict[str, int] = {}
    for row in rows:
        for event in row[:depth]:
            if event is not None:
                sizes[str(event)] = sizes.get(str(event), 0) + row[depth + 1]
    kept = sorted(sizes, key=lambda event: -sizes[event])[:_MOST_IN_FLOW]

    def named(event: Any) -> str:
        return say["end"] if event is None else str(event) if str(event) in kept else say["other"]

    links: dict[tuple[int, str, str], int] = {}
    for row in rows:
        for at, (before, after) in enumerate(pairwise(row[:depth])):
            if before is not None:
                link = (at, named(before), named(after))
                links[link] = links.get(link, 0) + row[depth + 1]
    if not links:
        raise ValueError('no path has a second step to draw: give depth= of at least 2, or draw kind="transitions"')
    colors = dict(zip(kept, _COLORS, strict=False)) | {say["other"]: MUTED, say["end"]: "#d4d8de"}
    shown = sum(row[depth + 1] for row in rows)
    drawn: list[Link] = [(*link, amount) for link, amount in links.items()]
    return finish(flow(drawn, list(colors), colors), say["flow"], f"{shown:,} {say['shown']} {count:,} {say['paths']}")
