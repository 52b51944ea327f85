"""Sessions: sessionization, and sessions day by day."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.analyses.stability import Stability, stability
from footfall.core.arguments import session_rule
from footfall.core.columns import values
from footfall.core.language import spoken
from footfall.core.time_points import duration
from footfall.result import PerCustomer
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.data.events import Events
    from footfall.result import Origin


def sessions(self: Events, gap: Any = None) -> Sessions:
    """Sessionize: cut each customer's events into sessions.

    Where the log has the role ``session``, its values are the sessions; an event without one belongs to none and is
    counted in ``quality``. Elsewhere a pause of more than 30 minutes ends a session. After :meth:`between`, the
    sessions that begin in the period count, whole: the period cuts none.

    Parameters
    ----------
    gap : str or timedelta, optional
        A longer pause between two events begins another session, also within one that the role names.

    Returns
    -------
    Sessions
        One row per session.

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({"who": [1, 1, 1], "at": [0, 60, 3600], "what": ["home", "view", "home"]})
    >>> visits = ff.Events(log, customer="who", time="at", event="what", time_unit="s").sessions()
    >>> visits.table.select("session", "seconds", "events", "entry", "exit", "bounce").rows()
    [(1, 60.0, 2, 'home', 'view', False), (2, 0.0, 1, 'home', 'home', True)]
    """
    found = _native.run_rows(self._log, "sessions", {"gap": duration(gap, "gap", zero="allowed")})
    table = found["rows"]
    title = [f"{table.num_rows:,} sessions ({session_rule(self._log, gap)})"]
    return Sessions(table, self._origin, found["daily"], found["summary"], title)


class Sessions(PerCustomer):
    """One row per session, in the order of the keys and of time.

    Columns: the key; ``session`` (its own name, or its number, from 1); ``start``, ``end``; ``seconds`` (from the first
    to the last event); ``events``; ``entry``, ``exit`` (the first and the last event,
    of events at one instant by ``sequence``, else the order of rows); ``bounce`` (a single event).
    """

    def __init__(
        self, native: _native.Table, origin: Origin, daily: _native.Table, summary: _native.Table, title: list[str]
    ) -> None:
        super().__init__(native, origin, title)
        self._daily, self._summary = daily, summary

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

    def plot(self, *, language: str | None = None) -> Any:
        """Draw visits and time per active day.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.sessions import plot_daily

        verdicts = {name: found.verdict for name, found in self.stability.items()}
        return plot_daily(self.daily, verdicts, spoken(language))

    @cached_property
    def summary(self) -> Table:
        """One row: means, medians and rates of all sessions.

        Columns: ``sessions``, ``customers``, ``active_days`` (days on which a customer had an event of a session, over
        all customers); means and medians of ``events`` and ``seconds`` per session, of ``visits`` per customer;
        ``bounce_rate``; ``visits_per_active_day``, ``seconds_per_active_day``.
        """
        return Table(self._summary, self._library)
