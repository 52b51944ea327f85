"""Hours and weekdays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.results.result import Result
from footfall.results.table import Table

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.event_quality import EventQuality


class Rhythm(Result):
    """One row per hour of the day.

    Columns: ``hour`` (0 to 23), ``events``, ``customers`` (with an event in it), ``share`` (of the events),
    ``events_per_hour`` (by the hours that passed between the first and the last event), ``peak``, ``p_adjusted`` (of a
    peak: its height over the valley beside it).

    A peak is a local maximum of the smoothed rates which stands out from the valley beside it, the highest from the
    lowest hour, at the level 0.01 after adjustment for all pairs of hours; counts may vary more than Poisson's law
    has it (quasi-Poisson). A flat day has none.
    """

    def __init__(
        self,
        hours: _native.Table,
        weekdays: _native.Table,
        library: str | None,
        quality: EventQuality,
        overdispersion: float,
    ) -> None:
        super().__init__(hours, library, quality, [])
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

    def plot(self, *, language: str = "en") -> Any:
        """Draw the hours as bars, peaks in another colour, and the weekdays.

        Returns
        -------
        altair.Chart
        """
        from footfall.plots.rhythm import plot_rhythm

        return plot_rhythm(self, language)
