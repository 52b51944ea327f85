"""Sales that fell by few causes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from footfall.core.rows import dicts
from footfall.data._shop_profile import by_of
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule
from footfall.findings.registry import Unanswerable
from footfall.rules._money import MONTH, evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("sales_moved", section="sales", needs=("orders",))
def sales_moved(shop: Shop, *, days: int = 28, least: float = 0.01, most: int = 10) -> Checked:
    """Find the values of columns by which sales of the last ``days`` fell against as many days before.

    Test: the change of a value, and what it is beyond that of all sales, against another draw of customers, adjusted
    over all values (:meth:`Orders.contribution`); only what fell is told, the ``most`` largest,
    by at least ``least`` of the sales of a month. False alarms: 5 %.
    """
    orders = shop.part("orders")
    columns: list[Any] = [name for name in ("category", "payment") if has(shop, f"orders.{name}")]
    columns += by_of(shop, "region", "city", "channel", "level")
    if not columns or orders.end is None:
        raise Unanswerable("needs category= of Orders, or attributes of Customers")
    end = orders.end.date() if orders.end.time() == dt.time() else orders.end.date() + dt.timedelta(days=1)
    middle, start = end - dt.timedelta(days=days), end - dt.timedelta(days=2 * days)
    moved = orders.contribution((start, middle), (middle, end), columns=columns)
    whole = {(row["column"], row["value"]): row for row in dicts(moved)}
    found = list[Finding]()
    for row in dicts(moved.movers)[:-1]:
        if -row["moved"] * MONTH / days < max(least * (shop.monthly_sales or 0.0), 1e-9) or len(found) == most:
            continue
        cell = whole[row["column"], row["value"]]
        found.append(
            Finding(
                rule="sales_moved",
                section="sales",
                place={row["column"]: row["value"]},
                **worded(
                    "sales_moved",
                    {
                        "name": row["column"],
                        "value": str(row["value"]),
                        "was": cell["before"],
                        "now": cell["after"],
                        "days": days,
                        "change": row["change"],
                        "low": row["low"],
                        "high": row["high"],
                        "volume": cell["volume"],
                        "mix": cell["mix"],
                        "rate": cell["rate"],
                    },
                ),
                value=row["change"],
                low=row["low"],
                high=row["high"],
                baseline=0.0,
                p_value=cell["p_value"],
                evidence=evidence_of([cell]),
                money_at_stake=-row["moved"] * MONTH / days,
                pool=f"sales of {row['column']} {row['value']}",
            )
        )
    return Checked(sum(row["p_value"] is not None for row in dicts(moved)), found)
