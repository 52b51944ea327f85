"""The result of a funnel: who reached each step."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.analyses.comparison import Comparison, comparison
from footfall.analyses.weakest import Weakest
from footfall.core.language import spoken
from footfall.data.exclude import place_of
from footfall.result import PerCustomer, Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from footfall.result import Origin


Rate = tuple[float, float, float]
"""A rate with its interval."""


class Funnel(Result):
    """One row per step, for each value of ``by`` and each period if there are such.

    Columns: what the funnel is broken down by, ``period`` (its first day) and ``complete`` (whether step 1
    could happen on all of its days, of those that were observed); ``step`` (from 1), ``name``; ``reached``
    (customers, sessions or attempts); ``lost`` (those who reached the step before and not this one); ``step_rate`` (of
    those of the step before) with its Wilson 95 % interval ``step_low``, ``step_high``; ``overall_rate`` (of those of
    step 1); ``time_median``, ``time_p90`` (seconds from the step before);
    ``point_value``: completions that one percentage point more of this step would bring, at the rates of the steps
    behind it; with a ``value``, ``point_money``: those times the mean value of a completion, which is the
    sum of all lines of the completing event (of its customer, time and name, under ``same`` those that agree in it).
    """

    def __init__(
        self,
        native: _native.Funnel,
        origin: Origin,
        names: list[str],
        params: dict[str, Any],
    ) -> None:
        window = "no window" if params["window"] is None else f"window: {params['window']}"
        stated = ("mode", "anchor", "ties", "by", "attribution", "same", "exclude", "unit", "gap", "period")
        said = [_word(name, params[name]) for name in stated if params[name] not in _UNSAID.get(name, (None,))]
        title = [
            f"Funnel of {len(names)} steps: {' → '.join(names)}",
            f"  {'; '.join([window, *said])}; follow-up: {params['follow_up']}"
            + (f"; {native.censored:,} starts with less than a window of data behind them" if params["window"] else ""),
        ]
        super().__init__(native.table, origin, title)
        self._funnel = native
        self._censored, self._effective = native.censored, native.effective
        self._unit = params["unit"]
        self._names = (
            names if params["mode"] != "unordered" else [f"{at + 1} of {len(names)}" for at in range(len(names))]
        )

    def _title(self) -> list[str]:
        return self._lines + ["  " + line for line in self.quality.lines()]

    @property
    def step_names(self) -> list[str]:
        """The names of the steps."""
        return list(self._names)

    @property
    def censored(self) -> int:
        """Starts (events of step 1) with less than a window of data behind them; 0 without a window."""
        return self._censored

    @cached_property
    def per_customer(self) -> PerCustomer:
        """The customers who did step 1: key, ``depth`` (steps reached), ``t1`` … (when; null where not reached)."""
        table = self._funnel.per_customer()
        return PerCustomer(table, self._origin, [f"{table.num_rows:,} customers in the funnel"])

    def stopped_at(self, step: str | int) -> PerCustomer:
        """Return the customers whose last step is this one, by its name or its number (from 1).

        Raises
        ------
        ValueError
            If there is no such step.
        """
        place = place_of(step, self._names, "step")
        table = self._funnel.stopped_at(place)
        title = [f"{table.num_rows:,} customers stopped at {self._names[place - 1]}"]
        return PerCustomer(table, self._origin, title)

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
        self._refuse_groups("weakest")
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
        return Weakest(
            step,
            self._names[step - 1],
            *rates[step],
            baselines[step][0],
            *_native.difference(rates[step], baselines[step]),
        )

    def _baselines(self, against: Any) -> dict[int, Rate]:
        if isinstance(against, Funnel):
            if against.step_names != self._names:
                raise ValueError(f"weakest(against=…): the other funnel has other steps, {against.step_names}")
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

    def compare(self, other: Funnel) -> Comparison:
        """Set the rates of another funnel of the same steps beside these.

        Parameters
        ----------
        other : Funnel
            Of other customers, such as those of another period: the two are taken as independent. Where both are broken
            down, values that both have are compared.

        Returns
        -------
        Comparison
            One row per step from the second on, with the difference, its interval and p-values.

        Examples
        --------
        >>> import polars as pl
        >>> seen = pl.DataFrame({"who": range(100), "at": [0] * 100, "what": ["view"] * 100})
        >>> def shop(buyers):
        ...     paid = seen.head(buyers).with_columns(at=pl.lit(1), what=pl.lit("pay"))
        ...     log = pl.concat([seen, paid], how="vertical_relaxed")
        ...     log = ff.Events(log, customer="who", time="at", event="what", time_unit="s")
        ...     return log.funnel(["view", "pay"])
        >>> compared = shop(40).compare(shop(20))
        >>> compared.table.select("name", "rate", "other_rate", pl.col("p_value").round(4)).rows()
        [('pay', 0.4, 0.2, 0.002)]
        """
        if not isinstance(other, Funnel) or other._names != self._names or other._keys != self._keys:
            raise ValueError("compare(other): give a funnel of the same steps, broken down by the same columns")
        ours, theirs = self._sized_rates(), other._sized_rates()
        rows = []
        for key in (key for key in ours if key in theirs):
            (rate, n), (base, m) = ours[key], theirs[key]
            low_high = dict(
                zip(("difference", "difference_low", "difference_high"), _native.difference(rate, base), strict=True)
            )
            named = dict(zip((*self._keys, "step", "name"), key, strict=True))
            rows.append(
                {
                    **named,
                    "rate": rate[0],
                    "other_rate": base[0],
                    **low_high,
                    "p_value": _native.same_share((rate[0], n), (base[0], m)),
                }
            )
        if not rows:
            raise ValueError("compare(other): no step has a rate in both")
        return comparison(rows, self._library)

    def explain(self, customer: str | int) -> Table:
        """Show the events of one customer and why each did or did not count.

        Parameters
        ----------
        customer : str or int
            The customer's key.

        Returns
        -------
        Table
            One row per event: ``time``, ``event``, ``step`` (the step that it fills in a reported chain, from 1; null),
            ``why`` (in words).

        Examples
        --------
        >>> import polars as pl
        >>> log = pl.DataFrame({"who": [7, 7, 7], "at": [0, 60, 90], "what": ["view", "help", "pay"]})
        >>> events = ff.Events(log, customer="who", time="at", event="what", time_unit="s")
        >>> events.funnel(["view", "pay"], window="1m").explain(7).rows()[2][1:]
        ('pay', None, 'fits pay, but comes after the window of the chain that is reported')
        """
        return Table(self._funnel.explain({"customer": customer}), self._library)

    @property
    def _keys(self) -> list[str]:
        """What the funnel is broken down by."""
        return [name for name in self.column_names[: self.column_names.index("step")] if name != "complete"]

    def _sized_rates(self) -> dict[tuple[Any, ...], tuple[Rate, float]]:
        """Rates by key, step and name, and the effective sample size."""
        found = {}
        for row, size in zip(self.rows(), self._effective, strict=True):
            named = dict(zip(self.column_names, row, strict=True))
            if named["step_rate"] is not None:
                key = (*(named[name] for name in self._keys), named["step"], named["name"])
                found[key] = ((named["step_rate"], named["step_low"], named["step_high"]), size)
        return found

    def _refuse_groups(self, what: str) -> None:
        if self._keys:
            raise ValueError(f"{what}() takes one funnel, and this one is broken down by {', '.join(self._keys)}")

    def plot(self, kind: Literal["steps", "times"] = "steps", *, language: str | None = None) -> Any:
        """Draw the steps as bars with rates, side by side for each value of ``by``, or as lines by period.

        Parameters
        ----------
        kind : {"steps", "times"}
            The steps, or how long those who came through took from step 1 to the last.
        language : {"en", "zh"}

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.funnel import plot_funnel
        from footfall.charts.funnel_groups import plot_groups, plot_periods, plot_times

        if kind not in {"steps", "times"}:
            raise ValueError(f'kind={kind!r}: give "steps" or "times"')
        if kind == "times":
            return plot_times(self.per_customer, self._keys, len(self._names), self._unit, spoken(language))
        if "period" in self._keys:
            return plot_periods(self, self._keys, spoken(language))
        return (
            plot_groups(self, self._keys, spoken(language))
            if self._keys
            else plot_funnel(self, self._unit, spoken(language))
        )


_UNSAID: dict[str, tuple[Any, ...]] = {
    "mode": ("ordered",), "attribution": ("first",), "unit": ("customer",), "anchor": (), "ties": (),
}  # fmt: skip


def _word(name: str, value: Any) -> str:
    if isinstance(value, Table):
        value = value.column_names[1]
    return f"{name}: {value}"


def _rates(funnel: Funnel) -> dict[int, Rate]:
    rows = [dict(zip(funnel.column_names, row, strict=True)) for row in funnel.rows()]
    return {
        row["step"]: (row["step_rate"], row["step_low"], row["step_high"])
        for row in rows
        if row["step_rate"] is not None
    }
