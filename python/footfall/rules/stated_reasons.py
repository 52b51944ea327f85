"""Reasons that customers stated in a survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall import _native
from footfall.core.rows import dicts
from footfall.findings import Checked, Finding, rule
from footfall.rules._audience import members, where
from footfall.rules._money import MONTH, cart_pool, days_of, evidence_of, per_cart
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("stated_reasons", section="abandonment", needs=("survey",), rate=0.0)
def stated_reasons(shop: Shop, *, share: float = 0.1, least: int = 30, most: int = 5) -> Checked:
    """Tell the reasons that customers stated most often for not buying.

    No test: they are counted. Told are the ``most`` reasons that at least ``share`` of the customers state, where at
    least ``least`` answered; whoever answers need not be like whoever does not.
    """
    survey = shop.part("survey")
    answered = survey.quality.customers
    if answered < least:
        return Checked(0, [])
    last = survey.last()
    # A customer who answered twice states what was said last.
    stated: dict[str, int] = {}
    for row in last.rows():
        stated[str(row[1])] = stated.get(str(row[1]), 0) + 1
    rows = [
        {"reason": reason, "customers": count, "share": count / answered}
        for reason, count in sorted(stated.items(), key=lambda one: (-one[1], one[0]))
    ]
    stake = _left_a_month(shop)
    found = []
    for row in rows[:most]:
        if row["share"] < share:
            continue
        low, high = _native.wilson(row["customers"], answered) or (0.0, 1.0)
        found.append(
            Finding(
                rule="stated_reasons", section="abandonment", place={"reason": row["reason"]},
                **worded("stated_reasons", {
                    "answered": answered, "n": row["customers"], "rate": row["share"], "low": low, "high": high,
                    "reason": row["reason"],
                }),
                value=row["share"], low=low, high=high, evidence=evidence_of(rows),
                money_at_stake=None if stake is None else row["share"] * stake,
                pool=cart_pool(shop),
                audience=members(last, where(last, {"event": row["reason"]})),
            )
        )  # fmt: skip
    return Checked(0, found)


def _left_a_month(shop: Shop) -> float | None:
    if shop.events is None:
        return None
    (carts,) = dicts(shop.abandonment().carts)
    left, _ = per_cart(shop)
    return None if left is None else carts["abandoned"] * left / days_of(shop) * MONTH
