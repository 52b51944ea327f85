"""What visits are made of, and how precise recommendations are."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._moments import duration
from footfall.data._arguments import listed
from footfall.data._funnel import sources
from footfall.results.mix import Mix
from footfall.results.precision import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.event_quality import EventQuality
    from footfall.results.table import Table

Event = str | int


class EventMix:
    """What a log of events says of sources, devices and recommendations."""

    _log: _native.Log
    _library: str | None

    @abstractmethod
    def _quality(self) -> EventQuality:
        """Return what became of every row."""

    def mix(
        self,
        by: str | Table | Sequence[str | Table],
        *,
        goal: Event | Sequence[Event] | None = None,
        gap: Any = "30m",
        period: Literal["day", "week", "month", "quarter", "year"] | None = None,
    ) -> Mix:
        """Share out customers, sessions and events by source, device and the like, and how many sessions reach a goal.

        Parameters
        ----------
        by : str, column of a result, or list of them
            Columns of the log, attributes of customers or columns of results. A session has the value of its first
            event that has one; several columns drill down, the first into the second and so on.
        goal : str, int or list of them, optional
            A session with one of these events converts.
        gap : str, timedelta or None
            A longer pause between two events begins another session. None: the role ``session`` names them.
        period : {"day", "week", "month", "quarter", "year"}, optional
            One mix for each of these, by the start of the session, and what changed against the period before.

        Returns
        -------
        Mix
            One row per value (and period), in the order of the values; null is a value of its own and comes last.

        Examples
        --------
        >>> import polars as pl
        >>> log = pl.DataFrame({
        ...     "who": [1, 1, 1, 2], "at": [0, 60, 9_000, 0], "what": ["view", "pay", "view", "view"],
        ...     "device": ["app", "app", "web", "web"],
        ... })
        >>> events = ff.Events(log, customer="who", time="at", event="what", device="device", time_unit="s")
        >>> events.mix("device", goal="pay").table.select("device", "customers", "sessions", "conversion").rows()
        [('app', 1, 1, 1.0), ('web', 2, 2, 0.0)]
        """
        log, named = sources(self._log, by)
        if not named:
            raise ValueError('by=[]: name at least one column, as in by="device"')
        table = _native.mix(
            log,
            by=named,
            goal=None if goal is None else listed(goal),
            gap=duration(gap, "gap", zero="allowed"),
            period=period,
        )
        names = [name for _, name in named]
        title = ["Mix of sessions by " + ", ".join(names) + (f" and {period}" if period else "")]
        if goal is not None:
            title.append(f"  goal: {' or '.join(map(str, listed(goal)))} in the same session")
        return Mix(table, self._library, self._quality(), title, names)

    def precision(
        self,
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
            Longest time from the showing to the click and to the purchase. None: any time.

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
        >>> events.precision("show", "click", "pay").table.select("shown", "clicked", "bought", "precision").rows()
        [(2, 1, 1, 0.5)]
        """
        stages = listed(shown), listed(clicked), listed(bought)
        both = [event for at, stage in enumerate(stages) for event in stage if any(event in s for s in stages[:at])]
        if both:
            raise ValueError(f"{both[0]!r} stands in two of shown=, clicked= and bought=; give each event once")
        log, named = sources(self._log, by)
        table, counted = _native.precision(log, stages=stages, by=named, window=duration(window, "window"))
        title = [
            "Precision of recommendations, by pairs of a customer and a product",
            f"  within {window} of the showing" if window is not None else "  without a window",
        ]
        return Precision(table, self._library, self._quality(), title, counted)
