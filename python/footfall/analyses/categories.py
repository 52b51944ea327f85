"""What is bought: categories and products."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.arguments import resolve_group_by
from footfall.core.checks import column
from footfall.core.language import spoken
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.orders import Orders
    from footfall.result import Origin


def categories(
    self: Orders,
    *,
    level: str = "category",
    by: str | Table | Sequence[str | Table] | None = None,
    period: Literal["day", "week", "month", "quarter", "year"] = "month",
) -> Categories:
    """Tell what is bought: sales, buyers and orders of each category, what rises from the tail, and who prefers what.

    Each line counts under its own category, refunds too, at their own time; whether it is part of a purchase is
    decided on the whole order. Orders and buyers of a category are those with a line of it.

    Parameters
    ----------
    level : str
        The column that names what is bought: the role ``"category"`` or ``"product"``, or another column of the orders.
    by : str, a column of a result, or a list of them, optional
        An attribute of the customers, or a column of the orders as the **first order** has it: the same for each group,
        and :attr:`Categories.preference`.
    period : {"day", "week", "month", "quarter", "year"}
        The calendar periods over which growth and trend are told; whole ones alone.

    Returns
    -------
    Categories
        One row per group and category, those of most money first.

    Examples
    --------
    >>> import polars as pl
    >>> days = ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-03"]
    >>> kinds = {"kind": ["tea", "cups", "tea", "pots"], "paid": [80.0, 5.0, 10.0, 5.0]}
    >>> lines = pl.DataFrame({"who": [1, 1, 2, 3], "day": days, "order": [1, 1, 2, 3], **kinds})
    >>> orders = ff.Orders(lines, customer="who", time="day", amount="paid", order_id="order", category="kind")
    >>> found = orders.categories().table
    >>> found.select("kind", "sales", "cumulative_share", "part", "buyers", "first_purchases").rows()
    [('tea', 90.0, 0.9, 'head', 2, 2), ('cups', 5.0, 0.95, 'body', 1, 0), ('pots', 5.0, 1.0, 'tail', 1, 1)]
    """
    log, groups = resolve_group_by(self._log, by)
    params = {"level": column(level, "level"), "period": period, "by": groups, "refunds": self._refunds}
    found = _native.run(log, "categories", params)
    return Categories(found, self._origin, level, period, [name for _, name in groups])


class Categories(Result):
    """One row per group and category, in each group those of most money first, of equal money by name.

    Columns: the values of ``by``; the category; ``sales`` (net of refunds), ``share`` of all money and
    ``cumulative_share``; ``part``: "head" up to the one with which the first 80 % of money are reached, "body" to 95
    %, then "tail" (what brought nothing too); ``buyers``, ``orders``, with a quantity ``items``; ``sales_per_buyer``
    (where there are no guests), ``sales_per_order``; ``first_purchases`` (customers whose first purchase had it as
    its largest line); ``growth`` of money in the last whole period against the one before; ``began_as``: the part it
    was in the first half of the whole periods; ``trend``: the odds of an order with it among all orders, in the last
    whole period over those in the first, by a logistic regression on time, with its 95 % interval ``trend_low``,
    ``trend_high`` (widened by what periods differ more than chance), ``p_value`` and ``p_adjusted`` (Benjamini-Hochberg
    over all rows); ``rising_tail``: began as tail and rises, at 5 %. Trends need four whole periods; money is null
    where that of an order could not be shared.
    """

    def __init__(self, found: dict[str, Any], origin: Origin, level: str, period: str, by: list[str]) -> None:
        groups = f" by {' and '.join(by)}" if by else ""
        super().__init__(found["table"], origin, [f"Sales of each {level}{groups}, net of refunds; trends by {period}"])
        self._found = found
        self._by = self.column_names[: len(by)]

    @property
    def preference(self) -> Table:
        """One row per category and group: whether its buyers buy the category more than others do.

        Columns: the category; the values of ``by``; ``buyers`` (of the group, who bought it), ``group_buyers``;
        ``rate`` with its Wilson 95 % interval ``low``, ``high``; ``lift`` (by the rate of all buyers), ``tgi`` (100 ×
        lift); ``residual`` (Haberman's adjusted residual, normal where there is no difference), ``p_adjusted``
        (Benjamini-Hochberg over all rows); ``cramers_v`` of the category and the groups.
        """
        if not self._by:
            raise ValueError('preference compares groups: type by= in categories(), as in by="region"')
        return Table(self._found["preference"], self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the money of the largest thirty, and how their share of orders moved; with ``by`` of all groups.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.categories import plot_categories

        return plot_categories(self, self._by, self.column_names[len(self._by)], spoken(language))
