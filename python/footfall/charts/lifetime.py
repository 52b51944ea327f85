"""P(alive) heatmap and value concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, altair, data_of, finish, hover
from footfall.charts.words import words
from footfall.core.columns import values

if TYPE_CHECKING:
    from footfall.models._purchases import PurchaseModel
    from footfall.table import Table

_CELLS = 40
_MOST_REPEATS = 20


def plot_alive(customers: Table, model: PurchaseModel, language: str) -> Any:
    """Draw the chance over recency and repeats of customers as old as the oldest."""
    import numpy as np

    say, alt = words("lifetime", language), altair()
    table = customers.native
    age = float(values(table, "age").max())
    most = int(min(_MOST_REPEATS, max(1, values(table, "repeats").max())))
    silent = np.linspace(0, age, _CELLS + 1)[:-1]
    cells = []
    for repeats in range(1, most + 1):
        alive = model.p_alive(np.full(_CELLS, repeats), age - silent, np.full(_CELLS, age))
        cells += [
            {"x": float(at), "x2": float(at) + age / _CELLS, "y": repeats, "p": float(p)}
            for at, p in zip(silent, alive, strict=True)
        ]
    chart = (
        alt.Chart(data_of(cells))
        .mark_rect()
        .encode(
            x=alt.X("x:Q", title=say["recency"], scale=alt.Scale(domain=[0, age], nice=False)),
            x2="x2:Q",
            y=alt.Y("y:O", title=say["repeats"], sort="descending"),
            color=alt.Color("p:Q", title=say["chance"], scale=alt.Scale(scheme="blues", domain=[0, 1])),
        )
        .properties(width=460, height=alt.Step(16))
    )
    return finish(chart, say["alive"], f"{say['age']} {age:g} {say['ago']}")


def plot_value(customers: Table, language: str) -> Any:
    """Draw the share of the value that the best customers hold."""
    import numpy as np

    say, alt = words("lifetime", language), altair()
    value = np.sort(values(customers.native, "value"))[::-1]
    held = np.concatenate([[0.0], np.cumsum(value)]) / max(float(value.sum()), 1e-300)
    at = np.linspace(0, len(value), 101).astype(int)
    rows = [{"x": float(place / max(len(value), 1)), "y": float(held[place])} for place in at]
    axis, whole = alt.Axis(format="%"), alt.Scale(domain=[0, 1])
    base = alt.Chart(data_of(rows)).encode(
        x=alt.X("x:Q", title=say["customers"], axis=axis, scale=whole),
        y=alt.Y("y:Q", title=say["share"], axis=axis, scale=whole),
    )
    even = (
        alt.Chart(data_of([{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(color=MUTED, strokeDash=[4, 4])
        .encode(x="x:Q", y="y:Q")
    )
    chart = (even + base.mark_line(color=BLUE, strokeWidth=2.5) + hover(base)).properties(width=360, height=300)
    return finish(chart, say["value"], f"{say['top']} {rows[20]['y']:.0%}")
