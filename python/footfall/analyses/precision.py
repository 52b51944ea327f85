"""Precision and recall of recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import events
from footfall.core.language import spoken
from footfall.core.time_points import duration
from footfall.result import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.events import Events
    from footfall.result import Origin
    from footfall.table import Table

Event = str | int


def precision(
    self: Events,
    shown: Event | Sequence[Event],
    clicked: Event | Sequence[Event],
    bought: Event | Sequence[Event],
    by: str | Table | Sequence[str | Table] | None = None,
    *,
    window: Any = "7d",
) -> Precision:
    """Tell how precise recommendations are: of the products shown to a customer, how many are clicked and bought.

    What is counted is the pair of a customer and a product: it is clicked if a click follows a showing, and bought
    if a purchase follows that click, all of the same product. The log needs ``product=``.

    Parameters
    ----------
    shown, clicked, bought : str, int or list of them
        The events; ``bought`` any event that names the product, such as putting it into the cart.
    by : str, column of a result, or list of them, optional
        As for :meth:`mix`; a pair has the value of the showing that came furthest, the first of them.
    window : str, timedelta or None
        Longest time from the showing to the click and to the purchase. None: any time. Showings whose window is not
        over when the data end are left out, whatever came of them: purchases are known at once, and that there was none
        only after the window.

    Returns
    -------
    Precision

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({
    ...     "who": [1, 1, 1, 1], "at": [0, 0, 5, 9], "what": ["show", "show", "click", "pay"], "it": list("abaa")
    ... })
    >>> events = ff.Events(log, customer="who", time="at", event="what", product="it", time_unit="s")
    >>> found = events.precision("show", "click", "pay", window=None)
    >>> found.table.select("shown", "clicked", "bought", "precision").rows()
    [(2, 1, 1, 0.5)]
    """
    stages = [events(shown, "shown"), events(clicked, "clicked"), events(bought, "bought")]
    both = [event for at, stage in enumerate(stages) for event in stage if any(event in s for s in stages[:at])]
    if both:
        raise ValueError(f"{both[0]!r} stands in two of shown=, clicked= and bought=; give each event once")
    log, named = resolve_group_by(self._log, by)
    params = {"stages": stages, "by": named, "window": duration(window, "window")}
    found = _native.run(log, "precision", params)
    title = [
        "Precision of recommendations, by pairs of a customer and a product",
        f"  within {window} of the showing" if window is not None else "  without a window",
    ]
    return Precision(found["table"], self._origin, title, (found["bought"], found["recommended"]))


class Precision(Result):
    """One row per value of what it is by; one row where it is by nothing.

    Columns: ``impressions`` (all showings that count of the pairs that are counted here); ``shown``, ``clicked``,
    ``bought`` (pairs of a customer and a product); ``open`` (pairs without a showing whose window is over, in none of
    the others); ``click_rate`` (clicked of shown) with its 95 % interval ``click_low``,
    ``click_high``; ``precision`` (bought of shown) with ``precision_low``, ``precision_high``; ``conversion`` (bought
    of clicked). Intervals are Wilson's, on the effective sample size, with customers as clusters.
    """

    def __init__(
        self,
        native: _native.Table,
        origin: Origin,
        title: list[str],
        bought: tuple[int, int],
    ) -> None:
        super().__init__(native, origin, title)
        self._bought = bought

    @property
    def recall(self) -> float | None:
        """Of all pairs that were bought, the share that had been shown at any time before the first purchase.

        The window does not count here: what was shown long ago was shown.
        """
        bought, shown = self._bought
        return shown / bought if bought else None

    @property
    def coverage(self) -> float | None:
        """The same as ``recall``, by the name it had first."""
        return self.recall

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the rates of clicks and purchases with their intervals.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.precision import plot_precision

        return plot_precision(self, spoken(language))
