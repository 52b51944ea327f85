"""What a month has of a shop: days, and the money of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.columns import table_of
from footfall.core.rows import dicts
from footfall.data._shop_periods import covered
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.data.shop import Shop

MONTH = 30.4375


def days_of(shop: Shop) -> float:
    """Days that the events (else the orders) of a shop cover."""
    return covered((shop.events or shop.orders)._log)  # type: ignore[union-attr]  # noqa: SLF001


def money_per(shop: Shop, step: str) -> float | None:
    """Money that one more customer at a step brings: the money of a payment by the chance of coming from here to it."""
    if shop.events is None:
        return None
    funnel = shop.shared("money funnel", lambda: shop.part("events").funnel(shop.steps, window="7d"))
    rows = {row["name"]: row["reached"] for row in dicts(funnel)}
    paid = shop.shared("money of a payment", lambda: _mean_payment(shop))
    if not rows.get(step) or paid is None:
        return None
    return float(paid * rows[shop.steps[-1]] / rows[step])


def per_cart(shop: Shop) -> tuple[float | None, str]:
    """Return the money of a cart that is left, and in words what it is: that of its events, else of a payment."""
    (whole,) = dicts(shop.abandonment().carts)
    if whole.get("money_left") and whole["abandoned"]:
        return whole["money_left"] / whole["abandoned"], "money of a cart that is left"
    return shop.shared("money of a payment", lambda: _mean_payment(shop)), "money of an order"


def _mean_payment(shop: Shop) -> float | None:
    """Return the money of a payment, net of refunds; refunds of a part count as one more, so that it is rather too low."""
    if shop.orders is None or shop.monthly_sales is None:
        return None
    rows = dicts(shop.shared("months", lambda: shop.part("orders").sales("month")))
    payments = sum(row["orders"] for row in rows) + shop.orders.quality.refund_orders
    return sum(row["sales"] or 0.0 for row in rows) / payments if payments else None


def evidence_of(rows: list[dict[str, Any]], names: list[str] | None = None) -> Table:
    """Return rows as a table of evidence."""
    columns = names or (list(rows[0]) if rows else [])
    return Table(table_of({name: [row[name] for row in rows] for name in columns}), None)


def cart_pool(shop: Shop) -> str:
    """Return whose money that of carts is too: what is left in them is missing at the step after."""
    return f"step {shop.steps[2]}" if len(shop.steps) > 2 else "carts"  # noqa: PLR2004 - the cart is the second
