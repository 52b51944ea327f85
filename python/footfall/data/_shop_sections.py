"""The sections of a shop: which results answer them, and what they need."""

# A part that is missing is not asked for its method, hence lambdas.
# ruff: noqa: PLW0108

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from footfall._errors import DataError
from footfall.core.section import Section
from footfall.data._shop_periods import covered
from footfall.data._shop_profile import ATTRIBUTES, by_of, profile_of
from footfall.data._shop_tiers import ahead, attributes

if TYPE_CHECKING:
    from collections.abc import Callable

    from footfall.data.events import Events
    from footfall.data.shop import Shop

#: Columns of events that say what was in a cart, or who it was, and not under which conditions it was filled.
_NO_FEATURES = {"event", "product", "category", "session", "keyword", "query", "order_id"}
_DOUBTS = {
    "contact", "question", "ask", "chat", "faq", "help", "review", "reviews", "read_reviews", "compare", "comparison",
    "size_guide", "shipping_info", "return_policy", "咨询", "客服", "评价", "对比", "帮助", "查看评价", "联系客服",
}  # fmt: skip
# More values make no factor.
_LEVELS = 50
_REGISTER = "register"
Parts = dict[str, tuple[tuple[str, ...], "Callable[[], Any]"]]


def section(shop: Shop, title: str, parts: Parts) -> Section:
    """Return the parts that can be told, each made once for the shop."""
    made: dict[str, Callable[[], Any]] = {}
    missing: dict[str, str] = {}
    for name, (needs, make) in parts.items():
        lacks = [need for need in needs if not has(shop, need)]
        if lacks:
            missing[name] = " and ".join(lacks)
        else:
            made[name] = partial(shop.shared, (title, name), make)
    return Section(title, made, missing)


def has(shop: Shop, need: str) -> bool:
    """Whether a shop has a part, or a column of one, as in ``"orders.category"``."""
    part, _, role = need.partition(".")
    found = getattr(shop, part)
    if found is None or not role:
        return found is not None
    if part == "customers":
        return role in found.roles
    log = found._log  # noqa: SLF001 - a noun of ours
    return role in log.numbers or bool(log.values(role))


def profile(shop: Shop) -> Section:
    parts: Parts = {name: ((f"customers.{name}",), partial(profile_of, shop, name)) for name in ATTRIBUTES}
    parts["region_by_age"] = (
        ("customers.region", "customers.age"), lambda: profile_of(shop, "region", "age")
    )  # fmt: skip
    parts["gender_by_category"] = (
        ("customers.gender", "orders.category"), lambda: shop.part("orders").categories(by="gender").preference
    )  # fmt: skip
    return section(shop, "Who the customers are", parts)


def behaviour(shop: Shop) -> Section:
    events: Any = shop.events

    def sessions() -> Any:
        return shop.shared("sessions", lambda: events.sessions())

    parts: Parts = {
        "sessions": (("events",), sessions),
        "stability": (("events",), lambda: sessions().stability),
        "rhythm": (("events",), lambda: events.rhythm()),
        "devices": (("events.device",), lambda: events.mix("device", goal=shop.steps[-1])),
        "sources": (("events.source",), lambda: events.mix("source", goal=shop.steps[-1])),
        "sources_by_month": (("events.source",), lambda: events.mix("source", goal=shop.steps[-1], period="month")),
        "keywords": (("events.keyword",), lambda: events.mix("keyword", goal=shop.steps[-1])),
        "attribution": (("events.source",), lambda: events.attribution(shop.steps[-1], "source")),
    }
    return section(shop, "How they visit", parts)


def sales(shop: Shop) -> Section:
    orders: Any = shop.orders
    trade = {name: value for name, value in shop.benchmarks.items() if name.startswith(("sales", "orders", "items"))}
    parts: Parts = {
        "months": (("orders",), lambda: orders.sales("month")),
        "year_before": (("orders",), lambda: orders.sales("month", compare="year")),
        "benchmarks": (("orders",), lambda: orders.sales("month", benchmarks=trade).benchmarks),
        "by_category": (("orders.category",), lambda: orders.sales("month", by="category")),
        "categories": (("orders.category",), lambda: orders.categories()),
        "products": (("orders.product",), lambda: orders.categories(level="product")),
        "pairs": (("orders.category",), lambda: orders.baskets(level="category", unit="customer")),
        "cycle": (("orders",), lambda: orders.repurchase().cycle),
        "preference": (
            ("orders.category", "customers"),
            lambda: orders.categories(by=by_of(shop, "region", "age") or by_of(shop, "gender")).preference,
        ),
    }
    return section(shop, "What they buy", parts)


def _from_registration(shop: Shop) -> Any:
    """Return the funnel from the registration on, which is an event of the log or is known of the customers."""
    events: Events = shop.part("events")
    if _REGISTER not in events._log.values("event"):  # noqa: SLF001 - a noun of ours
        events = type(events).concat([shop.part("customers").as_events(_REGISTER), events])
    return events.funnel([_REGISTER, *shop.steps], window="30d")


def conversion(shop: Shop) -> Section:
    events: Any = shop.events
    steps = shop.steps
    parts: Parts = {
        "funnel": (("events",), lambda: events.funnel(steps, window="7d")),
        "from_registration": (("events", "customers.registered"), lambda: _from_registration(shop)),
        "by_device": (("events.device",), lambda: events.funnel(steps, window="7d", by="device")),
        "by_source": (("events.source",), lambda: events.funnel(steps, window="7d", by="source")),
        "by_region": (("events", "customers.region"), lambda: events.funnel(steps, window="7d", by="region")),
        "months": (("events",), lambda: events.funnel(steps, window="7d", period="month")),
        "products": (("events.product",), lambda: events.products(steps)),
        "recommendations": (
            ("events.product", "recommendations"),
            lambda: events.precision(*(shop.recommendations or ()), steps[1]),
        ),
    }
    return section(shop, "How they convert", parts)


def cart_features(shop: Shop) -> list[str]:
    """Return what is known of a cart: the columns of the events, but for those of what was in it."""
    if shop.events is None:
        return []
    log = shop.events._log  # noqa: SLF001 - a noun of ours
    return [
        *(name for name in log.numbers if name != "value"),
        *(name for name in log.labels if name not in _NO_FEATURES),
    ]


def doubts(shop: Shop) -> list[str]:
    """Return the events that may tell of doubts: those that were named, else those of the log with a usual name."""
    if shop.events is None:
        return []
    known = shop.events._log.values("event")  # noqa: SLF001 - a noun of ours
    wanted = _DOUBTS if shop.doubts is None else set(shop.doubts)
    return [name for name in known if name in wanted and name not in shop.steps]


def abandonment(shop: Shop) -> Section:
    events: Any = shop.events
    features = cart_features(shop)
    value = "value" if has(shop, "events.value") else None
    asked = {"cart": shop.steps[1], "checkout": shop.steps[2:-1] or None, "purchase": shop.steps[-1], "value": value}
    parts: Parts = {
        "carts": (
            ("events",),
            lambda: events.abandonment(**asked, features=features or None, signals=doubts(shop) or None),
        ),
    }
    return section(shop, "Which carts are left", parts)


def repurchase(shop: Shop) -> Section:
    orders: Any = shop.orders
    parts: Parts = {
        "rates": (("orders",), lambda: orders.repurchase()),
        "by_month": (("orders",), lambda: orders.repurchase(period="month").periods),
        "retention": (("orders",), lambda: orders.retention("month")),
        "registered": (("orders", "customers.registered"), lambda: orders.retention("month", cohort="registered")),
        "drivers": (("orders",), lambda: orders.drivers(features_of(shop), within="90d")),
    }
    return section(shop, "Who comes back", parts)


def features_of(shop: Shop) -> list[str]:
    """Return what is known of a first order and its customer."""
    log = shop.part("orders")._log  # noqa: SLF001 - a noun of ours
    # Thousands of products are no categories: of each too little would be known.
    of_orders = [
        name
        for name in ("category", "coupon", "payment", "delivery")
        if has(shop, f"orders.{name}") and len(log.values(name)) <= _LEVELS
    ]
    of_customers = [] if shop.customers is None else [
        name for name in ("level", "channel", "region", "gender") if name in shop.customers.roles
    ]  # fmt: skip
    money = ["amount"] if log.has_money else []
    return [*money, "items", *of_orders, *of_customers]


def tiers(shop: Shop) -> Any:
    """Return RFM with its tiers, once."""
    return shop.shared("tiers", lambda: shop.part("orders").rfm(segments="tiers"))


def lifetime(shop: Shop) -> Any:
    """Return what customers are worth ahead, once."""
    return shop.shared("lifetime", lambda: shop.part("orders").lifetime(margin=shop.margin))


def moves(shop: Shop, lookback: int) -> tuple[Any, Any]:
    """Return the tiers half of a lookback ago, and who changed tier since; both with the same lookback."""
    orders = shop.part("orders")
    needed = int(1.5 * lookback) + 1
    if orders.end is None or covered(orders._log) < needed:  # noqa: SLF001 - a noun of ours
        raise DataError(f"needs orders of {needed} days")
    # The end of a period is the first instant after it.
    now = (orders.end - dt.timedelta(microseconds=1)).date()
    then = now - dt.timedelta(days=lookback // 2)
    before, after = (orders.rfm(day, lookback=f"{lookback}d", segments="tiers") for day in (then, now))
    return before, before.migration(after)


def value(shop: Shop) -> Section:
    orders: Any = shop.orders
    parts: Parts = {
        "rfm": (("orders",), lambda: orders.rfm()),
        "tiers": (("orders",), lambda: tiers(shop)),
        "concentration": (("orders",), lambda: tiers(shop).concentration),
        "clusters": (("orders",), lambda: tiers(shop).clusters()),
        "lifetime": (("orders",), lambda: lifetime(shop)),
        "migration": (("orders",), lambda: shop.shared(("moves", 180), lambda: moves(shop, 180))[1]),
        "spend": (("orders", "spend"), lambda: orders.allocation(shop.part("spend"), tiers(shop)["segment"])),
    }
    return section(shop, "What customers are worth", parts)


def tier_profile(shop: Shop) -> Section:
    orders: Any = shop.orders

    def tier() -> Any:
        return tiers(shop)["segment"]

    contacts: Any = shop.after_sales
    parts: Parts = {
        "summary": (("orders",), lambda: tiers(shop).segments),
        "attributes": (("orders", "customers"), lambda: attributes(shop, tiers(shop))),
        "ahead": (("orders",), lambda: ahead(tiers(shop), lifetime(shop))),
        "categories": (("orders.category",), lambda: orders.categories(by=tier()).preference),
        "sales": (("orders",), lambda: orders.sales("year", by=tier(), compare=None)),
        "after_sales": (("orders", "after_sales"), lambda: contacts.events.mix(["event", tier()])),
        "visits": (("orders", "events.source"), lambda: shop.part("events").mix([tier(), "source"])),
        "repurchase": (("orders",), lambda: orders.repurchase(by=tier())),
    }
    return section(shop, "What each tier is like", parts)
