"""A category, payment or channel whose orders come back more often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.rows import dicts
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule
from footfall.findings.registry import Unanswerable
from footfall.rules._money import MONTH, days_of, evidence_of
from footfall.rules._shares import short_of_rest
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop


@rule("many_refunds", section="sales", needs=("orders",))
def many_refunds(shop: Shop, *, least: float = 100) -> Checked:
    """Find categories, payments and channels of which more orders were refunded in full than of the others.

    Test: two proportions of the orders that were kept, against all other values; values of at least ``least`` orders.
    False alarms: 5 % over all values.
    """
    orders = shop.part("orders")
    known = [name for name in ("category", "payment") if has(shop, f"orders.{name}")]
    known += [name for name in ("channel",) if has(shop, f"customers.{name}")]
    if not known:
        raise Unanswerable("needs category= or payment= of Orders, or channel= of Customers")
    tests, found = 0, []
    for name in known:
        paid: dict[Any, list[float]] = {}
        kept: dict[Any, list[float]] = {}
        measures: list[tuple[Literal["paid", "net"], dict[Any, list[float]]]] = [("paid", paid), ("net", kept)]
        for measure, to in measures:
            for row in dicts(orders.sales("year", by=name, measure=measure, compare=None)):
                value = row[next(iter(row))]
                cell = to.setdefault(value, [0, 0.0])
                cell[0] += row["orders"]
                cell[1] += row["sales"] or 0.0
        cells = [((value,), float(cell[0]), float(kept.get(value, [0])[0])) for value, cell in paid.items()]
        tested, groups = short_of_rest([name], cells, least=least)
        tests += tested
        rows = [
            {name: value, "orders": cell[0], "refunded": cell[0] - kept.get(value, [0])[0]}
            for value, cell in paid.items()
        ]
        for group in groups:
            value = group.place[name]
            low, high = _native.wilson(int(group.units - group.successes), int(group.units)) or (0.0, 1.0)
            mean = next(cell[1] / cell[0] for key, cell in paid.items() if str(key) == value)
            rate, baseline = 1 - group.rate, 1 - group.baseline
            found.append(
                Finding(
                    rule="many_refunds",
                    section="sales",
                    place=group.place,
                    **worded(
                        "many_refunds",
                        {
                            "name": name,
                            "value": value,
                            "n": int(group.units),
                            "rate": rate,
                            "low": low,
                            "high": high,
                            "baseline": baseline,
                        },
                    ),
                    value=rate,
                    low=low,
                    high=high,
                    baseline=baseline,
                    p_value=group.p_value,
                    evidence=evidence_of(rows),
                    pool="refunds",
                    money_at_stake=(rate - baseline) * group.units / days_of(shop) * MONTH * mean,
                )
            )
    return Checked(tests, found)
