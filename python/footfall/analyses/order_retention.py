"""Cohort retention of buyers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.analyses.retention import Retention
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import listed, shown, whole, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.orders import Orders
    from footfall.table import Table


_STATED = {
    "first_order": "buyers, net of refunds",
    "registered": "registered customers, those without a purchase too, net of refunds,",
}


def retention(
    self: Orders,
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
    *,
    kind: Literal["exact", "rolling"] = "exact",
    by: str | Table | Sequence[str | Table] | None = None,
    cohort: Literal["first_order", "registered"] = "first_order",
    periods: Sequence[tuple[int, int]] | None = None,
    week_start: Literal["monday", "sunday"] = "monday",
) -> Retention:
    """Cohort retention of buyers: of those who first bought in a period, who buys later, how often, and for how much.

    A customer's cohort is the period of the first purchase that is known; after :meth:`between` cohorts are those of
    the period, by first purchases of the whole log. A purchase counts at its own time, money that goes back at that
    of the refund. A cell is null until the last customer who can have joined the cohort was followed to the end of
    it.

    Parameters
    ----------
    period : {"day", "week", "month", "quarter", "year"}
        The calendar periods of cohorts, in the log's zone.
    kind : {"exact", "rolling"}
        There with a purchase in that very period; or in that or any later one, up to the end of the data. Orders and
        money are those of the very period in either case.
    by : str, a column of a result, or a list of them, optional
        A column of the orders stands for what the **first order** was, by its largest line (of lines of one size the
        smallest value): category, product, channel, ``ff.bands("discount", [0.01])``; an attribute of the customers
        goes with the customer. ``"basket_size"`` is the number of items of the first order, to be cut as in
        ``ff.bands("basket_size", [2, 4])``.
    cohort : {"first_order", "registered"}
        What puts customers into cohorts: the first purchase; or the registration, for which the orders need
        :meth:`with_customers` with ``registered=``. Then who never bought belongs to the cohort too (with null values
        of the first order), periods count from the registration, purchases before it are left out, and a cohort that
        began before the orders do is null.
    periods : list of (int, int), optional
        First and last day after the first order, as in ``[(1, 30), (31, 90)]``, in place of calendar periods. Further
        orders of the first day fall to none.
    week_start : {"monday", "sunday"}
        The first day of weeks.

    Returns
    -------
    Retention
        One row per value, cohort and period after it.

    Examples
    --------
    >>> kept = ff.datasets.load_cdnow().retention("quarter")
    >>> [(row["period"], row["customers"], round(row["value"], 2)) for row in kept.to_arrow().to_pylist()][:3]
    [(0, 2357, 47.73), (1, 524, 62.0), (2, 418, 73.45)]
    >>> ff.datasets.load_cdnow().retention("year", periods=[(1, 30), (31, 90)]).to_polars()["customers"].to_list()
    [410, 454]
    """
    log, groups = resolve_group_by(self._log, by, refunds=self._refunds)
    if word(cohort, "cohort", ["first_order", "registered"]) == "registered" and self._customers is not None:
        log = self._customers.register(log)
    word(week_start, "week_start", ["monday", "sunday"])
    cohorts = "week_sunday" if period == "week" and week_start == "sunday" else period
    if week_start == "sunday" and period != "week":
        raise ValueError(f'week_start="sunday" is for period="week", not period={shown(period)}')
    params = {
        "period": cohorts, "kind": kind, "by": groups, "cohort": cohort, "intervals": _intervals(periods),
        "refunds": self._refunds,
    }  # fmt: skip
    found = _native.run(log, "order_retention", params)
    return Retention(found["table"], self._origin, period, kind, by=len(groups), of=_STATED[cohort])


def _intervals(periods: Any) -> list[tuple[int, int]]:
    example = "pairs of the first and last day after the first order, as in [(1, 30), (31, 90)]"
    if periods is None:
        return []
    made = []
    for pair in listed(periods, "periods", example):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:  # noqa: PLR2004 - from and to
            raise TypeError(f"periods=[{shown(pair)}]: give {example}")
        made.append((whole(pair[0], "periods", 1, 10**6), whole(pair[1], "periods", 1, 10**6)))
    if not made:
        raise ValueError(f"periods=[]: give {example}, or None for calendar periods")
    return made
