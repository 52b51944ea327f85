"""Predicted against actual: lines by week, bars by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, MUTED, ORANGE, altair, data_of, finish, hover
from footfall.charts.words import words

if TYPE_CHECKING:
    from footfall.table import Table


def plot_weeks(weeks: Table, split: Any, language: str) -> Any:
    """Draw repeats so far, expected and counted, as two lines; a mark stands where the fit ends."""
    say, alt = words("backtest", language), altair()
    rows = [
        {"week": str(week), "kind": say[kind], "repeats": value}
        for week, expected, actual in weeks.rows()
        for kind, value in (("actual", actual), ("expected", expected))
    ]
    scale = alt.Scale(domain=[say["actual"], say["expected"]], range=[BLUE, ORANGE])
    base = alt.Chart(data_of(rows)).encode(
        x=alt.X("week:T", title=None),
        y=alt.Y("repeats:Q", title=say["sum"]),
        color=alt.Color("kind:N", title=None, scale=scale),
    )
    chart = (base.mark_line() + hover(base)).properties(width=520, height=260)
    if split is None:
        return finish(chart, say["weeks"])
    mark = alt.Chart(data_of([{"week": f"{split:%Y-%m-%d}", "label": say["split"]}]))
    rule = mark.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x="week:T")
    text = mark.mark_text(align="left", dx=4, y=8, color=MUTED, fontSize=10).encode(x="week:T", text="label:N")
    return finish(chart + rule + text, say["weeks"])


def plot_groups(table: Table, kind: str, most: int, language: str) -> Any:
    """Draw the means of each group as bars side by side."""
    say, alt = words("backtest", language), altair()
    names = table.column_names
    kinds = ("actual", "expected", "naive")
    rows = [
        {
            "group": f"{row[0]}{'+' if kind == 'repeats' and row[0] == most else ''}",
            "kind": say[measure],
            "mean": row[names.index(measure)],
        }
        for row in table.rows()
        for measure in kinds
    ]
    order = [say[measure] for measure in kinds]
    chart = (
        alt.Chart(data_of(rows))
        .mark_bar()
        .encode(
            x=alt.X("group:O", title=say[kind], sort=None),
            xOffset=alt.XOffset("kind:N", sort=order),
            y=alt.Y("mean:Q", title=say["mean"]),
            color=alt.Color(
                "kind:N", title=None, sort=order, scale=alt.Scale(domain=order, range=[BLUE, ORANGE, MUTED])
            ),
        )
        .properties(width=520, height=260)
    )
    return finish(chart, say["groups"])
