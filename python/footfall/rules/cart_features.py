"""Carts that are left, and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.rules._audience import members, where
from footfall.rules._money import MONTH, days_of, evidence_of, per_cart

if TYPE_CHECKING:
    from footfall.data.shop import Shop

_ACTIONS = {
    "shipping_fee": "Show the fee before the cart, or give free shipping from a sum on; test both.",
    "payment": "Look at failures and waiting times of this way to pay; offer another one first, and test it.",
    "checkout_steps": "Shorten the checkout: fields, pages, an account that need not be; test it against today's.",
    "coupon": "Look at what the coupon asks for; show in the cart what it takes off.",
    "device": "Go through cart and checkout on this device: loading time, form, keyboard, payment.",
}


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
                money_formula=f"(rate - rate of the others) x such carts a month x {words}",
                pool=_pool(shop, name),
                audience=members(
                    carts.episodes, where(carts.episodes, {name: str(worst["level"]), "status": "abandoned"})
                ),
                action=_ACTIONS.get(name, f"Look at carts with {name} {worst['level']}, and test a change."),
                watch=f"share of carts with {name} {worst['level']} that are left",
                test=two_proportions(worst["rate"], baseline, "carts", worst["episodes"] / (days_of(shop) / 7)),
            )
        )
    return Checked(tests, found)


def _pool(shop: Shop, feature: str) -> str:
    """Return whose money it is too: the way to pay is known from the order on, all else from the cart on."""
    after = shop.steps[-1:] if feature == "payment" else shop.steps[2:]
    return f"step {after[0]}" if after else "carts"
