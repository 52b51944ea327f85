"""Those who left: what went before it, and whom to win back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.checks import whole
from footfall.core.columns import values
from footfall.data._shop_sections import features_of, lifetime, section, tiers
from footfall.result import PerCustomer

if TYPE_CHECKING:
    from footfall.core.section import Section
    from footfall.data._shop_sections import Parts
    from footfall.data.events import Events
    from footfall.data.shop import Shop

#: Who has not bought for so many days has left.
GONE = 180
_LOST = "lost"


def why_lost(shop: Shop) -> Section:
    """Tell what was known of customers before the last :data:`GONE` days, and who has not bought in them."""
    orders: Any = shop.orders

    def drivers(*features: Any) -> Any:
        return orders.drivers(features, outcome="lost", within=f"{GONE}d")

    def visits() -> Any:
        last = _until(shop, shop.part("events")).last()
        return drivers(last["event"], last["events"])

    def contacts() -> Any:
        said = _until(shop, shop.part("after_sales").events)
        last = said.last("value") if "value" in said._log.numbers else said.last()  # noqa: SLF001 - a noun of ours
        return drivers(*(last[name] for name in ("event", "value", "events") if name in last.column_names))

    parts: Parts = {
        "drivers": (("orders",), lambda: drivers(*features_of(shop), "orders")),
        "last_events": (("orders", "events"), visits),
        "contacts": (("orders", "after_sales"), contacts),
        "refunds": (("orders",), lambda: drivers(_before(shop).rfm()["refund_orders"])),
    }
    return section(shop, "What goes with leaving", parts)


def _last_day(shop: Shop) -> dt.date:
    end = shop.part("orders").end
    return (end if end is not None else dt.datetime.now()).date() - dt.timedelta(days=GONE)  # noqa: DTZ005


def _until(shop: Shop, events: Events) -> Events:
    """Return the events before the time in which those who left did not buy: what came after is no reason."""
    return events.between(None, _last_day(shop))


def _before(shop: Shop) -> Any:
    return shop.part("orders").between(None, _last_day(shop))


def win_back(shop: Shop, n: int) -> PerCustomer:
    """Return the lost customers of most expected money, with what they did and said last."""
    import numpy as np

    count = whole(n, "n", 1, 10**9)
    lost = tiers(shop).customers(_LOST)
    key = lost.column_names[0]
    ahead = lifetime(shop)
    table = _chosen(lost.native, [key, "monetary_total", "recency_days"])
    table = _with(table, ahead.native, {name: name for name in ("p_alive", "expected_orders", "value")})
    worth = np.nan_to_num(values(table, "value"), nan=-np.inf)
    table = table.take(np.argsort(-worth, kind="stable")[:count].astype(np.int64))
    if shop.events is not None:
        last = shop.shared("last events", lambda: shop.part("events").last())
        table = _with(table, last.native, {"event": "last_event", "time": "last_event_time"})
    if shop.after_sales is not None:
        said = shop.after_sales.events
        rated = "value" in said._log.numbers  # noqa: SLF001 - a noun of ours
        last = shop.shared("last contacts", lambda: said.last("value" if rated else None))
        names = {"event": "last_contact", "time": "last_contact_time", "value": "last_rating"}
        table = _with(table, last.native, {name: to for name, to in names.items() if name in last.column_names})
    return PerCustomer(table, lost._origin, [f"{table.num_rows:,} lost customers of most expected money"])  # noqa: SLF001


def _chosen(table: _native.Table, names: list[str]) -> _native.Table:
    return table.select([table.column_names.index(name) for name in names])


def _with(table: _native.Table, other: _native.Table, names: dict[str, str]) -> _native.Table:
    """Return a table with columns of another one, by key; nulls where it has no such customer."""
    key = table.column_names[0]
    people = _native.CustomerTable(other, customer=other.column_names[0], attributes=[])
    found = _chosen(other, list(names)).take(people.places(table, key))
    return table.beside(found.renamed(list(names.values())))
