"""Waterfall of the change of sales; line of sales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, GREEN, ORANGE, PALE, WHOLE, altair, data_of, finish, period_names, stacked
from footfall.charts._waterfall import waterfall
from footfall.charts.words import words
from footfall.core.rows import dicts
from footfall.core.titles import titles_of

if TYPE_CHECKING:
    from footfall.table import Table

_GROUPS = 8


def plot_sales(table: Table, params: dict[str, Any], language: str) -> Any:
    """Draw the last complete period that can be compared; a line of the sales where there is none."""
    say = words("sales", language)
    rows = [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]
    comparable = [row for row in rows if row["complete"] and row.get("change_buyers") is not None]
    if params["by"] or not comparable:
        return _trend(rows, params, say, titles_of(params["by"], language))
    return _waterfall(comparable[-1], rows, params, say)


def _waterfall(row: dict[str, Any], rows: list[dict[str, Any]], params: dict[str, Any], say: dict[str, str]) -> Any:
    before = row["sales"] - row["change"]
    earlier = [other for other in rows if other["period"] < row["period"]]
    start = earlier[-1]["period"] if params["compare"] == "previous" else _year_before(row["period"])
    factors = ("change_buyers", "change_orders_per_buyer", "change_amount_per_order")
    steps = [(say[factor], row[factor]) for factor in factors]
    named = period_names([start, row["period"]])
    first, last = (named[start], before), (named[row["period"]], row["sales"])
    return finish(waterfall(first, steps, last, say["sales"]), say["title"], f"{first[0]} → {last[0]}")


def _year_before(period: Any) -> Any:
    day = min(period.day, 28) if period.month == 2 else period.day  # noqa: PLR2004 - 29 February
    return period.replace(year=period.year - 1, day=day)


def _trend(rows: list[dict[str, Any]], params: dict[str, Any], say: dict[str, str], group: str) -> Any:
    """Draw a line for each of the largest groups and one for all others; periods that are not whole are pale."""
    alt = altair()
    sums: dict[str, float] = {}
    for row in rows:
        name = " / ".join(str(row[name]) for name in params["by"])
        sums[name] = sums.get(name, 0.0) + (row["sales"] or 0.0)
    largest = sorted(sums, key=lambda name: (-sums[name], name))[:_GROUPS]
    cells: dict[tuple[Any, str], dict[str, Any]] = {}
    for row in rows:
        name = " / ".join(str(row[name]) for name in params["by"])
        line = name if name in largest else say["others"]
        cell = cells.setdefault(
            (row["period"], line),
            {"period": str(row["period"]), "sales": 0.0, "group": line, "whole": WHOLE if row["complete"] else PALE},
        )
        cell["sales"] += row["sales"] or 0.0
    order = [*largest, say["others"]] if len(sums) > _GROUPS else largest
    base = alt.Chart(data_of(list(cells.values()))).encode(
        x=alt.X("period:T", title=None), y=alt.Y("sales:Q", title=say["sales"]),
        color=alt.Color("group:N", title=group, sort=order) if group else alt.value(BLUE),
        tooltip=["period:T", "group:N", "sales:Q"],
    )  # fmt: skip
    points = base.mark_point(filled=True, size=45).encode(opacity=alt.Opacity("whole:Q", scale=None, legend=None))
    chart = base.transform_filter(f"datum.whole == {WHOLE}").mark_line() + points
    partial = say["partial"] if any(not row["complete"] for row in rows) else ""
    return finish(chart.properties(width=560, height=300), say["trend"], partial)


def plot_buyers(table: Table, language: str) -> Any:
    """Draw new, returning and won-back buyers by period as parts of one bar; periods that are not whole are pale."""
    say, rows = words("sales", language), dicts(table)
    named = period_names([row["period"] for row in rows])
    kinds = {"new": GREEN, "returning": BLUE, "won_back": ORANGE}
    if rows and "new_buyers" not in rows[0]:
        raise ValueError("this source has no buyers, so that none of them is new")
    values = [
        {
            "period": named[row["period"]], "kind": say[kind], "order": order, "customers": row[f"{kind}_buyers"],
            "whole": WHOLE if row["complete"] else PALE,
        }
        for row in rows
        for order, kind in enumerate(kinds)
    ]  # fmt: skip
    colours = {say[kind]: colour for kind, colour in kinds.items()}
    partial = say["partial"] if any(not row["complete"] for row in rows) else ""
    return finish(stacked(values, colours, say["buyers"]), say["who"], partial)
