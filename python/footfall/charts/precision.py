"""Rates of recommendations with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, ORANGE, altair, data_of, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def plot_precision(table: Table, language: str) -> Any:
    """Draw both rates of each value as points with their intervals."""
    say, alt = words("precision", language), altair()
    by = table.column_names[: table.column_names.index("impressions")]
    rows = [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]
    values = [
        {
            "value": " · ".join(say["none"] if row[name] is None else str(row[name]) for name in by) or say["all"],
            "measure": say[measure], "rate": row[rate], "low": row[f"{prefix}_low"], "high": row[f"{prefix}_high"],
        }
        for row in rows
        for measure, rate, prefix in (("click", "click_rate", "click"), ("buy", "precision", "precision"))
    ]  # fmt: skip
    color = alt.Color("measure:N", title=None, scale=alt.Scale(domain=[say["click"], say["buy"]], range=[BLUE, ORANGE]))
    base = alt.Chart(data_of(values)).encode(y=alt.Y("value:N", title=None), yOffset="measure:N", color=color)
    x = alt.X("low:Q", title=say["rate"], axis=alt.Axis(format="%"))
    chart = base.mark_rule().encode(x=x, x2="high:Q") + base.mark_point(filled=True, size=60).encode(x="rate:Q")
    shown = sum(row["shown"] for row in rows)
    return finish(chart.properties(width=420, height=alt.Step(18)), say["title"], f"{shown:,} {say['shown']}")
