"""Carts that are left, and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.rules._audience import members, where
from footfall.rules._money import MONTH, cart_pool, days_of, evidence_of, per_cart
from footfall.rules._words import worded
from footfall.rules._words_journeys import ACTIONS

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("cart_features", section="abandonment", needs=("events",))
def cart_features(shop: Shop, *, least: float = 0.03) -> Checked:
    """Find features of carts that go with leaving them: fee, way to pay, length of the checkout, device, source.

    All columns of the events count, but for those of what was in the cart; give the way to pay as ``payment=`` and the
    pages of a checkout as ``checkout_steps=`` to :class:`Events`.

    Test: the level with the highest rate against all other levels, two proportions over customers; told where the rate
    is at least ``least`` above that of the others. Each level of each feature is a test.
    """
    carts = shop.abandonment().carts
    rows = dicts(carts.features)
    tests = sum(row["p_value"] is not None for row in rows)
    (whole,) = dicts(carts)
    months = days_of(shop) / MONTH
    left, words = per_cart(shop)
    found = []
    for name in dict.fromkeys(row["feature"] for row in rows):
        levels = [row for row in rows if row["feature"] == name and row["p_value"] is not None]
        worst = max(levels, key=lambda row: row["rate"], default=None)
        if worst is None:
            continue
        others = sum(row["rate"] * row["episodes"] for row in levels if row is not worst)
        count = sum(row["episodes"] for row in levels if row is not worst)
        baseline = others / count if count else whole["rate"]
        if worst["rate"] - baseline < least:
            continue
        found.append(
            Finding(
                rule="cart_features",
                section="abandonment",
                place={name: str(worst["level"])},
                **worded(
                    f"cart_features.{name}" if name in ACTIONS else "cart_features",
                    {
                        "feature": name,
                        "level": str(worst["level"]),
                        "n": worst["episodes"],
                        "rate": worst["rate"],
                        "low": worst["low"],
                        "high": worst["high"],
                        "baseline": baseline,
                        "per": words,
                    },
                ),
                value=worst["rate"],
                low=worst["low"],
                high=worst["high"],
                baseline=baseline,
                p_value=worst["p_value"],
                evidence=evidence_of(levels, ["feature", "level", "episodes", "rate", "low", "high", "odds_ratio"]),
                money_at_stake=None if left is None else (worst["rate"] - baseline) * worst["episodes"] / months * left,
                # The way to pay is known from the order on, so that what it loses is missing at the payment.
                pool=f"step {shop.steps[-1]}" if name == "payment" else cart_pool(shop),
                audience=members(
                    carts.episodes, where(carts.episodes, {name: str(worst["level"]), "status": "abandoned"})
                ),
                test=two_proportions(worst["rate"], baseline, "carts", worst["episodes"] / (days_of(shop) / 7)),
            )
        )
    return Checked(tests, found)
