"""Cohort retention heatmap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import altair, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table

# A matrix of more cells cannot be read, and takes longer and longer to draw; of fewer, each has room for its figure.
_MOST = 48
_FIGURES = 20


def plot_retention(table: Table, language: str) -> Any:
    """Draw a heat map; what cannot be known yet is blank. Of many cohorts the latest are shown, and said."""
    say, alt = words("retention", language), altair()
    rows = table.rows()
    cohorts = sorted({row[0] for row in rows})
    periods = 1 + max((row[1] for row in rows), default=0)
    shown = set(cohorts[-_MOST:])
    values = [
        {"cohort": f"{cohort} ({size:,})", "period": period, "rate": rate, "label": f"{rate:.0%}"}
        for cohort, period, size, _, rate, *_ in rows
        if rate is not None and cohort in shown and period < _MOST
    ]
    few = max(len(shown), min(periods, _MOST)) <= _FIGURES
    y = alt.Y("cohort:N", title=say["cohort"])
    base = alt.Chart(alt.Data(values=values)).encode(x=alt.X("period:O", title=say["period"]), y=y)
    legend = None if few else alt.Legend(title=None, format="%")
    color = alt.Color("rate:Q", scale=alt.Scale(scheme="blues", domainMin=0), legend=legend)
    chart = base.mark_rect().encode(color=color)
    if few:
        dark = alt.condition("datum.rate > 0.6", alt.value("white"), alt.value("black"))
        chart += base.mark_text(fontSize=10).encode(text="label:N", color=dark)
    cut = len(cohorts) > _MOST or periods > _MOST
    facts = {"shown": len(shown), "cohorts": len(cohorts), "last": min(periods, _MOST) - 1, "periods": periods}
    chart = chart.properties(width=alt.Step(40 if few else 16), height=alt.Step(22 if few else 14))
    return finish(chart, say["title"], say["cut"].format(**facts) if cut else "")
