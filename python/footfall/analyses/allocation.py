"""What is spent on groups of customers against what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from footfall.core.arguments import column_of_result
from footfall.core.checks import instance, shown
from footfall.core.columns import codes, table_of
from footfall.core.language import spoken
from footfall.core.rows import dicts
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    from footfall.data.orders import Orders
    from footfall.data.spend import Spend
    from footfall.result import Origin


def allocation(self: Orders, spend: Spend, by: Table) -> Allocation:
    """Set what is spent on groups of customers against what they bring.

    Spend that names customers goes to their group; spend that names segments goes to the group of that name. What is
    spent on no group (as that on new customers) is left out and counted in :attr:`Allocation.unassigned`. Both sides
    are those of the whole logs: call :meth:`between` on the orders, and give the spend of the same time.

    Parameters
    ----------
    spend : Spend
        What was paid, with the role ``customer`` or ``segment``.
    by : a column of a result
        The groups, as ``rfm["segment"]``.

    Returns
    -------
    Allocation
        One row per group.

    Examples
    --------
    >>> shop = ff.datasets.make_shop(2_000, seed=1)
    >>> orders = ff.Orders(shop.orders, customer="customer", time="time", amount="amount", order_id="order_id")
    >>> spend = ff.Spend(shop.spend, time="time", amount="amount", segment="segment")
    >>> tiers = orders.rfm(segments="tiers")
    >>> worth = orders.allocation(spend, tiers["segment"])
    >>> worth.column_names[:4]
    ['segment', 'customers', 'customer_share', 'sales']
    """
    from footfall.data.spend import Spend as Spending

    instance(spend, "spend=", "ff.Spend", Spending)
    if not isinstance(by, Table):
        raise TypeError(f'by={shown(by)}: give a column of a result, as in rfm["segment"]')
    _, name = column_of_result(by)
    of_spend = by if spend.names_customers else "segment"
    if not spend.names_customers and "segment" not in spend.roles:
        raise ValueError("the spend names neither customers nor segments: give customer= or segment= to Spend")
    rows, words = codes(by._native, name)  # noqa: SLF001 - a table of ours
    customers = {str(word): int((rows == code).sum()) for code, word in enumerate(words)}
    sales = _money(dicts(self.sales("year", by=by, compare=None)), name)
    paid = _money(dicts(spend.by_period("year", by=of_spend)), None)
    return Allocation(name, customers, sales, paid, self._origin)


def _money(rows: list[dict[str, Any]], name: str | None) -> dict[str | None, float]:
    sums: dict[str | None, float] = {}
    for row in rows:
        value = row[name] if name is not None else row[next(iter(row))]
        key = None if value is None else str(value)
        sums[key] = sums.get(key, 0.0) + (row["sales"] or 0.0)
    return sums


class Allocation(Result):
    """One row per group, those of most sales first.

    Columns: the group; ``customers`` and ``customer_share``; ``sales`` (money net of refunds) and ``sales_share``;
    ``spend`` and ``spend_share``; ``spend_per_customer``; ``sales_per_spend``; ``index`` (share of spend by share of
    sales: above 1 the group is given more than it brings).
    """

    def __init__(
        self,
        name: str,
        customers: dict[str, int],
        sales: dict[str | None, float],
        paid: dict[str | None, float],
        origin: Origin,
    ) -> None:
        groups = sorted(customers, key=lambda group: (-sales.get(group, 0.0), group))
        #: What was spent on none of the groups.
        self.unassigned = sum(money for group, money in paid.items() if group not in customers)
        people = [customers[group] for group in groups]
        brought, given = ([of.get(group, 0.0) for group in groups] for of in (sales, paid))
        shares = {
            column: [_ratio(value, sum(of)) for value in of]
            for column, of in (("customer_share", people), ("sales_share", brought), ("spend_share", given))
        }
        columns: dict[str, list[Any]] = {
            name: groups, "customers": people, "customer_share": shares["customer_share"], "sales": brought,
            "sales_share": shares["sales_share"], "spend": given, "spend_share": shares["spend_share"],
            "spend_per_customer": [_ratio(money, count) for money, count in zip(given, people, strict=True)],
            "sales_per_spend": [_ratio(money, cost) for money, cost in zip(brought, given, strict=True)],
            "index": [
                None if spent is None or not sold else spent / sold
                for spent, sold in zip(shares["spend_share"], shares["sales_share"], strict=True)
            ],
        }  # fmt: skip
        title = [f"Spend by {name} against what they bring, net of refunds"]
        if self.unassigned:
            title.append(f"  {self.unassigned:,.2f} was spent on none of them")
        super().__init__(table_of(columns), origin, title)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the share of spend of each group beside its shares of sales and of customers.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.allocation import plot_allocation

        return plot_allocation(self, spoken(language))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
