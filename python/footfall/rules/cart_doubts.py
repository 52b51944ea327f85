"""Carts that are left after a doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import doubts
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.findings.registry import Unanswerable
from footfall.rules._money import MONTH, cart_pool, days_of, evidence_of, per_cart
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("cart_doubts", section="abandonment", needs=("events",))
def cart_doubts(shop: Shop, *, least: float = 0.03) -> Checked:
    """Find events soon after the cart (questions, reviews, comparisons) after which it is left more often.

    Test: of the carts that were not bought within ten minutes, those with the event by then against those without (two
    proportions over customers, landmark method); told where the rate is at least ``least`` above. Each event is a test.
    """
    if not doubts(shop):
        raise Unanswerable('needs doubts= of ff.Shop, as ["contact", "faq"]: events that may tell of doubts')
    rows = dicts(shop.abandonment().carts.signals)
    without = {row["feature"]: row for row in rows if row["level"] == "False"}
    tested = [row for row in rows if row["level"] == "True" and row["p_value"] is not None]
    left, words = per_cart(shop)
    days, found = days_of(shop), []
    for row in tested:
        event, rest = row["feature"], without[row["feature"]]
        if row["rate"] - rest["rate"] < least:
            continue
        stake = None if left is None else (row["rate"] - rest["rate"]) * row["episodes"] / days * MONTH * left
        found.append(
            Finding(
                rule="cart_doubts", section="abandonment", place={"event": event},
                **worded("cart_doubts", {
                    "event": event, "n": row["episodes"], "rate": row["rate"], "low": row["low"], "high": row["high"],
                    "baseline": rest["rate"], "per": words,
                }),
                value=row["rate"], low=row["low"], high=row["high"],
                baseline=rest["rate"], p_value=row["p_value"],
                evidence=evidence_of([rest, row], ["feature", "level", "episodes", "rate", "low", "high", "odds_ratio"]),
                money_at_stake=stake, pool=cart_pool(shop),
                test=two_proportions(row["rate"], rest["rate"], "carts", row["episodes"] / (days / 7)),
            )
        )  # fmt: skip
    return Checked(len(tested), found)
