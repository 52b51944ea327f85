"""Paths: transition matrix and most frequent event sequences (Sankey, heatmap)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.checks import events_or_none, whole, word
from footfall.core.language import spoken
from footfall.core.time_points import duration
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.events import Events
    from footfall.result import Origin

Event = str | int
_MOST = 10**9


def paths(
    self: Events,
    start: Event | Sequence[Event] | None = None,
    end: Event | Sequence[Event] | None = None,
    depth: int = 5,
    *,
    gap: Any = None,
    most: int = 100,
) -> Paths:
    """Paths through sessions: the transition matrix, and the most frequent event sequences.

    Parameters
    ----------
    start, end : str, int or list of them, optional
        A path begins with the first of these events in a session and ends with the first of those; default: with
        the session. Sessions without a start have no path.
    depth : int
        Events of a path that are told apart, 1 to 20.
    gap : str or timedelta, optional
        As for :meth:`sessions`. Events at one instant are read by ``sequence``, else in the order of rows.
    most : int
        How many sequences are shown.

    Returns
    -------
    Paths
        One row per sequence, the most common first.

    Examples
    --------
    >>> import polars as pl
    >>> log = pl.DataFrame({"who": [1, 1, 2], "at": [0, 60, 0], "what": ["home", "view", "home"]})
    >>> paths = ff.Events(log, customer="who", time="at", event="what", time_unit="s").paths(depth=2)
    >>> paths.table.rows()
    [('home', None, False, 1, 0.5), ('home', 'view', False, 1, 0.5)]
    >>> paths.transitions.table.rows()[1]
    ('home', 'view', 1, 0.5)
    """
    params = {
        "gap": duration(gap, "gap", zero="allowed"),
        "start": events_or_none(start, "start"),
        "end": events_or_none(end, "end"),
        # More columns cannot be read.
        "depth": whole(depth, "depth", 1, 20),
        "most": whole(most, "most", 1, _MOST),
    }
    found = _native.run(self._log, "paths", params)
    return Paths(found["table"], found["transitions"], self._origin, found["paths"])


class Paths(Result):
    """One row per sequence of events, the most common first.

    Columns: ``step_1`` …; ``goes_on`` (whether the path has more events); ``count``; ``share`` (of all paths).
    """

    def __init__(
        self,
        sequences: _native.Table,
        transitions: _native.Table,
        origin: Origin,
        count: int,
    ) -> None:
        super().__init__(sequences, origin, [f"{count:,} paths"])
        self._transitions = transitions
        self.count = count

    @property
    def transitions(self) -> Table:
        """One row per pair of events: ``from``, ``to``, ``count``, ``rate`` (of what follows ``from``).

        A null in ``from`` is the beginning of a path, in ``to`` its end: the rate of a null ``to`` is the drop-off.
        """
        return Table(self._transitions, self._library)

    def plot(self, kind: Literal["flow", "transitions"] = "flow", *, language: str | None = None) -> Any:
        """Draw the ways step by step, or what follows what.

        Parameters
        ----------
        kind : {"flow", "transitions"}
            A Sankey diagram of the sequences of the table, or a heat map of the rates from each event to the next.
        language : {"en", "zh"}
            Of titles.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.paths import plot_flow, plot_transitions

        word(kind, "kind", ("flow", "transitions"))
        if kind == "flow":
            return plot_flow(self, self.count, spoken(language))
        return plot_transitions(self.transitions, self.count, spoken(language))
