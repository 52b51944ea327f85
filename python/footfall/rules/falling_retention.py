"""Fewer first buyers come back, cohort by cohort."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from footfall import _native
from footfall.analyses._cohort_trend import cochran_armitage
from footfall.core.columns import values
from footfall.core.rows import dicts
from footfall.data._shop_sections import has, tiers
from footfall.findings import Checked, Finding, rule, two_proportions
from footfall.rules._audience import members
from footfall.rules._money import MONTH, evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.table import Table


@rule("falling_retention", section="repurchase", needs=("orders",))
def falling_retention(shop: Shop, *, days: int = 90, least: float = 0.02) -> Checked:
    """Tell whether the share of first buyers who buy again within ``days`` falls from cohort to cohort.

    Test: Cochran-Armitage for a trend of proportions over monthly cohorts that were followed for so long, two-sided;
    told where the last third of the cohorts is at least ``least`` below the first. False alarms: 5 % by itself. Where it
    is not known since when customers are there (``registered=``), the cohorts of the first ``days`` days are left out:
    they hold those who bought before the data begin.
    """
    orders = shop.part("orders")
    kept = shop.shared(("kept", days), lambda: orders.retention("month", periods=[(1, days)]))
    since = _known_since(shop, days)
    rows = [row for row in dicts(kept) if row["customers"] is not None and row["cohort"] >= since]
    if len(rows) < 4:  # noqa: PLR2004 - fewer say nothing of a trend
        return Checked(0, [])
    trend = cochran_armitage([(row["cohort"].toordinal(), row["customers"], row["size"]) for row in rows])
    if trend is None:
        return Checked(0, [])
    _, z, p_value = trend
    third = len(rows) // 3 or 1
    (before, of_before), (after, of_after) = (
        (sum(row["customers"] for row in some), sum(row["size"] for row in some))
        for some in (rows[:third], rows[-third:])
    )
    was, now = before / of_before, after / of_after
    if z >= 0 or was - now < least:
        return Checked(1, [])
    low, high = _native.wilson(after, of_after) or (0.0, 1.0)
    new = of_after / third
    worth = sum(row["sales"] or 0.0 for row in rows) / max(sum(row["customers"] for row in rows), 1)
    return Checked(1, [
        Finding(
            rule="falling_retention", section="repurchase",
            **worded("falling_retention", {
                "days": days, "third": third, "rate": now, "low": low, "high": high, "baseline": was,
            }),
            value=now, low=low, high=high, baseline=was,
            p_value=p_value, evidence=evidence_of(rows, ["cohort", "size", "customers", "rate", "low", "high"]),
            money_at_stake=(was - now) * new * worth, pool="retention",
            audience=_once(shop, rows[-third]["cohort"]),
            test=two_proportions(now, was, "first buyers", new / (MONTH / 7)),
        ),
    ])  # fmt: skip


def _known_since(shop: Shop, days: int) -> dt.date:
    """Return the day from which a first order is a customer's first."""
    first: dt.datetime | None = shop.part("orders").quality.first
    if first is None or has(shop, "customers.registered"):
        return dt.date.min
    return first.date() + dt.timedelta(days=days)


def _once(shop: Shop, since: dt.date) -> Table:
    """Return those who first bought since a day, and not again."""
    import numpy as np

    rfm = tiers(shop)
    first = values(rfm.native, "first_order").astype("datetime64[us]")
    return members(rfm, (first >= np.datetime64(since)) & (values(rfm.native, "frequency") == 1))
