"""The profile of a shop's customers: what all their groups bought is asked once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from footfall.analyses.profile import profile_with, sales_by, with_counts
from footfall.bands import Bands, bands

if TYPE_CHECKING:
    from footfall.analyses.profile import Profile
    from footfall.data.orders import Orders
    from footfall.data.shop import Shop

#: The ages of bands, half-open.
AGES = [18, 25, 35, 45, 55]
ATTRIBUTES = ("age", "gender", "region", "city", "channel", "level")
# More combinations of attributes take longer than asking for each attribute.
_MOST = 20_000


def by_of(shop: Shop, *names: str) -> list[Any]:
    """Return the attributes of customers of some roles, ages in bands."""
    known = [] if shop.customers is None else [name for name in names if name in shop.customers.roles]
    return [bands("age", AGES) if name == "age" else name for name in known]


def profile_of(shop: Shop, *names: str) -> Profile:
    """Return the profile of customers by some attributes."""
    people, by = shop.part("customers"), by_of(shop, *names)
    if shop.orders is None or _combinations(shop) > _MOST:
        plain: Profile = people.profile(by, orders=shop.orders)
        return plain
    named = [(one.column, one.edges) if isinstance(one, Bands) else (one, []) for one in by]
    every = by_of(shop, *ATTRIBUTES)
    roles = [one.column if isinstance(one, Bands) else one for one in every]
    orders: Orders = shop.part("orders")
    cells = shop.shared("sales by attributes", lambda: sales_by(orders, every, roles))
    wanted = [name for name, _ in named]
    sales = _summed(cells, [roles.index(name) for name in wanted])
    return profile_with(people, named, None, "month", with_counts(sales, orders, by, wanted))


def _combinations(shop: Shop) -> int:
    count = 1
    for name in by_of(shop, *ATTRIBUTES):
        count *= len(AGES) + 2 if isinstance(name, Bands) else len(shop.part("orders")._log.values(name)) + 1  # noqa: SLF001
    return count


def _summed(cells: dict[tuple[Any, ...], float], at: list[int]) -> dict[tuple[Any, ...], float]:
    """Return the sums of cells over all but some of the attributes."""
    parts: dict[tuple[Any, ...], list[float]] = {}
    for key, money in cells.items():
        parts.setdefault(tuple(key[one] for one in at), []).append(money)
    return {key: math.fsum(of) for key, of in parts.items()}
