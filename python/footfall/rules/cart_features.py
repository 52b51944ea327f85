"""Carts that are left, and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.rules._money import MONTH, days_of, evidence_of

if TYPE_CHECKING:
    from footfall.data.shop import Shop

_ACTIONS = {
    "shipping_fee": "Show the fee before the cart, or give free shipping from a sum on; test both.",
}


@rule("cart_features", section="abandonment", needs=("events",))
def cart_features(shop: Shop, *, least: float = 0.03) -> Checked:
    """Find features of carts (fee, device, source) that go with leaving them.

    Test: the level with the highest rate against all other levels, two proportions over customers; told where the rate
    is at least ``least`` above that of all. Each level of each feature is a test.
    """
    carts = shop.abandonment().carts
    rows = dicts(carts.features)
    tests = sum(row["p_value"] is not None for row in rows)
    (whole,) = dicts(carts)
    months = days_of(shop) / MONTH
    left = whole["money_left"] / whole["abandoned"] if whole.get("money_left") and whole["abandoned"] else None
    found = []
    for name in dict.fromkeys(row["feature"] for row in rows):
        levels = [row for row in rows if row["feature"] == name and row["p_value"] is not None]
        worst = max(levels, key=lambda row: row["rate"], default=None)
        if worst is None or worst["rate"] - whole["rate"] < least:
            continue
        others = sum(row["rate"] * row["episodes"] for row in levels if row is not worst)
        count = sum(row["episodes"] for row in levels if row is not worst)
        baseline = others / count if count else whole["rate"]
        found.append(
            Finding(
                rule="cart_features",
                section="abandonment",
                place={name: str(worst["level"])},
                title=f"Carts with {name} {worst['level']} are left more often",
                statement=f"Of {worst['episodes']:,} carts with {name} {worst['level']}, {worst['rate']:.1%} were left "
                f"({worst['low']:.1%} to {worst['high']:.1%}); of the others {baseline:.1%}. It need not be the cause.",
                metric="share of carts that are left",
                value=worst["rate"],
                low=worst["low"],
                high=worst["high"],
                baseline=baseline,
                p_value=worst["p_value"],
                evidence=evidence_of(levels, ["feature", "level", "episodes", "rate", "low", "high", "odds_ratio"]),
                money_at_stake=None if left is None else (worst["rate"] - baseline) * worst["episodes"] / months * left,
                money_formula="(rate - rate of the others) x such carts a month x money of a cart that is left",
                pool="carts",
                action=_ACTIONS.get(name, f"Look at carts with {name} {worst['level']}, and test a change."),
                watch=f"share of carts with {name} {worst['level']} that are left",
                test=two_proportions(worst["rate"], baseline, "carts", worst["episodes"] / (days_of(shop) / 7)),
            )
        )
    return Checked(tests, found)
