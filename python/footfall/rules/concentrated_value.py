"""Value concentrated in few customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.data._shop_sections import tiers
from footfall.findings import Checked, Finding, rule
from footfall.rules._money import evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("concentrated_value", section="value", needs=("orders",), rate=0.0)
def concentrated_value(shop: Shop, *, top_share: float = 0.8, least: int = 100) -> Checked:
    """Tell where the top fifth of the buyers bring ``top_share`` of the revenue or more.

    No test: it is counted. With fewer than ``least`` buyers it says nothing.
    """
    rfm = tiers(shop)
    share = rfm.concentration.top_20
    if rfm.num_rows < least or share is None or share < top_share:
        return Checked(0, [])
    monthly = shop.monthly_sales
    return Checked(0, [
        Finding(
            rule="concentrated_value", section="value",
            **worded("concentrated_value", {"rate": share, "gini": rfm.concentration.gini}), value=share, baseline=top_share,
            evidence=evidence_of([{"gini": rfm.concentration.gini, "top_20_share": share}]),
            money_at_stake=None if monthly is None else (share - top_share) * monthly, pool="concentration",
            audience=rfm.customers("loyal_high_value"),
        ),
    ])  # fmt: skip
