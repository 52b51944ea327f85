"""Sales by period, and what drove their change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import real, shown, word
from footfall.core.language import spoken
from footfall.core.time_points import duration
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from footfall.data.orders import Orders
    from footfall.result import Origin


def sales(
    self: Orders,
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
    *,
    by: str | Table | Sequence[str | Table] | None = None,
    attribution: Literal["first"] | None = None,
    compare: Literal["previous", "year"] | None = "previous",
    measure: Literal["net", "paid"] = "net",
    lookback: str | timedelta | None = None,
    benchmarks: Mapping[str, float] | None = None,
) -> Sales:
    """Sales by calendar period and value, per buyer, order and item, and what drove the change.

    An order counts in the period of its earliest line. Broken down by a column of lines or orders, each line counts
    under its own value, refunds included; whether it is part of a purchase is decided on the whole order. Buyers and
    orders of a value are those with a line of it: an order of two categories counts in both, and once in
    :attr:`Sales.totals`.

    sales = buyers × orders per buyer × amount per order; the change is split among the three exactly (Shapley
    values: the mean over all orders in which the factors can be changed one by one).

    Buyers are new, returning or won back by the customer's first purchase of the period and the one before it, whenever
    that was (:meth:`between` does not hide it): new if there is none, returning if it is at most 365 days earlier, won
    back if it is longer ago. All that the customer bought or gave back in the period goes there, under every value of
    ``by``: new is new to the shop. Who has refunds alone in a period is returning.

    Parameters
    ----------
    period : {"day", "week", "month", "quarter", "year"}
        Calendar periods in the log's zone; weeks start on Monday.
    by : str, a column of a result, or a list of them, optional
        A role or column of the orders; an attribute of the customers (see :meth:`with_customers`) or a column such as
        ``rfm["segment"]``, which go with the customer.
    attribution : {"first"}, optional
        All that a customer bought counts under the value of the first order: that of its largest line, of lines of one
        size the smallest value.
    compare : {"previous", "year"}, optional
        The period before, the same one a year before (52 weeks for weeks; 28 February for 29 February), or nothing. A
        period is compared only if it and the other are complete: all of their calendar days lie between the first
        observed day (that of the first row, or of the start of :meth:`between`) and the last (that of the last row, or
        of the last instant before its end).
    measure : {"net", "paid"}
        Refunds are taken off at their own time, and an order that went back in full is no purchase; or they are left
        out, full ones too, for money, orders and buyers, as sellers' own screens count (支付金额).
    lookback : str or timedelta, optional
        A customer without a purchase within this time is new again, as in ``"365d"``. Default: all that is known.
    benchmarks : mapping of str to float, optional
        The trade's figures by column name, shown beside our own in :attr:`Sales.benchmarks`.

    Returns
    -------
    Sales
        One row per value and period, without a gap between a value's first and last.

    Examples
    --------
    >>> sales = ff.datasets.load_cdnow().sales("quarter")
    >>> sales.to_polars().select("period", "buyers", "orders").rows()[0]
    (datetime.date(1997, 1, 1), 2357, 3267)
    >>> sales.to_polars().select("new_buyers", "returning_buyers", "won_back_buyers").rows()[-1]
    (0, 250, 50)
    """
    log, groups = resolve_group_by(self._log, by)
    params = {
        "period": period, "by": groups, "attribution": attribution, "compare": compare, "refunds": self._refunds,
        "measure": measure, "lookback": duration(lookback, "lookback"),
    }  # fmt: skip
    found = _native.run(log, "sales", params)
    names = [name for _, name in groups]
    return Sales(found, self._origin, period=period, by=names, compare=compare, measure=measure, benchmarks=benchmarks)


_STATED = {
    "net": "net of refunds; an order that went back in full is no purchase",
    "paid": "as paid: refunds, full ones too, are left out",
}
_MEASURES = (
    "orders_per_buyer",
    "sales_per_buyer",
    "sales_per_order",
    "sales_per_item",
    "items_per_order",
    "sales",
    "buyers",
    "orders",
    "items",
)


class Sales(Result):
    """One row per value and period.

    Columns: the values (with ``by``); ``period`` (its first day); ``complete`` (whether all of its days were
    observed); ``sales`` (money net of refunds, or with ``measure="paid"`` as it was paid); ``buyers``; ``orders``
    (purchases); ``orders_per_buyer``; ``sales_per_buyer`` (客单价); ``sales_per_order`` (笔单价); with a quantity
    also ``items`` (bought, less what refunds took back, whether they write it above or below zero),
    ``sales_per_item`` (件单价), ``items_per_order`` (连带率); where there are guests ``guest_sales`` and
    ``guest_orders``, which ``sales``, ``orders`` and ``items`` include, and ``buyers`` and ratios per buyer do not;
    of identified buyers ``new_sales``, ``new_buyers``, ``new_orders``, the same of ``returning`` and ``won_back``,
    which add up to all but guests; with the roles ``discount``, ``shipping`` and ``margin`` their sums over
    purchases. Money is null where an order's amount could not be shared by its lines, and in a log without money.

    ``change`` is against the period compared with, and ``growth`` its share of the sales then (0.1 is 10 % more);
    ``change_buyers``, ``change_orders_per_buyer`` and ``change_amount_per_order`` are what drove it and add up to it.
    They are those of identified buyers, and ``change_guests`` is that of guests. Null where one of the two is not
    complete, or has no purchase to compare.
    """

    def __init__(
        self,
        found: dict[str, Any],
        origin: Origin,
        *,
        period: str,
        by: list[str],
        compare: str | None,
        measure: str,
        benchmarks: Mapping[str, float] | None,
    ) -> None:
        against = {"previous": f"the {period} before", "year": f"the same {period} a year before"}
        title = ["Sales by " + " and ".join([period, *by])]
        title.append(f"  {_STATED[measure]}; buyers are counted per period, orders once")
        if compare is not None:
            title.append(f"  change against {against[compare]}")
        if found.get("unshared"):
            title.append(
                f"  money by {' and '.join(by)} is unknown where an order has several: its amount is that of the "
                "order; give price= and quantity= to share it by its lines"
            )
        super().__init__(found["table"], origin, title)
        self._totals = found.get("totals", found["table"])
        self._levels = [self._totals, *(found[f"level {level}"] for level in range(1, len(by)))]
        self._params = {"period": period, "by": self.column_names[: len(by)], "compare": compare}
        self._benchmarks = _checked({} if benchmarks is None else benchmarks, self.column_names)

    def _title(self) -> list[str]:
        return self._lines + ["  " + line for line in self.quality.lines()]

    @property
    def totals(self) -> Table:
        """All values together, each order once: the columns of the sales by period alone.

        Examples
        --------
        >>> orders = ff.datasets.load_cdnow()
        >>> sales = orders.sales("year", by=orders.rfm()["segment"])
        >>> [(row[0].year, row[4]) for row in sales.totals.rows()]
        [(1997, 5728), (1998, 1191)]
        """
        return Table(self._totals, self._library)

    @property
    def subtotals(self) -> list[Table]:
        """The totals of each level of several columns, as of SQL's ROLLUP: of all, of the first column, and so on.

        Buyers and orders are counted once in each of them, so that a total may be less than the sum of its parts.

        Examples
        --------
        >>> orders = ff.datasets.load_cdnow()
        >>> rfm = orders.rfm()
        >>> sales = orders.sales("year", by=[rfm["r"], rfm["f"]])
        >>> [(level.column_names[0], level.num_rows) for level in sales.subtotals]
        [('period', 2), ('r', 7)]
        """
        return [Table(level, self._library) for level in self._levels]

    @property
    def benchmarks(self) -> Table:
        """The trade's figures beside ours, in the last complete period: ``measure, ours, benchmark, ratio``.

        Examples
        --------
        >>> orders = ff.datasets.load_cdnow()
        >>> orders.sales("quarter", benchmarks={"sales_per_order": 30.0}).benchmarks.rows()[0][0]
        'sales_per_order'
        """
        import numpy as np

        if self._params["by"]:
            raise ValueError("benchmarks compare the whole shop: leave by= out")
        complete = self.column_names.index("complete")
        rows = [row for row in self.rows() if row[complete]]
        last = dict(zip(self.column_names, rows[-1], strict=True)) if rows else {}
        names = list(self._benchmarks)
        ours = [last.get(name) for name in names]
        ratios = [
            None if value is None else value / self._benchmarks[name] for name, value in zip(names, ours, strict=True)
        ]
        columns: dict[str, Any] = {"measure": ("text", names, None, None)}
        for name, values in (("ours", ours), ("benchmark", list(self._benchmarks.values())), ("ratio", ratios)):
            missing = np.array([value is None for value in values], dtype=np.uint8)
            columns[name] = ("number", np.array([value or 0.0 for value in values], dtype=float), missing, None)
        return Table(_native.Table.from_columns(columns), self._library)

    def plot(self, what: Literal["change", "buyers"] = "change", *, language: str | None = None) -> Any:
        """Draw what drove the change of the last complete period, or who bought.

        Parameters
        ----------
        what : {"change", "buyers"}
            A waterfall (a line of the sales where nothing can be compared); or new, returning and won-back buyers by
            period.
        language : {"en", "zh"}, optional
            The language of the titles; default: ``ff.options.language``.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.sales import plot_buyers, plot_sales

        word(what, "what", ["change", "buyers"])
        if what == "change":
            return plot_sales(self, self._params, spoken(language))
        if self._params["by"]:
            raise ValueError('plot("buyers") draws the whole shop: leave by= of sales() out')
        return plot_buyers(self, spoken(language))


def _checked(benchmarks: Mapping[str, float], found: list[str]) -> dict[str, float]:
    measures = [name for name in _MEASURES if name in found]
    if not isinstance(benchmarks, Mapping):
        raise TypeError(f'benchmarks={shown(benchmarks)}: give figures by name, as in {{"sales_per_buyer": 120.0}}')
    for name in benchmarks:
        word(name, "benchmarks", measures)
    return {
        name: real(value, f"benchmarks[{name!r}]", "a positive number", lambda figure: figure > 0)
        for name, value in benchmarks.items()
    }
