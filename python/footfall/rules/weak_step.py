"""A group in which a step of the funnel fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.data._shop_profile import by_of
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule
from footfall.findings.registry import Unanswerable
from footfall.rules._audience import members, where
from footfall.rules._shares import short_of_rest
from footfall.rules._weak import weak

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("weak_step", section="conversion", needs=("events",))
def weak_step(shop: Shop, *, least: float = 100, most_groups: int = 400) -> Checked:
    """Find groups (device, source, region and pairs of them) in which a step is reached more rarely than elsewhere.

    Test: two proportions against all other groups, per customer within 7 days of the first step (visits of one customer
    go together, customers do not), Bonferroni over the groups of a step; groups of at least ``least`` customers.
    """
    columns: list[Any] = [name for name in ("device", "source") if has(shop, f"events.{name}")]
    columns += by_of(shop, "region")
    if not columns:
        raise Unanswerable("needs device=, source= of Events or region= of Customers")
    funnel = shop.part("events").funnel(shop.steps, window="7d", by=columns)
    rows = dicts(funnel)
    names = list(rows[0])[: len(columns)] if rows else []
    if len({tuple(row[name] for name in names) for row in rows}) > most_groups:
        raise Unanswerable("needs columns of fewer values")
    tests, found = 0, list[Finding]()
    for before, step in zip(shop.steps, shop.steps[1:], strict=False):
        reached = {tuple(row[name] for name in names): row["reached"] for row in rows if row["name"] == before}
        cells = [
            (key, float(reached.get(key, 0)), float(row["reached"]))
            for row in rows
            if row["name"] == step and (key := tuple(row[name] for name in names)) in reached
        ]
        tested, groups = short_of_rest(names, cells, least=least)
        tests += tested
        if groups:
            stopped = funnel.stopped_at(before)
            found += [
                weak(shop, "weak_step", group, (before, step), members(stopped, where(stopped, group.place)))
                for group in groups
            ]
    return Checked(tests, found)
