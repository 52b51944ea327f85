"""A group in which a step is reached more rarely than elsewhere, as a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall import _native
from footfall.findings import Finding, two_proportions
from footfall.rules._money import MONTH, days_of, evidence_of, money_per
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.rules._shares import Group
    from footfall.table import Table


def weak(shop: Shop, rule: str, group: Group, steps: tuple[str, str], audience: Table) -> Finding:
    """Return the finding that fewer of a group come from one step to the next than of all others."""
    (before, step), unit = steps, "customers"
    place = ", ".join(f"{name} {value}" for name, value in group.place.items())
    facts = {
        "before": before,
        "step": step,
        "unit": unit,
        "where": place,
        "n": int(group.units),
        "baseline": group.baseline,
    }
    gap = group.baseline - group.rate
    low, high = _native.wilson(int(group.successes), int(group.units)) or (0.0, 1.0)
    months = days_of(shop) / MONTH
    worth = money_per(shop, step)
    stake = None if worth is None else gap * group.units / months * worth
    return Finding(
        rule=rule, section="conversion", place={**group.place, "step": step},
        **worded("weak", {**facts, "rate": group.rate, "low": low, "high": high}),
        value=group.rate, low=low, high=high, baseline=group.baseline,
        p_value=group.p_value, evidence=_evidence(group, unit, step),
        money_at_stake=stake, pool=f"step {step}", audience=audience,
        test=two_proportions(group.rate, group.baseline, unit, group.units / (days_of(shop) / 7)),
    )  # fmt: skip


def _evidence(group: Group, unit: str, step: str) -> Table:
    place = ", ".join(f"{name}={value}" for name, value in group.place.items())
    sides = ((place, group.units, group.successes), ("all others", group.rest_units, group.rest_successes))
    return evidence_of([{"group": of, unit: int(n), step: int(x), "rate": x / n} for of, n, x in sides])
