"""A product that many see and few put into the cart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall import _native
from footfall.core.rows import dicts
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.findings.registry import Unanswerable
from footfall.rules._money import MONTH, days_of, evidence_of, money_per
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("weak_product", section="conversion", needs=("events",))
def weak_product(shop: Shop, *, ratio: float = 0.6, least: int = 200, most: int = 10) -> Checked:
    """Find products whose step after the view is reached by far fewer customers than that of all others.

    Test: two proportions over customers, each product against all others; told, the ``most`` with most customers, where
    the rate is below ``ratio`` of theirs, as products differ by nature. Products of at least ``least`` customers.
    """
    if not has(shop, "events.product"):
        raise Unanswerable("needs product= of Events")
    view, cart = shop.steps[:2]
    rows = [row for row in dicts(shop.conversion().products) if row["product"] is not None]
    seen, put = sum(row[view] for row in rows), sum(row[cart] for row in rows)
    tested = [row for row in rows if row[view] >= least and seen - row[view] >= least]
    days, worth, found = days_of(shop), money_per(shop, cart), list[Finding]()
    for row in sorted(tested, key=lambda row: -row[view]):
        n, m = row[view], seen - row[view]
        rate, baseline = row[cart] / n, (put - row[cart]) / m
        if rate >= ratio * baseline or len(found) == most:
            continue
        low, high = _native.wilson(row[cart], n) or (0.0, 1.0)
        found.append(
            Finding(
                rule="weak_product", section="conversion", place={"product": str(row["product"])},
                **worded("weak_product", {
                    "product": str(row["product"]), "before": view, "step": cart, "n": n, "rate": rate, "low": low,
                    "high": high, "baseline": baseline,
                }),
                value=rate, low=low, high=high, baseline=baseline,
                p_value=_native.same_share((rate, n), (baseline, m)),
                evidence=evidence_of([{name: row[name] for name in ("product", *shop.steps)}]),
                money_at_stake=None if worth is None else (baseline - rate) * n / days * MONTH * worth,
                pool=f"step {cart}",
                test=two_proportions(rate, baseline, "customers", n / (days / 7)),
            )
        )  # fmt: skip
    return Checked(len(tested), found)
