"""Who the customers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, ORANGE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

# More rows cannot be read.
_MOST = 25


def plot_profile(table: Table, names: list[str], language: str) -> Any:
    """Draw the share of customers of each group with its interval, and a mark for that of sales."""
    say, alt = words("profile", language), altair()
    rows = dicts(table)
    order = [" / ".join(say["none"] if row[name] is None else str(row[name]) for name in names) for row in rows[:_MOST]]
    values = [
        {"group": group, "share": row["share"], "low": row["low"], "high": row["high"], "label": f"{row['share']:.1%}"}
        for group, row in zip(order, rows, strict=False)
    ]
    base = alt.Chart(data_of(values)).encode(y=alt.Y("group:N", title=None, sort=order))
    x = alt.X("share:Q", title=say["customers"], axis=alt.Axis(format="%"))
    layers = [
        base.mark_bar(color=BLUE).encode(x=x, tooltip=["group:N", "label:N"]),
        base.mark_rule(color="#222222").encode(x="low:Q", x2="high:Q"),
    ]
    sold = [
        {"group": group, "sales": row["sales_share"]}
        for group, row in zip(order, rows, strict=False)
        if row.get("sales_share") is not None
    ]
    if sold:
        ticks = alt.Chart(data_of(sold)).mark_tick(color=ORANGE, thickness=3, size=16)
        layers.append(ticks.encode(y=alt.Y("group:N", sort=order), x="sales:Q"))
    notes = [say["sales"]] if sold else []
    if len(rows) > _MOST:
        notes.append(say["cut"].format(shown=_MOST))
    return finish(alt.layer(*layers).properties(width=420, height=alt.Step(24)), say["title"], "; ".join(notes))
