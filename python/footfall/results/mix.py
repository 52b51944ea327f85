"""What visits are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.results.result import Result

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.event_quality import EventQuality


class Mix(Result):
    """One row per value, and per period where one was asked for.

    Columns: what it is by; ``customers`` (with a session of that value: one with two devices is in both),
    ``sessions``, ``events`` (of those sessions), each with its share of all, ``customer_share``, ``session_share``,
    ``event_share``; with several columns ``share_within`` (sessions, of those of the columns before). With a goal
    ``converted`` (sessions), ``conversion`` with its 95 % interval ``conversion_low``, ``conversion_high`` (Wilson's,
    for as many sessions as tell as much where those of a customer are alike).

    With a period: ``period`` (its first day), ``complete`` (whether the data cover it whole) and, where both it and
    the one before are complete, ``sessions_before``, ``session_growth``, ``share_change`` (of the share of sessions);
    ``conversion_change`` with Newcombe's 95 % interval ``change_low``, ``change_high``, and ``p_value``,
    ``p_adjusted`` (Holm's, over the rows).
    """

    def __init__(
        self,
        native: _native.Table,
        library: str | None,
        quality: EventQuality,
        title: list[str],
        by: list[str],
    ) -> None:
        super().__init__(native, library, quality, title)
        self._by = by

    def plot(self, *, language: str = "en") -> Any:
        """Draw shares of sessions, and the conversion with its interval; by period as lines.

        Returns
        -------
        altair.Chart
        """
        from footfall.plots.mix import plot_mix

        return plot_mix(self, self._by, language)
