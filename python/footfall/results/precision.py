"""How precise recommendations are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.results.result import Result

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.event_quality import EventQuality


class Precision(Result):
    """One row per value of what it is by; one row where it is by nothing.

    Columns: ``impressions`` (all showings of the pairs that are counted here); ``shown``, ``clicked``, ``bought``
    (pairs of a customer and a product); ``click_rate`` (clicked of shown) with its 95 % interval ``click_low``,
    ``click_high``; ``precision`` (bought of shown) with ``precision_low``, ``precision_high``; ``conversion`` (bought
    of clicked). Intervals are Wilson's, for as many pairs as tell as much where those of a customer are alike.
    """

    def __init__(
        self,
        native: _native.Table,
        library: str | None,
        quality: EventQuality,
        title: list[str],
        bought: tuple[int, int],
    ) -> None:
        super().__init__(native, library, quality, title)
        self._bought = bought

    @property
    def coverage(self) -> float | None:
        """The recall of recommendations: of all pairs that were bought, the share that had been shown before."""
        bought, shown = self._bought
        return shown / bought if bought else None

    def plot(self, *, language: str = "en") -> Any:
        """Draw the rates of clicks and purchases with their intervals.

        Returns
        -------
        altair.Chart
        """
        from footfall.plots.precision import plot_precision

        return plot_precision(self, language)
