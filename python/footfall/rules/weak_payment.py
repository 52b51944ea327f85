"""A way to pay by which fewer come from the order to the payment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import has
from footfall.findings import Checked, rule
from footfall.findings.registry import Unanswerable
from footfall.rules._audience import members, where
from footfall.rules._shares import short_of_rest
from footfall.rules._weak import weak

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("weak_payment", section="conversion", needs=("events",))
def weak_payment(shop: Shop, *, least: float = 100) -> Checked:
    """Find ways to pay (the column ``payment`` of the order's event) by which the last step is reached more rarely.

    Test: two proportions against all other ways, per customer within a day of the order, Bonferroni over the ways; ways
    of at least ``least`` customers.
    """
    if not has(shop, "events.payment"):
        raise Unanswerable("needs payment= of Events")
    before, step = shop.steps[-2:]
    funnel = shop.part("events").funnel([before, step], window="1d", by="payment")
    rows = dicts(funnel)
    ordered = {row["payment"]: row["reached"] for row in rows if row["name"] == before}
    cells = [
        ((row["payment"],), float(ordered[row["payment"]]), float(row["reached"]))
        for row in rows
        if row["name"] == step and row["payment"] in ordered
    ]
    tests, groups = short_of_rest(["payment"], cells, least=least)
    stopped = funnel.stopped_at(before)
    found = [
        weak(shop, "weak_payment", group, (before, step), members(stopped, where(stopped, group.place)))
        for group in groups
    ]
    return Checked(tests, found)
