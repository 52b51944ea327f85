"""Holdout validation (backtest): predicted against actual."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall.core.columns import table_of, values
from footfall.core.language import spoken
from footfall.result import PerCustomer
from footfall.table import Table

if TYPE_CHECKING:
    import datetime as dt

    from footfall import _native
    from footfall.models.fit import Fit
    from footfall.result import Origin

MOST_REPEATS = 7
_TENTHS = 10


class Backtest(PerCustomer):
    """One row per customer who bought before the split, in the order of the keys.

    Columns: the key; ``repeats`` before the split; after it ``expected_orders``, ``orders`` (days with a purchase) and
    ``naive_orders`` (as often a day as before: repeats by age), ``expected_money``, ``money`` (net).
    """

    def __init__(
        self,
        native: _native.Table,
        weeks: _native.Table,
        origin: Origin,
        *,
        fit: Fit | None,
        title: list[str],
        split: dt.datetime | None = None,
    ) -> None:
        super().__init__(native, origin, title)
        self._split = split
        self._weeks = weeks
        self.fit_result = fit

    def _column(self, name: str) -> Any:
        return values(self._native, name)

    @cached_property
    def totals(self) -> Table:
        """Two rows, ``orders`` and ``money``: ``measure, actual, expected, expected_ratio, naive, naive_ratio``.

        And the mean absolute error by customer, ``expected_error``, ``naive_error`` (null for money).
        """
        import numpy as np

        actual, expected, naive = (self._column(name) for name in ("orders", "expected_orders", "naive_orders"))
        money, foretold = self._column("money"), self._column("expected_money")
        rows = [
            ("orders", actual.sum(), expected.sum(), naive.sum(), np.abs(expected - actual).mean(),
             np.abs(naive - actual).mean()),
            ("money", money.sum(), foretold.sum(), None, np.abs(foretold - money).mean(), None),
        ]  # fmt: skip

        def ratio(foretold: Any, came: float) -> float | None:
            return None if foretold is None or not came else float(foretold / came)

        columns: dict[str, list[Any]] = {
            "measure": [row[0] for row in rows],
            "actual": [float(row[1]) for row in rows],
            "expected": [float(row[2]) for row in rows],
            "expected_ratio": [ratio(row[2], row[1]) for row in rows],
            "naive": [None if row[3] is None else float(row[3]) for row in rows],
            "naive_ratio": [ratio(row[3], row[1]) for row in rows],
            "expected_error": [float(row[4]) for row in rows],
            "naive_error": [None if row[5] is None else float(row[5]) for row in rows],
        }
        return Table(table_of(columns), self._library)

    @cached_property
    def by_repeats(self) -> Table:
        """One row per number of repeats before the split, 7 and more together.

        Columns: ``repeats`` (the last row holds those and more), ``customers``, and the means of ``expected``,
        ``actual`` and ``naive`` orders.
        """
        import numpy as np

        repeats = np.minimum(self._column("repeats"), MOST_REPEATS)
        return self._grouped("repeats", repeats, np.unique(repeats))

    @cached_property
    def deciles(self) -> Table:
        """One row per tenth of the customers by expected orders, the best first.

        Columns: ``decile``, ``customers``, the means of ``expected``, ``actual`` and ``naive`` orders, and ``lift``
        (actual orders of the tenth over those of all).
        """
        import numpy as np

        expected = self._column("expected_orders")
        rank = np.empty(len(expected), dtype=np.int64)
        rank[np.argsort(-expected, kind="stable")] = np.arange(len(expected))
        tenth = 1 + rank * _TENTHS // max(len(expected), 1)
        return self._grouped("decile", tenth, np.arange(1, _TENTHS + 1), lift=True)

    @property
    def weeks(self) -> Table:
        """One row per week since the first purchase: repeats so far, ``expected`` and ``actual``.

        Of the customers who bought before the split; ``week`` is its last day. The expectation is that of new customers
        from their first purchase on, as the literature draws it.
        """
        return Table(self._weeks, self._library)

    def _grouped(self, name: str, group: Any, order: Any, *, lift: bool = False) -> Table:
        import numpy as np

        names = {"expected": "expected_orders", "actual": "orders", "naive": "naive_orders"}
        inside = [group == value for value in order]
        columns: dict[str, list[Any]] = {
            name: [int(value) for value in order],
            "customers": [int(some.sum()) for some in inside],
        }
        for short, column in names.items():
            found = self._column(column)
            columns[short] = [float(np.mean(found[some])) if some.any() else None for some in inside]
        if lift:
            whole = float(np.mean(self._column("orders"))) if self.num_rows else 0.0
            columns["lift"] = [None if mean is None or not whole else mean / whole for mean in columns["actual"]]
        return Table(table_of(columns), self._library)

    def plot(self, kind: Literal["weeks", "repeats", "deciles"] = "weeks", *, language: str | None = None) -> Any:
        """Draw what was expected against what came.

        Parameters
        ----------
        kind : {"weeks", "repeats", "deciles"}
            Repeats so far by week; orders after the split by repeats before it; or by tenth of the customers.
        language : {"en", "zh"}
            Of titles.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.backtest import plot_groups, plot_weeks

        if kind == "weeks":
            return plot_weeks(self.weeks, self._split, spoken(language))
        if kind not in {"repeats", "deciles"}:
            raise ValueError(f'kind={kind!r}: give "weeks", "repeats" or "deciles"')
        return plot_groups(self.by_repeats if kind == "repeats" else self.deciles, kind, MOST_REPEATS, spoken(language))
