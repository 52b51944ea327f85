"""The profile of a shop's customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.analyses.profile import brought_by, profile_with
from footfall.bands import Bands, bands

if TYPE_CHECKING:
    from footfall.analyses.profile import Cells, Profile
    from footfall.data.shop import Shop

#: The ages of bands, half-open.
AGES = [18, 25, 35, 45, 55]
ATTRIBUTES = ("age", "gender", "region", "city", "channel", "level")
TOGETHER = (("region", "age"),)


def by_of(shop: Shop, *names: str) -> list[Any]:
    """Return the attributes of customers of some roles, ages in bands."""
    known = [] if shop.customers is None else [name for name in names if name in shop.customers.roles]
    return [bands("age", AGES) if name == "age" else name for name in known]


def profile_of(shop: Shop, *names: str) -> Profile:
    """Return the profile of customers by some attributes, which the orders of the shop know already."""
    people, by = shop.part("customers"), by_of(shop, *names)
    named = [(one.column, one.edges) if isinstance(one, Bands) else (one, []) for one in by]
    brought = {} if shop.orders is None else shop.shared("brought", lambda: _brought(shop))[names]
    return profile_with(people, named, None, "month", brought)


def _brought(shop: Shop) -> dict[tuple[str, ...], Cells]:
    """Return what the groups of each attribute bought, and of those that are looked at together, in one pass."""
    roles = [name for name in ATTRIBUTES if name in shop.part("customers").roles]
    sets = [(name,) for name in roles] + [names for names in TOGETHER if set(names) <= set(roles)]
    return dict(zip(sets, brought_by(shop.part("orders"), by_of(shop, *roles), sets), strict=True))
