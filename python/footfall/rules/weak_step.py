"""A group in which a step of the funnel fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall import _native
from footfall.core.rows import dicts
from footfall.data._shop_sections import by_of, has
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.findings.registry import Unanswerable
from footfall.rules._money import MONTH, days_of, evidence_of, money_per
from footfall.rules._shares import Group, short_of_rest

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.table import Table


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
    rows = dicts(shop.part("events").funnel(shop.steps, window="7d", by=columns))
    names = list(rows[0])[: len(columns)] if rows else []
    if len({tuple(row[name] for name in names) for row in rows}) > most_groups:
        raise Unanswerable("needs columns of fewer values")
    unit, tests, found = "customers", 0, []
    for before, step in zip(shop.steps, shop.steps[1:], strict=False):
        reached = {tuple(row[name] for name in names): row["reached"] for row in rows if row["name"] == before}
        cells = [
            (key, float(reached.get(key, 0)), float(row["reached"]))
            for row in rows
            if row["name"] == step and (key := tuple(row[name] for name in names)) in reached
        ]
        tested, groups = short_of_rest(names, cells, least=least)
        tests += tested
        found += [_finding(shop, group, before, step, unit) for group in groups]
    return Checked(tests, found)


def _finding(shop: Shop, group: Group, before: str, step: str, unit: str) -> Finding:
    place = ", ".join(f"{name} {value}" for name, value in group.place.items())
    gap = group.baseline - group.rate
    low, high = _native.wilson(int(group.successes), int(group.units)) or (0.0, 1.0)
    months = days_of(shop) / MONTH
    worth = money_per(shop, step)
    stake = None if worth is None else gap * group.units / months * worth
    return Finding(
        rule="weak_step", section="conversion", place={**group.place, "step": step},
        title=f"{before} to {step} fails for {place}",
        statement=f"Of {group.units:,.0f} {unit} with {before}, {group.rate:.1%} came to {step} ({low:.1%} to {high:.1%}); "
        f"elsewhere {group.baseline:.1%}.",
        metric=f"share of {unit} from {before} to {step}", value=group.rate, low=low, high=high, baseline=group.baseline,
        p_value=group.p_value, evidence=_evidence(group, unit, step),
        money_at_stake=stake,
        money_formula=f"(rate elsewhere - rate) x {unit} with {before} a month x money per {step}", pool=f"step {step}",
        action=f"Go through {before} to {step} as {place} does: page, form, payment; mend what stops there.",
        watch=f"share of {unit} from {before} to {step} for {place}",
        test=two_proportions(group.rate, group.baseline, unit, group.units / (days_of(shop) / 7)),
    )  # fmt: skip


def _evidence(group: Group, unit: str, step: str) -> Table:
    place = ", ".join(f"{name}={value}" for name, value in group.place.items())
    sides = ((place, group.units, group.successes), ("all others", group.rest_units, group.rest_successes))
    return evidence_of([{"group": of, unit: int(n), step: int(x), "rate": x / n} for of, n, x in sides])
