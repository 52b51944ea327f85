"""Customers in each state by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.charts._chart import BLUE, GREEN, MUTED, ORANGE, PALE, RED, WHOLE, finish, period_names, stacked
from footfall.charts.words import words
from footfall.core.rows import dicts

if TYPE_CHECKING:
    from footfall.table import Table

_STATES = {"new": GREEN, "active": BLUE, "back": ORANGE, "dormant": MUTED, "lost": RED}


def plot_lifecycle(table: Table, language: str) -> Any:
    """Draw a bar for each period, made of its states; periods that are not whole are pale."""
    say, rows = words("lifecycle", language), dicts(table)
    named = period_names([row["period"] for row in rows])
    values = [
        {
            "period": named[row["period"]], "kind": say[state], "order": order, "customers": row[state],
            "whole": WHOLE if row["complete"] else PALE,
        }
        for row in rows
        for order, state in enumerate(_STATES)
    ]  # fmt: skip
    colours = {say[state]: colour for state, colour in _STATES.items()}
    partial = say["partial"] if any(not row["complete"] for row in rows) else ""
    return finish(stacked(values, colours, say["customers"]), say["title"], partial)
