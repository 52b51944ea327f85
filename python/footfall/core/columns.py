"""Columns of a table as numpy arrays, and numpy arrays as a table."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from footfall import _native

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_EPOCH = dt.date(1970, 1, 1).toordinal()


def values(table: _native.Table, name: str) -> Any:
    """Return numbers, truths or times as an array; nulls are not-a-number."""
    import numpy as np

    _, found, missing, _ = table.column(table.column_names.index(name))
    return found if missing is None else np.where(missing, np.nan, found.astype(np.float64))


def codes(table: _native.Table, name: str) -> tuple[Any, list[Any]]:
    """Return a code for each row (-1 for null) and the values by code, in their order."""
    import numpy as np

    kind, found, missing, extra = table.column(table.column_names.index(name))
    if kind == "dictionary":
        words = list(extra[1])
        rows = np.where((found >= 0) & (found < len(words)), found, -1)
    else:
        known = [value for value, gone in zip(found, _gone(found, missing), strict=True) if not gone]
        words = sorted(set(known))
        place = {word: at for at, word in enumerate(words)}
        rows = np.array(
            [-1 if gone else place[value] for value, gone in zip(found, _gone(found, missing), strict=True)]
        )
        words = [word.item() if hasattr(word, "item") else word for word in words]
    rows = rows.astype(np.int64)
    return (rows if missing is None else np.where(missing, -1, rows)), words


def _gone(found: Any, missing: Any) -> Any:
    return [value is None for value in found] if missing is None else missing


def runs(table: _native.Table) -> Any:
    """Return the number of the run that each row of the first column belongs to: rows of one key stand together."""
    import numpy as np

    _, found, _, _ = table.column(0)
    if hasattr(found, "dtype"):
        changed = found[1:] != found[:-1]
    else:
        changed = np.array([a != b for a, b in zip(found[1:], found[:-1], strict=True)], dtype=bool)
    return np.concatenate([[0], np.cumsum(changed)]).astype(np.int64)[: len(found)]


def table_of(columns: Mapping[str, Sequence[Any]]) -> _native.Table:
    """Return a table of columns of Python numbers, texts, dates and nulls."""
    return _native.Table.from_columns({name: _column(list(column)) for name, column in columns.items()})


def _column(column: list[Any]) -> Any:
    import numpy as np

    known = [value for value in column if value is not None]
    if any(isinstance(value, str) for value in known):
        return "text", [None if value is None else str(value) for value in column], None, None
    missing = np.array([value is None for value in column], dtype=np.uint8)
    if known and all(isinstance(value, dt.date) for value in known):
        days = [0 if value is None else value.toordinal() - _EPOCH for value in column]
        return "date", np.array(days, dtype=np.int32), missing, None
    if known and all(isinstance(value, (bool, np.bool_)) for value in known):
        return "bool", np.array([bool(value) for value in column], dtype=np.uint8), missing, None
    whole = bool(known) and all(isinstance(value, (int, np.integer)) for value in known)
    filled = [0 if value is None else value for value in column]
    return "number", np.array(filled, dtype=np.int64 if whole else np.float64), missing, None
