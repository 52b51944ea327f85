"""A market that grows faster than the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.core.rows import dicts
from footfall.data._shop_sections import has
from footfall.findings import Checked, Finding, rule
from footfall.findings.registry import Unanswerable
from footfall.result import Origin, PerCustomer
from footfall.rules._audience import members, where
from footfall.rules._money import MONTH, days_of, evidence_of
from footfall.rules._words import worded

if TYPE_CHECKING:
    from footfall.data.shop import Shop
    from footfall.table import Table


@rule("growing_market", section="customers", needs=("customers",))
def growing_market(shop: Shop, *, least: float = 0.03) -> Checked:
    """Find regions and tiers of cities whose share of registrations grows: a chance, not a fault.

    Test: Cochran-Armitage over whole months of registration, each value against all others, two-sided; told where the
    share grows by at least ``least`` a year.
    """
    known = [name for name in ("region", "city") if has(shop, f"customers.{name}")]
    if not known or not has(shop, "customers.registered"):
        raise Unanswerable("needs registered=, and region= or city= of Customers")
    tests, found = 0, []
    for name in known:
        rows = dicts(getattr(shop.profile(), name))
        tested = [row for row in rows if row.get("p_value") is not None]
        tests += len(tested)
        for row in tested:
            if row["growth"] < least or row[name] is None:
                continue
            sales = row.get("sales")
            found.append(
                Finding(
                    rule="growing_market",
                    section="customers",
                    place={name: str(row[name])},
                    **worded(
                        "growing_market",
                        {"market": str(row[name]), "share": row["share"], "growth": row["growth"]},
                    ),
                    value=row["growth"],
                    baseline=0.0,
                    p_value=row["p_value"],
                    evidence=evidence_of(rows),
                    money_at_stake=None if sales is None else sales / days_of(shop) * MONTH * row["growth"],
                    pool=f"market {row[name]}",
                    audience=_of(shop, name, str(row[name])),
                )
            )
    return Checked(tests, found)


def _of(shop: Shop, name: str, value: str) -> Table:
    """Return the customers of a market."""
    known = PerCustomer(shop.part("customers")._table.attribute(name), Origin(None, lambda: None), [])  # noqa: SLF001
    return members(known, where(known, {name: value}))
