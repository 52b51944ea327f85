"""Spend on groups of customers that is out of line with what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import tiers
from footfall.findings import Checked, Finding, rule
from footfall.findings.registry import Unanswerable
from footfall.rules._money import MONTH, days_of, evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("spend_by_tier", section="cost", needs=("orders", "spend"), rate=0.0)
def spend_by_tier(shop: Shop, *, points: float = 0.25, index: float = 2.0) -> Checked:
    """Find tiers that are given more of the spend than they bring of the sales.

    No test: both are counted. Told where the share of spend is ``index`` times that of sales or more, and at least
    ``points`` above it.
    """
    spend = shop.part("spend")
    if not spend.names_customers and "segment" not in spend.roles:
        raise Unanswerable("needs customer= or segment= of Spend")
    worth = shop.shared("allocation", lambda: shop.part("orders").allocation(spend, tiers(shop)["segment"]))
    rows = dicts(worth)
    given = sum(row["spend"] for row in rows)
    found = []
    for row in rows:
        over = (row["spend_share"] or 0.0) - (row["sales_share"] or 0.0)
        if row["index"] is None or row["index"] < index or over < points:
            continue
        found.append(
            Finding(
                rule="spend_by_tier",
                section="cost",
                place={"segment": row["segment"]},
                **worded(
                    "spend_by_tier",
                    {"tier": row["segment"], "rate": row["spend_share"], "baseline": row["sales_share"]},
                ),
                value=row["spend_share"],
                baseline=row["sales_share"],
                evidence=evidence_of(rows),
                money_at_stake=over * given / days_of(shop) * MONTH,
                pool="spend on tiers",
                audience=tiers(shop).customers(row["segment"]),
            )
        )
    return Checked(0, found)
