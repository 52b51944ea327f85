"""The cost of a new customer rises."""

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


@rule("rising_acquisition_cost", section="cost", needs=("orders", "spend"))
def rising_acquisition_cost(shop: Shop, *, by: str = "channel", least: float = 0.01) -> Checked:
    """Find channels whose cost per new customer rises from month to month.

    Test: Mann-Kendall on the complete months of each channel (at least four), two-sided; told where it rises by at
    least ``least`` a month (Theil-Sen, of the logarithm). By itself a channel raises a false alarm in 5 % of shops.
    """
    if by not in shop.part("spend").roles or not (has(shop, f"customers.{by}") or has(shop, f"orders.{by}")):
        raise Unanswerable(f"needs {by}= of Spend, and of Customers or Orders")
    cost = shop.shared(
        ("acquisition", by), lambda: shop.part("orders").acquisition(shop.spend, by=by, margin=shop.margin)
    )
    rows = dicts(cost)
    channels = [row for row in dicts(cost.channels) if row["p_value"] is not None]
    found = []
    for row in channels:
        name = next(iter(row))
        if row["trend"] != "rising" or (row["change_per_period"] or 0.0) < least:
            continue
        months = [one for one in rows if one[name] == row[name] and one["complete"] and one["new_customers"]]
        third = max(len(months) // 3, 1)
        first, last = _cost(months[:third]), _cost(months[-third:])
        new = sum(one["new_customers"] for one in months[-third:]) / third
        found.append(
            Finding(
                rule="rising_acquisition_cost",
                section="cost",
                place={by: str(row[name])},
                **worded(
                    "rising_acquisition_cost",
                    {"channel": str(row[name]), "rise": row["change_per_period"], "baseline": first, "cost": last},
                ),
                value=last,
                baseline=first,
                p_value=row["p_value"],
                evidence=evidence_of(months),
                money_at_stake=max((last - first) * new, 0.0),
                pool=f"spend on {row[name]}",
            )
        )
    return Checked(len(channels), found)


def _cost(months: list[dict[str, float]]) -> float:
    return sum(one["spend"] for one in months) / sum(one["new_customers"] for one in months)
