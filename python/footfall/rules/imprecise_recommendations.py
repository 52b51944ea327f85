"""Recommendations that few click."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.findings.registry import Unanswerable
from footfall.rules._money import MONTH, days_of, evidence_of, money_per
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("imprecise_recommendations", section="conversion", needs=("events", "recommendations"))
def imprecise_recommendations(shop: Shop, *, click_rate: float = 0.05) -> Checked:
    """Tell whether recommendations are clicked more rarely than the trade's (``click_rate``, or the shop's benchmark).

    Test: the Wilson interval of the click rate, over customers as clusters, lies below it. False alarms: 2.5 % where
    the true rate is the benchmark.
    """
    if not has(shop, "events.product"):
        raise Unanswerable("needs product= of Events")
    wanted = shop.benchmarks.get("click_rate", click_rate)
    found = shop.conversion().recommendations
    (row,) = dicts(found)
    if row["click_rate"] is None or row["click_high"] is None:
        return Checked(0, [])
    spread = max((row["click_high"] - row["click_low"]) / (2 * 1.96), 1e-12)
    p = math.erfc(abs(wanted - row["click_rate"]) / spread / math.sqrt(2))
    if row["click_high"] >= wanted:
        return Checked(1, [])
    months = days_of(shop) / MONTH
    worth = money_per(shop, shop.steps[0])
    stake = None if worth is None else (wanted - row["click_rate"]) * row["shown"] / months * worth
    facts = {
        "n": row["shown"], "rate": row["click_rate"], "low": row["click_low"], "high": row["click_high"],
        "baseline": wanted, "recall": found.recall,
    }  # fmt: skip
    return Checked(1, [
        Finding(
            rule="imprecise_recommendations", section="conversion",
            **worded(f"imprecise_recommendations{'.unbought' if found.recall is None else ''}", facts), value=row["click_rate"], low=row["click_low"], high=row["click_high"],
            baseline=wanted, p_value=p, evidence=evidence_of([row]), money_at_stake=stake, pool="recommendations",
            test=two_proportions(row["click_rate"], wanted, "showings", row["shown"] / (days_of(shop) / 7)),
        ),
    ])  # fmt: skip
