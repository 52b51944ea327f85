"""Shares of spend beside what groups of customers bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, ORANGE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

_SHARES = {"spend_share": ORANGE, "sales_share": BLUE, "customer_share": MUTED}


def plot_allocation(table: Table, language: str) -> Any:
    """Draw three bars for each group."""
    say, alt = words("allocation", language), altair()
    group = table.column_names[0]
    rows = dicts(table)
    names = [say.get(row[group], str(row[group])) for row in rows]
    values = [
        {"group": name, "kind": say[share], "share": row[share] or 0.0, "label": f"{row[share] or 0.0:.0%}"}
        for name, row in zip(names, rows, strict=True)
        for share in _SHARES
    ]
    kinds = [say[share] for share in _SHARES]
    base = alt.Chart(data_of(values)).encode(
        y=alt.Y("group:N", title=None, sort=names),
        yOffset=alt.YOffset("kind:N", sort=kinds),
        x=alt.X("share:Q", title=say["share"], axis=alt.Axis(format="%")),
    )
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=kinds, range=list(_SHARES.values())))
    bars = base.mark_bar().encode(color=colour, tooltip=["group:N", "kind:N", alt.Tooltip("share:Q", format=".1%")])
    text = base.mark_text(align="left", dx=3, fontSize=10).encode(text="label:N")
    return finish((bars + text).properties(width=420, height=alt.Step(15)), say["title"])
