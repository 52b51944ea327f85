"""Sales by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.results.result import Result
from footfall.results.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from footfall.data.quality import Quality

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
        library: str | None,
        quality: Quality,
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
        super().__init__(native, library, quality, title + ["  " + line for line in quality.lines()])
        self._asked = {"period": period, "by": by, "compare": compare}
        self._benchmarks = _checked(benchmarks or {}, self.column_names)

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

        if self._asked["by"] is not None:
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
        from footfall.plots.sales import plot_sales

        return plot_sales(self, self._asked, language)


def _checked(benchmarks: Mapping[str, float], found: list[str]) -> dict[str, float]:
    measures = [name for name in _MEASURES if name in found]
    for name, value in benchmarks.items():
        if name not in measures:
            raise ValueError(f"benchmarks={{{name!r}: …}}: give figures of {', '.join(map(repr, measures))}")
        if not isinstance(value, (int, float)) or not value > 0:
            raise ValueError(f"benchmarks={{{name!r}: {value!r}}}: give a positive number")
    return {name: float(value) for name, value in benchmarks.items()}
