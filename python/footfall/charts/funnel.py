"""Funnel chart: bars with rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, altair, data_of, finish
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def plot_funnel(table: Table, unit: str, language: str) -> Any:
    """Draw the share of step 1 that reaches each step; beside it the rate from the step before with its interval."""
    say, alt = words("funnel", language), altair()
    rows = [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]
    values = [_bar(row) for row in rows]
    order = [value["label"] for value in values]
    y = alt.Y(
        "label:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, domain=False, ticks=False, labelFontSize=12)
    )
    base = alt.Chart(data_of(values)).encode(y=y)
    share = alt.X(
        "share:Q",
        title=say["of"],
        axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1]),
        scale=alt.Scale(domain=[0, 1.18], nice=False),
    )
    tooltip = ["step:N", "reached:Q", "step_rate:Q"]
    bars = base.mark_bar(color=BLUE, height={"band": 0.7}).encode(x=share, tooltip=tooltip)
    counts = base.mark_text(align="left", dx=5, fontSize=11).encode(x=share, text="count:N")
    rate_axis = alt.Axis(format="%", tickCount=4)
    rate = alt.X("step_rate:Q", title=say["step"], axis=rate_axis, scale=alt.Scale(domain=[0, 1]))
    known = base.transform_filter("isValid(datum.step_rate)")
    whiskers = known.mark_rule(color=BLUE, strokeWidth=2).encode(x=alt.X("low:Q", title=say["step"]), x2="high:Q")
    points = known.mark_point(color=BLUE, filled=True, size=55, opacity=1).encode(x=rate)
    labels = known.mark_text(dy=-11, fontSize=11).encode(x=rate, text="shown:N")
    # Step 1 has no rate, but keeps its place.
    bare = alt.Y("label:N", sort=order, title=None, axis=None, scale=alt.Scale(domain=order))
    right = (points.encode(y=bare) + whiskers.encode(y=bare) + labels.encode(y=bare)).properties(
        width=190, height=alt.Step(34)
    )
    left = (bars + counts).properties(width=420, height=alt.Step(34))
    return finish(alt.hconcat(left, right, spacing=12), say["title"], f"{rows[0]['reached']:,} {say[unit]}")


def _bar(row: dict[str, Any]) -> dict[str, Any]:
    overall = row["overall_rate"] or 0.0
    return {
        "label": f"{row['step']} {row['name']}",
        "share": overall,
        "reached": row["reached"],
        "count": f"{row['reached']:,} ({overall:.1%})",
        "step": row["name"],
        "step_rate": row["step_rate"],
        "low": row["step_low"],
        "high": row["step_high"],
        "shown": "" if row["step_rate"] is None else f"{row['step_rate']:.1%}",
    }
