"""Who ordered again, by days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts
from footfall.core.titles import titles_of

if TYPE_CHECKING:
    from footfall.table import Table

_GROUPS = 8


def plot_repurchase(table: Table, by: list[str], language: str) -> Any:
    """Draw the rates with their intervals, and the customers at risk below them."""
    say, alt = words("repurchase", language), altair()
    rows = [row for row in dicts(table) if row["rate"] is not None and (not by or row["after"] == 1)]
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[_line(row, by, say)] = row["customers"]
    largest = sorted(sizes, key=lambda line: (-sizes[line], line))[:_GROUPS] if by else list(sizes)
    values = [
        {
            "days": row["days"], "rate": row["rate"], "low": row["low"], "high": row["high"], "line": _line(row, by,
            say), "at_risk": row["at_risk"], "label": f"{row['at_risk']:,}",
        }
        for row in rows
        if _line(row, by, say) in largest
    ]  # fmt: skip
    title = titles_of(by, language) if by else say["after_title"]
    one = len(largest) == 1
    color = alt.value(BLUE) if one else alt.Color("line:N", title=title, sort=largest)
    days = sorted({row["days"] for row in rows})
    x = alt.X("days:Q", title=say["days"], axis=alt.Axis(values=days))
    base = alt.Chart(data_of(values)).encode(x=x, color=color)
    y = alt.Y("rate:Q", title=say["rate"], axis=alt.Axis(format="%"), scale=alt.Scale(domainMin=0))
    tooltip = ["line:N", "days:Q", alt.Tooltip("rate:Q", format=".1%"), "at_risk:Q"]
    lines = base.mark_line(point=True).encode(y=y, tooltip=tooltip)
    bars = base.mark_rule(opacity=0.5).encode(y="low:Q", y2="high:Q")
    risk = (
        alt.Chart(data_of(values))
        .mark_text(fontSize=10)
        .encode(
            x=alt.X("days:Q", title=None, axis=None), text="label:N",
            y=alt.Y("line:N", title=say["at_risk"], sort=largest, axis=alt.Axis(domain=False, ticks=False)),
        )
    )  # fmt: skip
    curves = (bars + lines).properties(width=560, height=280)
    table_below = risk.properties(width=560, height=18 * len(largest))
    cut = say["groups"].format(shown=len(largest), groups=len(sizes)) if len(sizes) > len(largest) else ""
    return finish(alt.vconcat(curves, table_below, spacing=4).resolve_scale(x="shared"), say["title"], cut)


def _line(row: dict[str, Any], by: list[str], say: dict[str, str]) -> str:
    if by:
        return " / ".join(str(row[name]) for name in by)
    return say["after"].format(first=row["after"], second=row["after"] + 1)
