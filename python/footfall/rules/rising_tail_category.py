"""A category that rises from the long tail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule
from footfall.findings.registry import Unanswerable
from footfall.rules._money import evidence_of

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("rising_tail_category", section="sales", needs=("orders",))
def rising_tail_category(shop: Shop) -> Checked:
    """Find categories of the long tail whose share of orders rises: a chance, not a fault.

    Test: the trend of the share of orders over whole months (rate ratio), two-sided, as of :meth:`Orders.categories`.
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
            title=f"{row[next(iter(row))]} rises from the long tail",
            statement=f"The odds that an order holds {row[next(iter(row))]} are {row['trend']:.1f} times those at the start "
            f"({row['trend_low']:.1f} to {row['trend_high']:.1f}); it has {row['share']:.1%} of the sales.",
            metric="odds of an order, end over start", value=row["trend"], low=row["trend_low"], high=row["trend_high"],
            baseline=1.0, p_value=row["p_value"], evidence=evidence_of([row]),
            money_at_stake=(row["share"] or 0.0) * monthly * (1 - 1 / row["trend"]), pool=f"category {row[next(iter(row))]}",
            money_formula="share of sales x sales a month x (1 - 1 / rise): what the rise brings, and its stalling would cost",
            action="Give it room: stock, a place on the first page, ads; look at who buys it (categories(by=...)).",
            watch="share of orders that hold it, by month",
        )
        for row in rows
        if row["rising_tail"]
    ]  # fmt: skip
    return Checked(len(tested), found)
