"""The ways through visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall.results.result import Result
from footfall.results.table import Table

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.event_quality import EventQuality


class Paths(Result):
    """One row per sequence of events, the most common first.

    Columns: ``step_1`` …; ``goes_on`` (whether the path has more events); ``count``; ``share`` (of all paths).
    """

    def __init__(
        self,
        sequences: _native.Table,
        transitions: _native.Table,
        library: str | None,
        quality: EventQuality,
        count: int,
    ) -> None:
        super().__init__(sequences, library, quality, [f"{count:,} paths"])
        self._transitions = transitions
        self.count = count

    @property
    def transitions(self) -> Table:
        """One row per pair of events: ``from``, ``to``, ``count``, ``rate`` (of what follows ``from``).

        A null in ``from`` is the beginning of a path, in ``to`` its end: the rate of a null ``to`` is the drop-off.
        """
        return Table(self._transitions, self._library)

    def plot(self, kind: Literal["flow", "transitions"] = "flow", *, language: str = "en") -> Any:
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
        from footfall.plots.paths import plot_flow, plot_transitions

        if kind not in {"flow", "transitions"}:
            raise ValueError(f'kind={kind!r}: give "flow" or "transitions"')
        return (plot_flow if kind == "flow" else plot_transitions)(self, language)
