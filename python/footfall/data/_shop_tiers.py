"""What each tier is like: who is in it, and what it is worth ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.analyses._cross import cross
from footfall.analyses.profile import brought_by
from footfall.bands import Bands
from footfall.core.columns import codes, table_of, values
from footfall.data._shop_profile import ATTRIBUTES, by_of
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.data.shop import Shop


def attributes(shop: Shop, tiers: Any) -> Table:
    """Return which attributes of customers are more frequent in a tier than by chance, over all attributes."""
    columns: dict[str, list[Any]] = {}
    known = by_of(shop, *ATTRIBUTES)
    roles = [by.column if isinstance(by, Bands) else by for by in known]
    sets = [("segment", role) for role in roles]
    for (segment, role), cells in zip(
        sets, brought_by(shop.part("orders"), [tiers["segment"], *known], sets), strict=True
    ):
        rows = [
            {segment: values[0], role: values[1], "customers": cell["buyers"]}
            for values, cell in cells.items()
            if cell["buyers"]
        ]
        if not rows:
            continue
        made = cross([segment, role], rows)
        named = {"attribute": [role] * len(made[role]), "value": [str(value) for value in made.pop(role)], **made}
        for column, found in named.items():
            columns.setdefault(column, []).extend(found)
    if columns:
        columns["p_adjusted"] = _native.benjamini_hochberg(columns["p_value"])
    return Table(table_of(columns), None)


def ahead(tiers: Any, lifetime: Any) -> Table:
    """Return what the customers of each tier are worth ahead, in the mean."""
    import numpy as np

    people = _native.CustomerTable(lifetime.native, customer=lifetime.column_names[0], attributes=[])
    found = lifetime.native.take(people.places(tiers.native, tiers.column_names[0]))
    code, words = codes(tiers.native, "segment")
    inside = [code == at for at in range(len(words))]
    columns: dict[str, list[Any]] = {"segment": words, "customers": [int(own.sum()) for own in inside]}
    for name in ("p_alive", "expected_orders", "value"):
        own = [values(found, name)[rows] for rows in inside]
        columns[name] = [float(np.nanmean(some)) if np.isfinite(some).any() else None for some in own]
    return Table(table_of(columns), None)
