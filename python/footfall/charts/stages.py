"""Customers by stage, and the flow between two dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, GREEN, MUTED, ORANGE, altair, data_of, finish
from footfall.charts._flow import Link, flow
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

_COLORS = {"loyal": GREEN, "bought": BLUE, "interested": ORANGE, "aware": "#e8c46a", "none": MUTED}


def plot_stages(table: Table, flows: Table, language: str) -> Any:
    """Draw the flow between the last two dates; of one date, a bar for each stage."""
    say, rows = words("stages", language), dicts(flows)
    if not rows:
        return _bars(dicts(table), say)
    dates = list(dict.fromkeys(row["date"] for row in dicts(table)))
    colors = {say[stage]: color for stage, color in _COLORS.items()}
    links: list[Link] = [
        (0, say[row["from"]], say[row["to"]], float(row["customers"])) for row in rows if row["date"] == dates[-1]
    ]
    chart = flow(links, list(colors), colors, [str(date) for date in dates[-2:]])
    return finish(chart, say["title"], f"{dates[-2]} → {dates[-1]}")


def _bars(rows: list[dict[str, Any]], say: dict[str, str]) -> Any:
    alt = altair()
    values = [
        {"stage": say[row["stage"]], "customers": row["customers"], "label": f"{row['customers']:,}"} for row in rows
    ]
    scale = alt.Scale(domain=[say[stage] for stage in _COLORS], range=list(_COLORS.values()))
    order = [say[stage] for stage in reversed(_COLORS)]
    base = alt.Chart(data_of(values)).encode(
        y=alt.Y("stage:N", title=None, sort=order), x=alt.X("customers:Q", title=say["customers"])
    )
    bars = base.mark_bar().encode(color=alt.Color("stage:N", legend=None, scale=scale))
    chart = (bars + base.mark_text(align="left", dx=3).encode(text="label:N")).properties(width=460, height=180)
    return finish(chart, say["title"], str(rows[0]["date"]) if rows else "")
