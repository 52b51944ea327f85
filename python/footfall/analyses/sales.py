"""Sales by period, and what drove their change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from footfall.data.orders import Orders
    from footfall.result import Origin


def sales(
    self: Orders,
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
    *,
    by: str | Table | None = None,
    compare: Literal["previous", "year"] | None = "previous",
    benchmarks: Mapping[str, float] | None = None,
) -> Sales:
    """Sales by calendar period, per buyer, order and item, and what drove the change.

    sales = buyers × orders per buyer × amount per order; the change is split among the three exactly (Shapley
    values: the mean over all orders in which the factors can be changed one by one).

    Parameters
    ----------
    period : {"day", "week", "month", "quarter", "year"}
        Calendar periods in the log's zone; weeks start on Monday.
    by : str or a column of a result, optional
        A role or column of the orders (a customer's value is that of the first order), an attribute of the
        customers (see :meth:`with_customers`), or a column such as ``rfm["segment"]``.
    compare : {"previous", "year"}, optional
        The period before, the same one a year before (52 weeks for weeks), or nothing.
    benchmarks : mapping of str to float, optional
        The trade's figures by column name, shown beside our own in :attr:`Sales.benchmarks`.

    Returns
    -------
    Sales
        One row per group and period, without a gap between a group's first and last.

    Examples
    --------
    >>> sales = ff.datasets.load_cdnow().sales("quarter")
    >>> sales.to_polars().select("period", "buyers", "orders").rows()[0]
    (datetime.date(1997, 1, 1), 2357, 3267)
    """
    if by is not None and not isinstance(by, (str, Table)):
        raise TypeError(
            f'by= takes the name of a column, or a column of a result as in rfm["segment"], not {type(by).__name__}'
        )
    log, groups = resolve_group_by(self._log, by)
    source, name = groups[0] if groups else (None, None)
    params = {"period": period, "by": source, "compare": compare, "refunds": self._refunds}
    found = _native.run(log, "sales", params)
    return Sales(found["table"], self._origin, period=period, by=name, compare=compare, benchmarks=benchmarks)


_MEASURES = (
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
    """One row per group and period.

    Columns: the group (with ``by``); ``period`` (its first day); ``complete`` (whether the data cover it whole);
    ``sales`` (net money); ``buyers``; ``orders`` (purchases); ``sales_per_buyer`` (客单价);
    ``sales_per_order`` (笔单价); with a quantity also ``items``, ``sales_per_item`` (件单价),
    ``items_per_order`` (连带率).

    ``change`` is against the period compared with; ``change_buyers``, ``change_orders_per_buyer`` and
    ``change_amount_per_order`` are what drove it and add up to it. Null where a period has no purchase to compare.
    """

    def __init__(
        self,
        native: _native.Table,
        origin: Origin,
        *,
        period: str,
        by: str | None,
        compare: str | None,
        benchmarks: Mapping[str, float] | None,
    ) -> None:
        against = {"previous": f"the {period} before", "year": f"the same {period} a year before"}
        title = [f"Sales by {period}" + (f" and {by}" if by else "")]
        if compare is not None:
            title.append(f"  change against {against[compare]}")
        super().__init__(native, origin, title)
        self._params = {"period": period, "by": by, "compare": compare}
        self._benchmarks = _checked(benchmarks or {}, self.column_names)

    def _title(self) -> list[str]:
        return self._lines + ["  " + line for line in self.quality.lines()]

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

        if self._params["by"] is not None:
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

    def plot(self, *, language: str = "en") -> Any:
        """Draw what drove the change of the last complete period, as a waterfall; without a comparison, the sales.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.sales import plot_sales

        return plot_sales(self, self._params, language)


def _checked(benchmarks: Mapping[str, float], found: list[str]) -> dict[str, float]:
    measures = [name for name in _MEASURES if name in found]
    for name, value in benchmarks.items():
        if name not in measures:
            raise ValueError(f"benchmarks={{{name!r}: …}}: give figures of {', '.join(map(repr, measures))}")
        if not isinstance(value, (int, float)) or not value > 0:
            raise ValueError(f"benchmarks={{{name!r}: {value!r}}}: give a positive number")
    return {name: float(value) for name, value in benchmarks.items()}
