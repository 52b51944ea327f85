"""The rows of a table by the names of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from footfall.table import Table


def dicts(table: Table) -> list[dict[str, Any]]:
    """Return a dict for each row."""
    return [dict(zip(table.column_names, row, strict=True)) for row in table.rows()]
