"""Who buys again."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.core.columns import table_of
from footfall.core.language import spoken
from footfall.core.rows import dicts
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.orders import Orders
    from footfall.result import Origin


def repurchase(
    self: Orders,
    *,
    period: Literal["day", "week", "month", "quarter", "year"] | None = None,
    by: str | Table | Sequence[str | Table] | None = None,
    count: Literal["orders", "days"] = "orders",
) -> Repurchase:
    """Who buys again, how soon, and who is overdue.

    Free of the length of any period: the time from each order to the next, for each order number apart (1 to 2, 2 to 3,
    ...), so that a customer is one spell in each; customers who have not come back yet count for as long as they were
    followed (Kaplan-Meier, with Greenwood's variance). Orders that went back in full are no purchase. After
    :meth:`between` the orders of the period count, numbered in the whole log, and followed to its end.

    Parameters
    ----------
    period : {"day", "week", "month", "quarter", "year"}, optional
        The calendar periods of :attr:`Repurchase.periods`. Default: all of the time together.
    by : str, a column of a result, or a list of them, optional
        A column of the orders stands for what the **first order** was, by its largest line; an attribute of the
        customers goes with the customer.
    count : {"orders", "days"}
        Each order is a purchase; or all orders of a day are one.

    Returns
    -------
    Repurchase
        One row per value, order number and number of days.

    Examples
    --------
    >>> again = ff.datasets.load_cdnow().repurchase(count="days")
    >>> [(row["days"], round(row["rate"], 3)) for row in again.to_arrow().to_pylist() if row["after"] == 1]
    [(30, 0.174), (60, 0.255), (90, 0.291), (180, 0.376), (365, 0.456)]
    """
    log, groups = resolve_group_by(self._log, by, refunds=self._refunds)
    params = {"period": period, "by": groups, "count": count, "refunds": self._refunds}
    return Repurchase(_native.run_rows(log, "repurchase", params), self._origin, params)


class Repurchase(Result):
    """One row per value, order number and number of days.

    Columns: the values (with ``by``); ``after`` (the number of the order before: 1 is the time from the first to the
    second; up to 5); ``days`` (30, 60, 90, 180, 365); ``customers`` (with such an order); ``returned`` (of them, those
    seen to order again within the days); ``at_risk`` (followed so long without another order); ``rate`` (the share who
    have ordered again by then, Kaplan-Meier) with its 95 % interval ``low``, ``high`` (Greenwood, on the scale
    log(-log)). Null beyond the longest time that anybody was followed. Rates are per buyer.
    """

    def __init__(self, found: dict[str, Any], origin: Origin, params: dict[str, Any]) -> None:
        what = {"orders": "each order a purchase", "days": "orders of one day are one purchase"}[params["count"]]
        names = [name for _, name in params["by"]]
        title = [f"Repurchase{' by ' + ' and '.join(names) if names else ''}, per buyer, {what}"]
        super().__init__(found["table"], origin, title)
        self._found = found
        self._by = self.column_names[: len(names)]

    @property
    def periods(self) -> Table:
        """One row per value and period: how many buy more than once.

        Columns: the values; with ``period=`` ``period`` and ``complete``; ``buyers``; ``repeat_buyers`` (two or more
        purchases in it), ``repurchase_rate`` (复购率) with ``repurchase_low``, ``repurchase_high`` (Wilson);
        ``orders``, ``repeat_orders`` (by customers who had bought before), ``repeat_order_share``; with ``period=``
        also ``buyers_before`` (of the period before), ``came_back`` (of them, those who bought in this one) and
        ``return_rate`` (回购率) with ``return_low``, ``return_high``.

        Examples
        --------
        >>> ff.datasets.load_cdnow().repurchase().periods.rows()[0][:2]
        (2357, 1152)
        """
        return Table(self._found["periods"], self._library)

    @property
    def cycle(self) -> Table:
        """One row per value: the days between purchases, and whether there is a typical time.

        Columns: the values; ``gaps`` (between purchases, all of them), their quantiles ``p10``, ``p25``, ``median``,
        ``p75``, ``p90`` in days; ``typical_days``, null where there is none, and ``p_value``.

        Customers who buy at random have gaps of which the longer are the rarer. A time is typical if gaps from first to
        second orders are more in some weeks than in as many weeks before them, by a binomial test at 5 % over all
        comparisons together (Bonferroni); it is where these gaps lie closest.
        """
        return Table(self._found["cycle"], self._library)

    @property
    def order_counts(self) -> Table:
        """One row per value and number of purchases: the ``customers`` with so many ``orders``, and their ``share``."""
        return Table(self._found["counts"], self._library)

    @property
    def differences(self) -> Table:
        """One row per order number: whether the values of ``by`` come back alike (log-rank test).

        Columns: ``after``, ``statistic`` (chi-square), ``degrees``, ``p_value``.
        """
        if not self._by:
            raise ValueError('differences compares groups: type by= in repurchase(), as in by="category"')
        return Table(self._found["differences"], self._library)

    @cached_property
    def dropout(self) -> Table:
        """One row per value and order number: of the ``customers`` with it, the share ``lost``, who do not order again.

        ``lost`` is 1 less the rate after the most days (of 30 to 365, ``within_days``) that somebody was followed for.
        """
        last: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in dicts(self):
            if row["rate"] is not None:
                last[tuple(row[name] for name in [*self._by, "after"])] = row
        rows = list(last.values())
        columns = {name: [row[name] for row in rows] for name in [*self._by, "after", "customers"]}
        columns["within_days"] = [row["days"] for row in rows]
        columns["lost"] = [1 - row["rate"] for row in rows]
        return Table(table_of(columns), self._library)

    @property
    def overdue(self) -> Table:
        """One row per customer who has been away for longer than ever before between two purchases.

        Columns: the key; ``last_order``; ``days_since``; ``gaps`` (at least three), ``median_gap`` and
        ``longest_gap`` in days; ``chance``, with which the next gap of a customer whose gaps come in no order is the
        longest of all, by itself: 1 / (gaps + 1).
        """
        return Table(self._found["rows"], self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the share who have ordered again by days, a line for each order number (with ``by``, of the first).

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.repurchase import plot_repurchase

        return plot_repurchase(self, self._by, spoken(language))
