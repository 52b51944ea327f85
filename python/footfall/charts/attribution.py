"""The credit of each channel by five rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, GREEN, ORANGE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

_RULES = {"first": BLUE, "last": ORANGE, "linear": "#7b5ea7", "position": "#4bacc6", "time_decay": GREEN}
# More channels cannot be read.
_MOST = 12


def plot_attribution(table: Table, language: str) -> Any:
    """Draw five bars for each channel, those with most conversions first."""
    say, alt = words("attribution", language), altair()
    channel = table.column_names[0]
    rows = sorted(dicts(table), key=lambda row: -row["conversions"])
    names = [say["none"] if row[channel] is None else str(row[channel]) for row in rows[:_MOST]]
    values = [
        {"channel": name, "rule": say[rule], "order": order, "credit": row[rule]}
        for name, row in zip(names, rows, strict=False)
        for order, rule in enumerate(_RULES)
    ]
    scale = alt.Scale(domain=[say[rule] for rule in _RULES], range=list(_RULES.values()))
    chart = (
        alt.Chart(data_of(values))
        .mark_bar()
        .encode(
            y=alt.Y("channel:N", title=None, sort=names),
            yOffset=alt.YOffset("rule:N", sort=[say[rule] for rule in _RULES]),
            x=alt.X("credit:Q", title=say["credit"]), color=alt.Color("rule:N", title=None, scale=scale),
            tooltip=["channel:N", "rule:N", alt.Tooltip("credit:Q", format=",.1f")],
        )
    )  # fmt: skip
    cut = say["cut"].format(shown=_MOST) if len(rows) > _MOST else ""
    return finish(chart.properties(width=460, height=alt.Step(9)), say["title"], cut)
