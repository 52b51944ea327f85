"""The parts of the sample shop."""

from __future__ import annotations

from typing import Any

from footfall.data.after_sales import AfterSales
from footfall.data.customers import Customers
from footfall.data.events import Events
from footfall.data.orders import Orders
from footfall.data.spend import Spend
from footfall.datasets.sample_shop import make_shop

_PERSON = ("registered", "age", "gender", "region", "channel", "level", "points")
_VISIT = ("session", "product", "value", "device", "source", "keyword", "shipping_fee")
_LINE = (
    "order_id", "product", "category", "quantity", "status", "refund_of", "payment", "coupon", "margin",
)  # fmt: skip


def sample_parts(customers: int, seed: int, without: Any, more: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of :func:`footfall.datasets.make_shop` as nouns."""
    made = make_shop(customers, seed, without=without, **more)
    person, visit, line = (dict[str, Any](zip(names, names, strict=True)) for names in (_PERSON, _VISIT, _LINE))
    return {
        "customers": Customers(made.customers, customer="customer", city="city_tier", **person),
        "events": Events(made.events, customer="customer", time="time", event="event", **visit),
        "orders": Orders(
            made.orders, customer="customer", time="time", amount="amount", delivery="delivery_days",
            shipping="shipping_fee", cancelled=["cancelled"], **line,
        ),
        "spend": Spend(made.spend, time="time", amount="amount", channel="channel", segment="segment"),
        "after_sales": AfterSales(
            made.after_sales, customer="customer", time="time", kind="kind", order_id="order_id", rating="rating"
        ),
    }  # fmt: skip
