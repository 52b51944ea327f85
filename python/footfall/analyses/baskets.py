"""What is bought together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.checks import column, real, shown
from footfall.core.language import spoken
from footfall.result import Result

if TYPE_CHECKING:
    from footfall.data.orders import Orders
    from footfall.result import Origin


def baskets(
    self: Orders,
    *,
    level: str = "product",
    min_support: float = 0.001,
    unit: Literal["order", "customer"] = "order",
) -> Baskets:
    """Count pairs that are bought together: support, confidence and lift.

    Both stand in lines of one purchase, or in purchases of one customer (``unit="customer"``: of those who buy one
    category, who buys the other too, 关联率). An order that went back in full is none. All pairs are counted, exactly.

    Parameters
    ----------
    level : str
        The column that names what is bought: the role ``"product"`` or ``"category"``, or another column of the orders.
    min_support : float or int
        The share of orders (below 1) or the number of orders (a whole number) that a pair must stand in; with
        ``unit="customer"``, of customers.
    unit : {"order", "customer"}
        What a pair stands in; of guests no one knows which orders are of one customer, so that they are left out.

    Returns
    -------
    Baskets
        One row per pair, those in most orders first.

    Examples
    --------
    >>> import polars as pl
    >>> lines = {"who": [1, 1, 2, 2, 3], "order": [1, 1, 2, 2, 3], "what": ["tea", "cup", "cup", "tea", "tea"]}
    >>> lines = pl.DataFrame(lines).with_columns(day=pl.lit("2024-01-01"), paid=5.0)
    >>> orders = ff.Orders(lines, customer="who", time="day", amount="paid", order_id="order", product="what")
    >>> orders.baskets(min_support=2).table.select("item", "with", "orders", "confidence", "lift").rows()
    [('cup', 'tea', 2, 1.0, 1.0)]
    """
    wanted = "a share of orders from 0 to 1, as 0.001, or a whole number of orders from 1"
    if isinstance(min_support, int) and not isinstance(min_support, bool):
        if min_support < 1:
            raise ValueError(f"min_support={shown(min_support)}: give {wanted}")
        least = {"min_share": 0.0, "min_orders": min_support}
    else:
        share = real(min_support, "min_support", wanted, lambda share: 0 <= share < 1)
        least = {"min_share": share, "min_orders": 1}
    params = {"level": column(level, "level"), "unit": unit, "refunds": self._refunds, **least}
    return Baskets(_native.run(self._log, "baskets", params), self._origin, level, min_support, unit)


class Baskets(Result):
    """One row per pair of items, those in most orders first, of equal numbers by name.

    With ``unit="customer"`` read customers for orders, in the names of columns too.

    Columns: ``item`` and ``with`` (in the order of their names); ``orders`` that hold both, and ``support``, their
    share of the orders with an item; ``item_orders``, ``with_orders`` of each; ``confidence`` (of the orders with
    ``item``, the share that hold ``with``), ``confidence_back`` (the other way round); ``lift`` (how many times more
    orders hold both than would if they came independently) with its 95 % interval ``lift_low``, ``lift_high`` (of its
    logarithm, by the delta method).
    """

    def __init__(self, found: dict[str, Any], origin: Origin, level: str, least: float, unit: str) -> None:
        title = [f"{level.capitalize()} pairs of {found['orders']:,} {unit}s (per {unit}; at least {least:g} of them)"]
        super().__init__(found["table"], origin, title)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the lift of the thirty pairs in most orders, with its interval, on a logarithmic scale.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.baskets import plot_baskets

        return plot_baskets(self, spoken(language))
