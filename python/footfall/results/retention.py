"""Who is there later."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from footfall.results._columns import table_of
from footfall.results.result import Result
from footfall.results.table import Table

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.event_quality import EventQuality


class Retention(Result):
    """One row per cohort and period after it.

    Columns: ``cohort`` (the first day of its period); ``period`` (0 is its own); ``size`` (customers of the cohort);
    ``customers`` (of them, those who are there), ``rate`` with its Wilson 95 % interval ``low``, ``high``. Periods that
    are not over when the data end are null.
    """

    def __init__(
        self, native: _native.Table, library: str | None, quality: EventQuality, period: str, kind: str
    ) -> None:
        super().__init__(native, library, quality, [f"Retention by {period}, {kind}"])

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
        from footfall.plots.retention import plot_retention

        return plot_retention(self, language)
