"""Value concentrated in few customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.data._shop_sections import tiers
from footfall.findings import Checked, Finding, rule
from footfall.rules._money import evidence_of

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
            rule="concentrated_value", section="value", title="Few customers carry the shop",
            statement=f"The top fifth of the buyers bring {share:.0%} of the revenue (Gini {rfm.concentration.gini:.2f}).",
            metric="revenue share of the top 20 %", value=share, baseline=top_share,
            evidence=evidence_of([{"gini": rfm.concentration.gini, "top_20_share": share}]),
            money_at_stake=None if monthly is None else (share - top_share) * monthly, pool="concentration",
            money_formula="(share of the top fifth - threshold) x sales a month",
            audience=rfm.customers("loyal_high_value"),
            action="Know them by name: service of their own, early access; and widen the base (second orders of the "
            "promising).",
            watch="revenue share of the top fifth",
        ),
    ])  # fmt: skip
