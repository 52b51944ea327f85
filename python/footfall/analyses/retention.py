"""Cohort retention."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.analyses._cohort_trend import trend_columns
from footfall.core.checks import events_or_none, whole, word
from footfall.core.columns import table_of
from footfall.core.language import spoken
from footfall.core.rows import dicts
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from footfall.data.events import Events
    from footfall.result import Origin

Event = str | int


def retention(
    self: Events,
    first: Event | Sequence[Event] | None = None,
    returning: Event | Sequence[Event] | None = None,
    *,
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
    kind: Literal["exact", "rolling"] = "exact",
) -> Retention:
    """Cohort retention: of those who began in a period, how many are there later.

    Parameters
    ----------
    first : str, int or list of them, optional
        The event that begins; a customer's cohort is the period of the first of them. Default: any event.
    returning : str, int or list of them, optional
        The events that count as being there. Default: any event.
    period : {"day", "week", "month", "quarter", "year"}
        Calendar periods in the log's zone; weeks start on Monday.
    kind : {"exact", "rolling"}
        There in that very period; or in that or any later one, up to the end of the data.

    Returns
    -------
    Retention
        One row per cohort and period after it.

    Examples
    --------
    >>> import polars as pl
    >>> days = ["2024-01-05", "2024-02-10", "2024-01-09", "2024-03-31"]
    >>> log = pl.DataFrame({"who": [1, 1, 2, 2], "day": days, "what": ["join", "pay", "join", "pay"]})
    >>> events = ff.Events(log, customer="who", time="day", event="what")
    >>> events.retention("join", "pay").table.select("period", "size", "customers").rows()
    [(0, 2, 0), (1, 2, 1), (2, 2, 1)]
    """
    params = {
        "first": events_or_none(first, "first"),
        "returning": events_or_none(returning, "returning"),
        "period": period,
        "kind": kind,
    }
    found = _native.run(self._log, "retention", params)
    return Retention(found["table"], self._origin, period, kind)


class Retention(Result):
    """One row per cohort and period after it, in that order; with ``by`` first the values.

    Columns: ``cohort`` (the first day of its period); ``period`` (0 is its own), or ``from_day`` and ``to_day`` after
    the first order; ``size`` (customers of the cohort); ``customers`` (of them, those who are there), ``rate`` with
    its Wilson 95 % interval ``low``, ``high``. Of orders also ``orders`` (purchases), ``sales`` (money net of
    refunds), ``sales_per_member`` (by the size of the cohort) and ``value`` (the same of all periods so far). What is
    not over when the data end is null.
    """

    def __init__(
        self, native: _native.Table, origin: Origin, period: str, kind: str, *, by: int = 0, of: str = "customers"
    ) -> None:
        super().__init__(native, origin, [f"Retention of {of} by {period}, {kind}"])
        self._by = self.column_names[:by]
        self._ages = ["period"] if "period" in self.column_names else ["from_day", "to_day"]

    @cached_property
    def average(self) -> Table:
        """One row per value and period, over the cohorts of which it is known: what they did together.

        Columns: the values; ``period``, or ``from_day`` and ``to_day``; ``size``, ``customers`` and the pooled
        ``rate``; of orders ``orders``, ``sales``, ``sales_per_member`` and ``value``, its sum over the periods so
        far.
        """
        rows = [row for row in dicts(self) if row["customers"] is not None]
        # A log without money has no sales.
        has = {name for name in self.column_names if not rows or any(row[name] is not None for row in rows)}
        sums = [name for name in ("size", "customers", "orders", "sales") if name in has]
        keys = [*self._by, *self._ages]
        pooled: dict[tuple[Any, ...], list[Any]] = {}
        for row in rows:
            found = pooled.setdefault(tuple(row[name] for name in keys), [0] * len(sums))
            for at, name in enumerate(sums):
                found[at] += row[name]
        columns: dict[str, list[Any]] = {name: [key[at] for key in pooled] for at, name in enumerate(keys)}
        columns |= {name: [] for name in ("size", "customers")}
        columns |= {name: [found[at] for found in pooled.values()] for at, name in enumerate(sums)}
        columns["rate"] = [found[1] / found[0] for found in pooled.values()]
        if "sales" in sums:
            money = [found[sums.index("sales")] / found[0] for found in pooled.values()]
            columns["sales_per_member"] = money
            if "value" in self.column_names:
                groups = [key[: len(self._by)] for key in pooled]
                columns["value"] = list(_running(groups, money))
        return Table(table_of(columns), self._library)

    def trend(self, period: int = 1) -> Table:
        """Whether the rate of one period rises or falls from cohort to cohort.

        The Cochran-Armitage test for a trend in proportions (P. Armitage, Biometrics 11, 1955), with the first days
        of the cohorts as scores. It holds cohorts that are known alone.

        Parameters
        ----------
        period : int
            Which period after the cohort's own; of ``periods=`` which of them, from 0.

        Returns
        -------
        Table
            One row per value: ``cohorts``, ``size``, the pooled ``rate``, ``change_per_year`` (of the rate), ``z``
            and the two-sided ``p_value``; the last three are null where fewer than two cohorts, or no difference, is
            known.

        Examples
        --------
        >>> trend = ff.datasets.load_cdnow().retention("month").trend(1).rows()[0]
        >>> trend[0], round(trend[2], 3), round(trend[5], 3)
        (3, 0.146, 0.045)
        """
        wanted = self._age(period)
        groups: dict[tuple[Any, ...], list[tuple[int, int, int]]] = {}
        for row in dicts(self):
            if row["customers"] is not None and tuple(row[name] for name in self._ages) == wanted:
                key = tuple(row[name] for name in self._by)
                groups.setdefault(key, []).append((row["cohort"].toordinal(), row["customers"], row["size"]))
        return Table(table_of(trend_columns(self._by, groups)), self._library)

    def plot(self, what: Literal["rate", "value"] = "rate", *, language: str | None = None) -> Any:
        """Draw the matrix of cohorts and periods (with ``by`` the pooled rate by period), or the value per member.

        Parameters
        ----------
        what : {"rate", "value"}
            Who is there; or, of orders, what each member of a cohort has brought so far, by cohort and pooled.
        language : {"en", "zh"}, optional
            The language of the titles; default: ``ff.options.language``.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts import retention as charts

        word(what, "what", ["rate", "value"])
        if what == "value":
            if "value" not in self.column_names:
                raise ValueError(
                    "the value so far is that of orders by calendar period: type orders.retention().plot('value')"
                )
            return charts.plot_value(self, self.average, self._by, spoken(language))
        if self._by:
            return charts.plot_groups(self.average, self._by, self._ages, spoken(language))
        return charts.plot_retention(self, self._ages, spoken(language))

    def _age(self, period: Any) -> tuple[Any, ...]:
        known = sorted({tuple(row[name] for name in self._ages) for row in dicts(self)})
        number = whole(period, "period", 0, max(len(known) - 1, 0))
        return known[number] if known else ()


def _running(groups: list[tuple[Any, ...]], money: list[float]) -> Iterator[float]:
    """Add up the money of each group, whose rows stand together."""
    sums: dict[tuple[Any, ...], float] = {}
    for group, part in zip(groups, money, strict=True):
        sums[group] = sums.get(group, 0.0) + part
        yield sums[group]
