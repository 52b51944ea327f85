"""Visits."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from footfall.results._columns import runs, table_of, values
from footfall.results.result import PerCustomer
from footfall.results.stability import Stability, stability
from footfall.results.table import Table

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.event_quality import EventQuality


class Sessions(PerCustomer):
    """One row per session, in the order of the keys and of time.

    Columns: the key; ``session`` (its number, from 1, or its own name); ``start``, ``end``; ``seconds`` (from the first
    to the last event); ``events``; ``entry``, ``exit`` (the first and the last event); ``bounce`` (a single event).
    """

    def __init__(
        self, native: _native.Table, library: str | None, quality: EventQuality, daily: _native.Table, title: list[str]
    ) -> None:
        super().__init__(native, library, quality, title)
        self._daily = daily

    @property
    def daily(self) -> Table:
        """One row per day in the log's zone on which there was an event.

        Columns: ``day``; ``customers`` (with an event of a session on it), ``sessions`` (that begin on it);
        ``visits_per_active_day``, ``seconds_per_active_day`` (sessions, and how long they last, by those customers).
        """
        return Table(self._daily, self._library)

    @cached_property
    def stability(self) -> dict[str, Stability]:
        """Whether ``visits_per_active_day`` and ``seconds_per_active_day`` rise, fall or stay over the days.

        Examples
        --------
        >>> import polars as pl
        >>> days = list(range(70))
        >>> log = pl.DataFrame({"who": 1, "at": [day * 86_400 + 60 * day for day in days], "what": "view"})
        >>> visits = ff.Events(log, customer="who", time="at", event="what", time_unit="s").sessions()
        >>> visits.stability["visits_per_active_day"].verdict
        'stable'
        """
        days = values(self._daily, "day")
        names = ("visits_per_active_day", "seconds_per_active_day")
        return {name: stability(days, values(self._daily, name)) for name in names}

    def plot(self, *, language: str = "en") -> Any:
        """Draw visits and time per active day.

        Returns
        -------
        altair.Chart
        """
        from footfall.plots.sessions import plot_daily

        return plot_daily(self, language)

    @cached_property
    def summary(self) -> Table:
        """One row: means, medians and rates of all sessions.

        Columns: ``sessions``, ``customers``, ``active_days`` (days on which a customer had an event of a session, over
        all customers); means and medians of ``events`` and ``seconds`` per session, of ``visits`` per customer;
        ``bounce_rate``; ``visits_per_active_day``, ``seconds_per_active_day``.
        """
        import numpy as np

        count = self.num_rows
        events, seconds = values(self._native, "events"), values(self._native, "seconds")
        days = int(values(self._daily, "customers").sum())
        visits = np.bincount(runs(self._native)) if count else np.zeros(0)

        def mean(of: Any) -> float | None:
            return float(np.mean(of)) if len(of) else None

        def median(of: Any) -> float | None:
            return float(np.median(of)) if len(of) else None

        row = {
            "sessions": count, "customers": len(visits), "active_days": days,
            "events_mean": mean(events), "events_median": median(events),
            "seconds_mean": mean(seconds), "seconds_median": median(seconds),
            "visits_mean": mean(visits), "visits_median": median(visits),
            "bounce_rate": mean(events == 1),
            "visits_per_active_day": count / days if days else None,
            "seconds_per_active_day": float(seconds.sum()) / days if days else None,
        }  # fmt: skip
        return Table(table_of({name: [value] for name, value in row.items()}), self._library)
