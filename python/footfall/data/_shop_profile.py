"""The profile of a shop's customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.analyses.profile import brought_by, profile_with
from footfall.bands import Bands, bands

if TYPE_CHECKING:
    from footfall.analyses.profile import Profile
    from footfall.data.shop import Shop

#: The ages of bands, half-open.
AGES = [18, 25, 35, 45, 55]
ATTRIBUTES = ("age", "gender", "region", "city", "channel", "level")


def by_of(shop: Shop, *names: str) -> list[Any]:
    """Return the attributes of customers of some roles, ages in bands."""
    known = [] if shop.customers is None else [name for name in names if name in shop.customers.roles]
    return [bands("age", AGES) if name == "age" else name for name in known]


def profile_of(shop: Shop, *names: str) -> Profile:
    """Return the profile of customers by some attributes, which the orders of the shop know already."""
    people, by = shop.part("customers"), by_of(shop, *names)
    named = [(one.column, one.edges) if isinstance(one, Bands) else (one, []) for one in by]
    brought = {} if shop.orders is None else brought_by(shop.orders, by, [name for name, _ in named])
    return profile_with(people, named, None, "month", brought)
