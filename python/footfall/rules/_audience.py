"""Audiences: the customers whom a finding concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.columns import codes, runs, values
from footfall.result import PerCustomer

if TYPE_CHECKING:
    from footfall.result import Result

_BETWEEN = " to "


def members(of: Result, keep: Any) -> PerCustomer:
    """Return the customers of some rows, each once; the rows of a customer stand together, and the key comes first."""
    import numpy as np

    table = of.native.take(np.flatnonzero(keep).astype(np.int64)).select([0])
    if table.num_rows:
        table = table.take(np.flatnonzero(np.diff(runs(table), prepend=-1)).astype(np.int64))
    return PerCustomer(table, of._origin, [f"{table.num_rows:,} customers"])  # noqa: SLF001 - a result of ours


def where(of: Result, place: dict[str, str]) -> Any:
    """Return which rows have the values of a place, given as the levels of features are written."""
    import numpy as np

    keep = np.ones(of.num_rows, dtype=bool)
    for name, value in place.items():
        if name in of.column_names:
            keep &= _is(of, name, value)
    return keep


def _is(of: Result, name: str, value: str) -> Any:
    import numpy as np

    kind, found, *_ = of.native.column(of.column_names.index(name))
    if kind == "dictionary" or not hasattr(found, "dtype"):
        code, words = codes(of.native, name)
        return np.isin(code, [at for at, word in enumerate(words) if str(word) == value])
    numbers = values(of.native, name).astype(np.float64)
    if _BETWEEN not in value:
        return numbers == float(value)
    low, high = (float(end) for end in value.split(_BETWEEN))
    # Bands are half-open, but for the last.
    top = numbers == high if high >= np.nanmax(numbers) else False
    return (numbers >= low) & ((numbers < high) | top)
