"""States of customers by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import whole
from footfall.core.language import spoken
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.orders import Orders
    from footfall.result import Origin


def lifecycle(
    self: Orders,
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
    *,
    by: str | Table | Sequence[str | Table] | None = None,
    dormant_after: int = 3,
    lost_after: int = 12,
) -> Lifecycle:
    """Count customers by their state in each period, and those who move from one to another.

    In the period of the first purchase a customer is **new**; then **active** as long as the last purchase is fewer
    than ``dormant_after`` periods ago, **dormant** from there, **lost** from ``lost_after`` periods on; with a
    purchase after having been dormant or lost the customer is **back** for that period. Orders that went back in full
    are no purchase. After :meth:`between` the periods of it are shown, of customers as the whole log knows them.

    Parameters
    ----------
    period : {"day", "week", "month", "quarter", "year"}
        Calendar periods in the log's zone.
    by : str, a column of a result, or a list of them, optional
        An attribute of the customers, or a column of the orders as the first order has it.
    dormant_after, lost_after : int
        Periods since the last purchase.

    Returns
    -------
    Lifecycle
        One row per value and period.

    Examples
    --------
    >>> states = ff.datasets.load_cdnow().lifecycle("quarter", dormant_after=2, lost_after=4)
    >>> states.to_polars().select("new", "active", "back", "dormant", "lost").rows()[1:4]
    [(0, 2357, 0, 0, 0), (0, 524, 204, 1629, 0), (0, 418, 201, 1738, 0)]
    """
    log, groups = resolve_group_by(self._log, by)
    params = {
        "period": period, "by": groups, "dormant_after": whole(dormant_after, "dormant_after", 1, 10**6),
        "lost_after": whole(lost_after, "lost_after", 1, 10**6), "refunds": self._refunds,
    }  # fmt: skip
    found = _native.run(log, "lifecycle", params)
    return Lifecycle(found, self._origin, params)


class Lifecycle(Result):
    """One row per value and period, from the first with a customer on.

    Columns: the values (with ``by``); ``period`` (its first day); ``complete`` (whether all of its days were observed);
    ``new``, ``active``, ``back``, ``dormant``, ``lost``: customers in each state, who add up to all who have bought so
    far.
    """

    def __init__(self, found: dict[str, Any], origin: Origin, params: dict[str, Any]) -> None:
        names = [name for _, name in params["by"]]
        title = [
            f"States of customers by {' and '.join([params['period'], *names])}",
            f"  dormant from {params['dormant_after']}, lost from {params['lost_after']} {params['period']}s without a "
            "purchase",
        ]
        super().__init__(found["table"], origin, title)
        self._found, self._by = found, self.column_names[: len(names)]

    @property
    def flow(self) -> Table:
        """One row per value, period, state before and state: who moved.

        Columns: the values; ``period``; ``from`` (the state in the period before, null for those who are new); ``to``;
        ``customers``; ``share`` of those who were in the state before.
        """
        return Table(self._found["flow"], self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the customers in each state by period, above each other.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.lifecycle import plot_lifecycle

        if self._by:
            raise ValueError("a picture shows one group: leave by= out")
        return plot_lifecycle(self, spoken(language))
