"""Activity by hour and weekday (rhythm)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.checks import events_or_none
from footfall.core.language import spoken
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.events import Events
    from footfall.result import Origin

Event = str | int


def rhythm(self: Events, event: Event | Sequence[Event] | None = None) -> Rhythm:
    """Activity by hour and by weekday, and the peaks of the day.

    Parameters
    ----------
    event : str, int or list of them, optional
        The events that count. Default: all.

    Returns
    -------
    Rhythm
        One row per hour of the wall clock in the log's zone. Where the clock is changed, an hour that did not come,
        or came twice, counts as that.

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({"who": [1, 2, 2], "at": ["2024-01-01 09:30", "2024-01-01 09:45", "2024-01-02 20:00"]})
    >>> log = log.with_columns(pl.col("at").str.to_datetime(), what=pl.lit("view"))
    >>> rhythm = ff.Events(log, customer="who", time="at", event="what").rhythm()
    >>> rhythm.table.filter(pl.col("events") > 0).select("hour", "events", "customers").rows()
    [(9, 2, 2), (20, 1, 1)]
    >>> rhythm.peaks
    []
    """
    found = _native.run(self._log, "rhythm", {"events": events_or_none(event, "event")})
    return Rhythm(found["table"], found["weekdays"], self._origin, found["overdispersion"])


class Rhythm(Result):
    """One row per hour of the day.

    Columns: ``hour`` (0 to 23), ``events``, ``customers`` (with an event in it), ``share`` (of the events),
    ``events_per_hour`` (by the time that passed of that hour: each quarter of an hour from that of the first event to
    that of the last counts as a quarter), ``peak``, ``p_adjusted`` (of a peak: its height over the valley beside it).

    A peak is a local maximum of the smoothed rates which stands out from the valley beside it, the highest from the
    lowest hour, at the level 0.01 after adjustment for all pairs of hours. The variance is clustered by customer, who
    may each have a favourite hour, and by day, which may vary more than Poisson's law has it. A flat day has none.
    """

    def __init__(
        self,
        hours: _native.Table,
        weekdays: _native.Table,
        origin: Origin,
        overdispersion: float,
    ) -> None:
        super().__init__(hours, origin, [])
        self._weekdays = weekdays
        self.overdispersion = overdispersion

    @property
    def peaks(self) -> list[int]:
        """The hours of the peaks, in the order of the day."""
        at = self.column_names.index("peak")
        return [row[0] for row in self.rows() if row[at]]

    @property
    def weekdays(self) -> Table:
        """One row per weekday (1 is Monday): ``events``, ``customers``, ``share``, ``events_per_day``."""
        return Table(self._weekdays, self._library)

    def _title(self) -> list[str]:
        found = ", ".join(f"{hour}:00" for hour in self.peaks) or "none"
        return [f"Rhythm; peaks of the day: {found}; variance {self.overdispersion:.2f} times Poisson's"]

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the hours as bars, peaks in another colour, and the weekdays.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.rhythm import plot_rhythm

        return plot_rhythm(self, self.weekdays, self.peaks, spoken(language))
