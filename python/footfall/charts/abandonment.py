"""Rates of carts that are left, and where they are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, ORANGE, altair, data_of, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table

# More bars cannot be read.
_MOST = 30


def plot_abandonment(table: Table, stages: Table, language: str) -> Any:
    """Draw the rate of each value with its interval, those of most episodes first, above the stages that were left."""
    say, alt = words("abandonment", language), altair()
    by = table.column_names[: table.column_names.index("episodes")]
    rows = [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]
    known = sorted((row for row in rows if row["rate"] is not None), key=lambda row: -row["episodes"])
    values = [
        {
            "value": " · ".join(say["none"] if row[name] is None else str(row[name]) for name in by) or say["all"],
            "rate": row["rate"], "low": row["rate_low"], "high": row["rate_high"],
        }
        for row in known[:_MOST]
    ]  # fmt: skip
    base = alt.Chart(data_of(values)).encode(y=alt.Y("value:N", title=None, sort=None))
    percent, share = alt.Axis(format="%"), alt.Scale(domain=[0, 1])
    bars = base.mark_bar(color=BLUE, height={"band": 0.6}).encode(
        x=alt.X("rate:Q", title=say["rate"], axis=percent, scale=share)
    )
    rates = (bars + base.mark_rule(color="black").encode(x="low:Q", x2="high:Q")).properties(
        width=420, height=alt.Step(24)
    )
    where = [
        {"stage": str(stage), "abandoned": count, "share": part or 0.0} for stage, count, part in stages.rows()[:_MOST]
    ]
    left = (
        alt.Chart(data_of(where))
        .mark_bar(color=ORANGE, height={"band": 0.6})
        .encode(
            y=alt.Y("stage:N", title=None, sort=None),
            x=alt.X("share:Q", title=say["share"], axis=percent, scale=share),
        )
        .properties(width=420, height=alt.Step(24))
    )
    episodes = sum(row["episodes"] for row in rows)
    more = f"; {say['first']} {_MOST} / {len(known)}" if len(known) > _MOST else ""
    return finish(alt.vconcat(rates, left), say["title"], f"{episodes:,} {say['episodes']}{more}")
