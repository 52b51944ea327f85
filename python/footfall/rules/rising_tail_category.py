"""A category that rises from the long tail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule
from footfall.findings.registry import Unanswerable
from footfall.rules._money import evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("rising_tail_category", section="sales", needs=("orders",))
def rising_tail_category(shop: Shop, *, least: float = 0.005, most: int = 5) -> Checked:
    """Find categories of the long tail whose share of orders rises: a chance, not a fault.

    Test: the trend of the share of orders over whole months (rate ratio), two-sided, as of :meth:`Orders.categories`;
    told, the ``most`` of most money, where it has at least ``least`` of the sales: of thousands of products many rise.
    The stake is what the category has gained since the first third of the months.
    """
    if not has(shop, "orders.category"):
        raise Unanswerable("needs category= of Orders")
    rows = dicts(shop.sales().categories)
    tested = [row for row in rows if row["trend"] is not None]
    monthly = shop.monthly_sales or 0.0
    found = [
        Finding(
            rule="rising_tail_category", section="sales", place={"category": str(row[next(iter(row))])},
            **worded("rising_tail_category", {
                "category": str(row[next(iter(row))]), "rise": row["trend"], "low": row["trend_low"],
                "high": row["trend_high"], "share": row["share"],
            }),
            value=row["trend"], low=row["trend_low"], high=row["trend_high"],
            baseline=1.0, p_value=row["p_value"], evidence=evidence_of([row]),
            money_at_stake=(row["share"] or 0.0) * monthly * (1 - 1 / row["trend"]), pool=f"category {row[next(iter(row))]}",
        )
        for row in rows
        if row["rising_tail"] and (row["share"] or 0.0) >= least
    ][:most]  # fmt: skip
    return Checked(len(tested), found)
