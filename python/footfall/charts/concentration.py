"""Lorenz curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, altair, data_of, finish, hover
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def plot_lorenz(curve_table: Table, gini: float | None, top_20: float | None, language: str) -> Any:
    """Draw the Lorenz curve over the line of equal shares."""
    title, x_title, y_title, subtitle = words("concentration", language)
    alt = altair()
    points = [{"x": x, "y": y} for x, y in curve_table.rows()]
    curve = alt.Chart(data_of(points)).encode(
        x=alt.X("x:Q", title=x_title, axis=alt.Axis(format="%")),
        y=alt.Y("y:Q", title=y_title, axis=alt.Axis(format="%")),
    )
    equal = alt.Chart(data_of([{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(color=MUTED, strokeDash=[4, 4])
    chart = (
        curve.mark_area(color=BLUE, opacity=0.15)
        + curve.mark_line(color=BLUE)
        + hover(curve)
        + equal.encode(x="x:Q", y="y:Q")
    )
    said = "" if gini is None or top_20 is None else subtitle.format(gini=gini, top=top_20)
    return finish(chart.properties(width=380, height=380), title, said)
