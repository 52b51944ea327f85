"""The periods that a shop is compared with, and its figures in each."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from footfall.core.columns import table_of
from footfall.core.rows import dicts
from footfall.result import Origin, Result

if TYPE_CHECKING:
    from footfall import _native
    from footfall.data.shop import Shop

Period = tuple[dt.datetime, dt.datetime]


def instant(value: Any) -> dt.datetime | None:
    """Return a date or time as wall clock; None for what is not given, or has a zone of its own."""
    if value is None:
        return None
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value.strip())
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    return value if value.tzinfo is None else None


def period_before(period: Period) -> Period:
    """Return the period of the same length before: so many calendar months where it is whole months, else days."""
    start, end = period
    months = 12 * (end.year - start.year) + end.month - start.month
    if _first_of_month(start) and _first_of_month(end):
        return _months_back(start, months), start
    return start - (end - start), start


def year_before(period: Period) -> Period:
    """Return the same period a year before; the 29th of February is the 28th."""
    start, end = (_months_back(at, 12) for at in period)
    return start, end


def _first_of_month(at: dt.datetime) -> bool:
    return at.day == 1 and at.time() == dt.time()


def _months_back(at: dt.datetime, months: int) -> dt.datetime:
    count = 12 * at.year + at.month - 1 - months
    year, month = divmod(count, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day  # noqa: PLR2004
    return at.replace(year=year, month=month + 1, day=min(at.day, last))


def covered(log: _native.Log) -> float:
    """Days that a log covers, in its period."""
    start, end = log.window
    first, last = log.range or (0, 0)
    first, last = max(first, start or first), min(last, end or last)
    return max((last - first) / 86_400e6, 1.0)


def figures(shop: Shop) -> dict[str, tuple[str, float | None]]:
    """Return the figures of a shop in its period: by name what kind it is, and its value."""
    found: dict[str, tuple[str, float | None]] = {}
    if shop.orders is not None:
        # By day, since a customer is new in the whole of the calendar period of their first order.
        rows = dicts(shop.shared("days", lambda: shop.part("orders").sales("day", compare=None)))
        buyers = shop.orders.quality.customers
        orders = sum(row["orders"] for row in rows)
        sales = sum(row["sales"] or 0.0 for row in rows) if shop.orders._log.has_money else None  # noqa: SLF001
        found |= {
            "sales": ("money", sales), "orders": ("count", orders), "buyers": ("count", buyers),
            "sales_per_buyer": ("money", _ratio(sales, buyers)), "sales_per_order": ("money", _ratio(sales, orders)),
            "orders_per_buyer": ("ratio", _ratio(orders, buyers)),
        }  # fmt: skip
        if rows and "new_buyers" in rows[0]:
            found["new_buyers"] = ("count", sum(row["new_buyers"] or 0 for row in rows))
    if shop.events is not None:
        found["visitors"] = ("count", shop.events.quality.customers)
        rows = dicts(shop.conversion().funnel)
        for before, row in pairwise(rows):
            found[f"{before['name']}_to_{row['name']}"] = ("rate", _ratio(row["reached"], before["reached"]))
        (carts,) = dicts(shop.abandonment().carts)
        found["carts_left"] = ("rate", carts["rate"])
    if shop.spend is not None:
        found["spend"] = ("money", sum(row["sales"] or 0.0 for row in dicts(shop.spend.by_period("year"))))
    return found


def _ratio(count: float | None, of: float) -> float | None:
    return count / of if count is not None and of else None


class Figures(Result):
    """One row per figure of a shop.

    Columns: ``figure``; ``kind`` ("money", "count", "ratio" or "rate"); ``value`` in the period; ``before`` and
    ``year_before`` (null where the data do not hold the whole of it) with ``change`` and ``year_change``: of rates the
    difference, of others the growth.
    """

    def __init__(self, shop: Shop) -> None:
        now = figures(shop)
        columns: dict[str, list[Any]] = {
            "figure": list(now), "kind": [kind for kind, _ in now.values()],
            "value": [_float(of) for _, of in now.values()],
        }  # fmt: skip
        for name, change, other in (
            ("before", "change", shop.before),
            ("year_before", "year_change", shop.year_before),
        ):
            was = {} if other is None else figures(other)
            columns[name] = [_float(was.get(figure, ("", None))[1]) for figure in now]
            columns[change] = [_change(*of, was) for of, was in zip(now.values(), columns[name], strict=True)]
        part = shop.orders or shop.events
        origin = Origin(None, lambda: None) if part is None else part._origin  # noqa: SLF001
        period = "" if shop.period is None else f" from {shop.period[0]:%Y-%m-%d} to before {shop.period[1]:%Y-%m-%d}"
        super().__init__(table_of(columns), origin, [f"Figures of the shop{period}"])


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _change(kind: str, now: float | None, was: float | None) -> float | None:
    if now is None or was is None:
        return None
    if kind == "rate":
        return now - was
    return now / was - 1 if was else None
