"""Scatter plot and profile lines of clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import MUTED, altair, data_of, finish
from footfall.charts._names import state_names
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def _rows(centers: Table, language: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    rows = [dict(zip(centers.column_names, row, strict=True)) for row in centers.rows()]
    names = state_names([row["name"] for row in rows], language)
    for row in rows:
        row["name"] = f"{row['cluster']} {names[row['name']]}"
    return words("clusters", language), rows


def plot_scatter(centers: Table, language: str) -> Any:
    """Draw each cluster at its medians, as large as its share."""
    say, rows = _rows(centers, language)
    alt = altair()
    base = alt.Chart(data_of(rows)).encode(
        x=alt.X("recency_days:Q", title=say["recency"]), y=alt.Y("monetary:Q", title=say["monetary"])
    )
    size = alt.Size(
        "share:Q",
        title=say["share"],
        scale=alt.Scale(range=[100, 3000]),
        legend=alt.Legend(format="%", symbolFillColor=MUTED),
    )
    color = alt.Color("name:N", title=say["cluster"], sort=[row["name"] for row in rows])
    points = base.mark_circle(opacity=0.7).encode(size=size, color=color)
    text = base.mark_text(fontWeight="bold").encode(text="cluster:N")
    return finish((points + text).properties(width=460, height=340), say["scatter"])


def plot_profile(centers: Table, language: str) -> Any:
    """Draw the centre of each cluster on R, F and M as a line."""
    say, rows = _rows(centers, language)
    alt = altair()
    axes = {"R": "x_recency", "F": "x_frequency", "M": "x_monetary"}
    values = [
        {"name": row["name"], "axis": say[axis], "x": row[column]} for row in rows for axis, column in axes.items()
    ]
    chart = (
        alt.Chart(data_of(values))
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("axis:N", sort=[say[axis] for axis in axes], title=None),
            y=alt.Y("x:Q", title=say["deviations"]),
            color=alt.Color("name:N", title=say["cluster"], sort=[row["name"] for row in rows]),
        )
        .properties(width=360, height=280)
    )
    return finish(chart, say["profile"])
