"""Why the money of each category changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, GREEN, MUTED, ORANGE, altair, data_of, finish
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

# More rows cannot be read.
_MOST = 20
_PARTS = {
    "new": (("new", "lost"), GREEN),
    "more": (("more", "less"), BLUE),
    "moved": (("moved_in", "moved_out"), ORANGE),
}


def plot_switching(table: Table, language: str) -> Any:
    """Draw what came to the right and what went to the left; a mark is the change of all."""
    say, alt = words("switching", language), altair()
    rows = sorted(dicts(table), key=lambda row: -abs(row["change"]))
    cut = say["cut"].format(shown=_MOST) if len(rows) > _MOST else ""
    level = table.column_names[0]
    names = [say["none"] if row[level] is None else str(row[level]) for row in rows[:_MOST]]
    values = [
        {"category": name, "kind": say[kind], "money": row[part]}
        for name, row in zip(names, rows, strict=False)
        for kind, (parts, _) in _PARTS.items()
        for part in parts
    ]
    marks = [{"category": name, "change": row["change"]} for name, row in zip(names, rows, strict=False)]
    scale = alt.Scale(domain=[say[kind] for kind in _PARTS], range=[colour for _, colour in _PARTS.values()])
    y = alt.Y("category:N", title=None, sort=names)
    bars = (
        alt.Chart(data_of(values))
        .mark_bar()
        .encode(
            y=y, x=alt.X("sum(money):Q", title=say["money"]), color=alt.Color("kind:N", title=None, scale=scale),
            tooltip=["category:N", "kind:N", alt.Tooltip("sum(money):Q", format=",.0f")],
        )
    )  # fmt: skip
    # One bar a sign: gains and losses of a kind would cancel each other.
    bars = bars.transform_calculate(sign="datum.money < 0").encode(detail="sign:N")
    change = (
        alt.Chart(data_of(marks))
        .mark_tick(color="#222222", thickness=3, size=18)
        .encode(y=y, x="change:Q", tooltip=["category:N", alt.Tooltip("change:Q", format=",.0f")])
    )
    zero = alt.Chart(data_of([{"zero": 0}])).mark_rule(color=MUTED).encode(x="zero:Q")
    chart = (bars + zero + change).properties(width=460, height=alt.Step(24))
    return finish(chart, say["title"], "; ".join(text for text in (say["note"], cut) if text))
