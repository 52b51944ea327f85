"""A funnel: who reached each step."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

from footfall.results.result import PerCustomer, Result
from footfall.results.weakest import Weakest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from footfall import _native
    from footfall.data.event_quality import EventQuality

Baseline = tuple[float, float, float]
"""A rate with its interval."""


class Funnel(Result):
    """One row per step.

    Columns: ``step`` (from 1), ``name``; ``reached`` (customers); ``lost`` (customers who reached the step before and
    not this one); ``step_rate`` (of those of the step before) with its Wilson 95 % interval ``step_low``,
    ``step_high``;
    ``overall_rate`` (of those of step 1); ``time_median``, ``time_p90`` (seconds from the step before);
    ``point_value``: completions that one percentage point more of this step would bring, at the rates of the steps
    behind it; with a ``value``, ``point_money``: those times the mean value of a completion.
    """

    def __init__(
        self,
        native: _native.Funnel,
        library: str | None,
        quality: EventQuality,
        names: list[str],
        asked: dict[str, Any],
    ) -> None:
        window = "no window" if asked["window"] is None else f"window: {asked['window']}"
        title = [
            f"Funnel of {len(names)} steps: {' → '.join(names)}",
            f"  {window}; anchor: {asked['anchor']}; ties: {asked['ties']}; follow-up: {asked['follow_up']}"
            + (f"; {native.censored:,} starts with less than a window of data behind them" if asked["window"] else ""),
        ]
        super().__init__(native.table, library, quality, title + ["  " + line for line in quality.lines()])
        self._funnel = native
        self._names = names

    @property
    def censored(self) -> int:
        """Starts (events of step 1) with less than a window of data behind them; 0 without a window."""
        return self._funnel.censored

    @cached_property
    def per_customer(self) -> PerCustomer:
        """The customers who did step 1: key, ``depth`` (steps reached), ``t1`` … (when; null where not reached)."""
        table = self._funnel.per_customer()
        return PerCustomer(table, self._library, self.quality, [f"{table.num_rows:,} customers in the funnel"])

    def stopped_at(self, step: str | int) -> PerCustomer:
        """Return the customers whose last step is this one, by its name or its number (from 1).

        Raises
        ------
        ValueError
            If there is no such step.
        """
        if isinstance(step, int) and 1 <= step <= len(self._names):
            place = step
        elif self._names.count(str(step)) == 1:
            place = self._names.index(str(step)) + 1
        else:
            names = ", ".join(map(repr, self._names))
            raise ValueError(
                f"step {step!r} is not one of {names}; give a name, or a number from 1 to {len(self._names)}"
            )
        table = self._funnel.stopped_at(place)
        title = [f"{table.num_rows:,} customers stopped at {self._names[place - 1]}"]
        return PerCustomer(table, self._library, self.quality, title)

    def weakest(self, against: Funnel | Sequence[float] | Mapping[str, float] | None = None) -> Weakest:
        """Find the step that falls shortest.

        Parameters
        ----------
        against : Funnel, sequence or mapping of rates, optional
            Another funnel of the same steps, or the step rates to be expected (from step 2 on, or by name). Without it,
            the step with the lowest rate.

        Returns
        -------
        Weakest

        Notes
        -----
        The interval of a difference is R. G. Newcombe's hybrid score interval (method 10; Statistics in Medicine 17,
        1998).
        """
        rates = _rates(self)
        if not rates:
            raise ValueError("no step of this funnel has a rate: nobody reached the step before")
        if against is None:
            step = min(rates, key=lambda at: rates[at][0])
            return Weakest(step, self._names[step - 1], *rates[step])
        baselines = self._baselines(against)
        common = [step for step in rates if step in baselines]
        if not common:
            raise ValueError("weakest(against=…): no step has a rate in both")
        step = min(common, key=lambda at: rates[at][0] - baselines[at][0])
        return Weakest(step, self._names[step - 1], *rates[step], *_difference(rates[step], baselines[step]))

    def _baselines(self, against: Any) -> dict[int, Baseline]:
        if isinstance(against, Funnel):
            if against._names != self._names:  # noqa: SLF001 - one of us
                raise ValueError(f"weakest(against=…): the other funnel has other steps, {against._names}")  # noqa: SLF001
            return _rates(against)
        later = self._names[1:]
        if isinstance(against, dict):
            given = {self._names.index(name) + 1: rate for name, rate in against.items() if name in later}
            if len(given) < len(against):
                raise ValueError(f"weakest(against={against!r}): name steps of {', '.join(map(repr, later))}")
        else:
            given = dict(enumerate(against, 2))
            if len(given) != len(later):
                raise ValueError(f"weakest(against={against!r}): give {len(later)} rates, from step 2 on")
        if not all(isinstance(rate, (int, float)) and 0 <= rate <= 1 for rate in given.values()):
            raise ValueError(f"weakest(against={against!r}): a rate lies between 0 and 1")
        return {step: (float(rate),) * 3 for step, rate in given.items()}

    def plot(self, *, language: str = "en") -> Any:
        """Draw the steps as bars, with rates and their intervals.

        Returns
        -------
        altair.Chart
        """
        from footfall.plots.funnel import plot_funnel

        return plot_funnel(self, language)


def _rates(funnel: Funnel) -> dict[int, Baseline]:
    rows = [dict(zip(funnel.column_names, row, strict=True)) for row in funnel.rows()]
    return {
        row["step"]: (row["step_rate"], row["step_low"], row["step_high"])
        for row in rows
        if row["step_rate"] is not None
    }


def _difference(ours: Baseline, theirs: Baseline) -> tuple[float, float, float, float]:
    rate, low, high = ours
    base, base_low, base_high = theirs
    difference = rate - base
    return (
        base,
        difference,
        difference - math.hypot(rate - low, base_high - base),
        difference + math.hypot(high - rate, base - base_low),
    )
