"""Cohort retention heatmap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import altair, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def plot_retention(table: Table, language: str) -> Any:
    """Draw a heat map; what cannot be known yet is blank."""
    say, alt = words("retention", language), altair()
    values = [
        {"cohort": f"{cohort} ({size:,})", "period": period, "rate": rate, "label": f"{rate:.0%}"}
        for cohort, period, size, _, rate, *_ in table.rows()
        if rate is not None
    ]
    y = alt.Y("cohort:N", title=say["cohort"])
    base = alt.Chart(alt.Data(values=values)).encode(x=alt.X("period:O", title=say["period"]), y=y)
    color = alt.Color("rate:Q", scale=alt.Scale(scheme="blues", domainMin=0), legend=None)
    dark = alt.condition("datum.rate > 0.6", alt.value("white"), alt.value("black"))
    chart = base.mark_rect().encode(color=color) + base.mark_text(fontSize=10).encode(text="label:N", color=dark)
    return finish(chart.properties(width=alt.Step(40), height=alt.Step(22)), say["title"])
