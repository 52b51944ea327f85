"""The best tier loses more customers than it wins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import moves
from footfall.findings import Checked, Finding, rule
from footfall.rules._audience import members, where
from footfall.rules._money import evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.result import PerCustomer
    from footfall.table import Table


@rule("shrinking_tier", section="value", needs=("orders",))
def shrinking_tier(shop: Shop, *, tier: str = "loyal_high_value", lookback: int = 180, least: int = 50) -> Checked:
    """Tell whether more customers left a tier than came to it, between two dates half of ``lookback`` days apart.

    Test: of those who changed, whether leaving is as likely as coming (sign test, McNemar), two-sided; both dates with
    the same lookback and the edges of the earlier. At least ``least`` customers must have changed. False alarms: 5 %.
    """
    before, moved = shop.shared(("moves", lookback), lambda: moves(shop, lookback))
    rows = [(row[0], row[1], row[2]) for row in moved.rows()]
    left = sum(count for of, to, count in rows if of == tier != to)
    came = sum(count for of, to, count in rows if to == tier != of)
    if left + came < least:
        return Checked(0, [])
    z = (left - came) / math.sqrt(left + came)
    if left <= came:
        return Checked(1, [])
    monthly = shop.monthly_sales or 0.0
    had = sum(count for of, _, count in rows if of == tier)
    share = next((row["revenue_share"] for row in dicts(before.segments) if row["segment"] == tier), None)
    return Checked(1, [
        Finding(
            rule="shrinking_tier", section="value", place={"segment": tier},
            **worded("shrinking_tier", {
                "tier": tier, "days": lookback // 2, "left": left, "came": came, "had": had,
            }),
            value=float(left - came), baseline=0.0,
            p_value=math.erfc(z / math.sqrt(2)),
            evidence=evidence_of([{"from": of, "to": to, "customers": count} for of, to, count in rows if tier in (of, to)]),
            money_at_stake=None if not had or share is None else (left - came) / had * monthly * share, pool="tiers",
            audience=_gone(moved.customers, tier),
        ),
    ])  # fmt: skip


def _gone(moved: PerCustomer, tier: str) -> Table:
    """Return those who left a tier."""
    return members(moved, where(moved, {"from": tier}) & ~where(moved, {"to": tier}))
