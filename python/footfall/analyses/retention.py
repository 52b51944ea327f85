"""Cohort retention."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.checks import events_or_none
from footfall.core.columns import table_of
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.events import Events
    from footfall.result import Origin

Event = str | int


def retention(
    self: Events,
    first: Event | Sequence[Event] | None = None,
    returning: Event | Sequence[Event] | None = None,
    *,
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
    kind: Literal["exact", "rolling"] = "exact",
) -> Retention:
    """Cohort retention: of those who began in a period, how many are there later.

    Parameters
    ----------
    first : str, int or list of them, optional
        The event that begins; a customer's cohort is the period of the first of them. Default: any event.
    returning : str, int or list of them, optional
        The events that count as being there. Default: any event.
    period : {"day", "week", "month", "quarter", "year"}
        Calendar periods in the log's zone; weeks start on Monday.
    kind : {"exact", "rolling"}
        There in that very period; or in that or any later one, up to the end of the data.

    Returns
    -------
    Retention
        One row per cohort and period after it.

    Examples
    --------
    >>> import polars as pl
    >>> days = ["2024-01-05", "2024-02-10", "2024-01-09", "2024-03-31"]
    >>> log = pl.DataFrame({"who": [1, 1, 2, 2], "day": days, "what": ["join", "pay", "join", "pay"]})
    >>> events = ff.Events(log, customer="who", time="day", event="what")
    >>> events.retention("join", "pay").table.select("period", "size", "customers").rows()
    [(0, 2, 0), (1, 2, 1), (2, 2, 1)]
    """
    params = {
        "first": events_or_none(first, "first"),
        "returning": events_or_none(returning, "returning"),
        "period": period,
        "kind": kind,
    }
    found = _native.run(self._log, "retention", params)
    return Retention(found["table"], self._origin, period, kind)


class Retention(Result):
    """One row per cohort and period after it.

    Columns: ``cohort`` (the first day of its period); ``period`` (0 is its own); ``size`` (customers of the cohort);
    ``customers`` (of them, those who are there), ``rate`` with its Wilson 95 % interval ``low``, ``high``. Periods that
    are not over when the data end are null.
    """

    def __init__(self, native: _native.Table, origin: Origin, period: str, kind: str) -> None:
        super().__init__(native, origin, [f"Retention by {period}, {kind}"])

    @cached_property
    def average(self) -> Table:
        """One row per period: over the cohorts of which it is known, ``size``, ``customers``, the pooled ``rate``."""
        pooled: dict[int, list[int]] = {}
        for _, period, size, customers, *_ in self.rows():
            if customers is not None:
                sums = pooled.setdefault(period, [0, 0])
                sums[0] += size
                sums[1] += customers
        rows = sorted(pooled.items())
        columns: dict[str, list[Any]] = {
            "period": [period for period, _ in rows],
            "size": [sums[0] for _, sums in rows],
            "customers": [sums[1] for _, sums in rows],
            "rate": [sums[1] / sums[0] for _, sums in rows],
        }
        return Table(table_of(columns), self._library)

    def plot(self, *, language: str = "en") -> Any:
        """Draw the matrix of cohorts and periods.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.retention import plot_retention

        return plot_retention(self, language)
