"""The last event of each customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall import _native
from footfall.core.checks import column
from footfall.result import PerCustomer

if TYPE_CHECKING:
    from footfall.data.events import Events


def last(self: Events, value: str | None = None) -> PerCustomer:
    """Return the last event of each customer, of those that count (:meth:`between`).

    Of several events at one instant it is that whose name comes last, so that the order of rows does not matter.

    Parameters
    ----------
    value : str, optional
        A number of the log, by its role or column, of which the last is kept, as ``"value"`` for the rating of
        :class:`AfterSales`; of several at one instant the largest.

    Returns
    -------
    PerCustomer
        One row per customer, in the order of the keys: the key; ``event``; ``time``; ``events`` (how many there were);
        with ``value`` that (null where no event has one).

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({"who": [1, 1, 2], "at": [0, 9, 4], "what": ["view", "contact", "view"]})
    >>> events = ff.Events(log, customer="who", time="at", event="what", time_unit="s")
    >>> [(row[0], row[1], row[3]) for row in events.last().rows()]
    [(1, 'contact', 2), (2, 'view', 1)]
    """
    params = {"value": None if value is None else column(value, "value")}
    table = _native.run(self._log, "last_events", params)["table"]
    return PerCustomer(table, self._origin, [f"The last event of {table.num_rows:,} customers"])
