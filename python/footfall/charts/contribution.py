"""Waterfall of what moved sales between two periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import finish
from footfall.charts._waterfall import waterfall
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

# More steps cannot be read.
_MOST = 8


def plot_contribution(movers: Table, total: dict[str, Any], periods: tuple[str, str], language: str) -> Any:
    """Draw a step for each of the largest movers, and one for all the rest."""
    say = words("contribution", language)
    rows = dicts(movers)
    shown, others = rows[:-1][:_MOST], [*rows[:-1][_MOST:], rows[-1]]
    steps = [(_name(row, say), row["moved"]) for row in shown]
    steps.append((say["rest"], sum(row["moved"] for row in others)))
    chart = waterfall((say["before"], total["before"]), steps, (say["after"], total["after"]), say["sales"])
    return finish(chart, say["title"], f"{periods[0]} → {periods[1]}")


def _name(row: dict[str, Any], say: dict[str, str]) -> str:
    value = say["none"] if row["value"] is None else row["value"]
    return say[value] if row["column"] == "buyers" else f"{row['column']}: {value}"
