"""What new customers cost, and when they have paid for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall.analyses._mann_kendall import mann_kendall
from footfall.analyses.attribution import RULES
from footfall.core.checks import column, instance, real, word
from footfall.core.columns import table_of
from footfall.core.language import spoken
from footfall.core.rows import dicts
from footfall.core.time_points import duration
from footfall.result import Result
from footfall.table import Table

if TYPE_CHECKING:
    import datetime as dt

    from footfall.analyses.attribution import Attribution
    from footfall.analyses.retention import Retention
    from footfall.data.customers import Customers
    from footfall.data.events import Events
    from footfall.data.orders import Orders
    from footfall.data.spend import Spend
    from footfall.result import Origin

# A name that no event has.
_BOUGHT = "a purchase of the orders"
Cells = dict[tuple[Any, Any], dict[str, Any]]


def acquisition(
    self: Orders,
    spend: Spend,
    *,
    by: str = "channel",
    period: Literal["week", "month", "quarter", "year"] = "month",
    customers: Customers | None = None,
    events: Events | None = None,
    rule: Literal["first", "last"] = "first",
    window: str = "30d",
    margin: float = 1.0,
) -> Acquisition:
    """Tell what a new customer costs by channel, whether that rises, and when the customer has paid for it.

    New customers are those whose first purchase falls in the period; the cost of one is what was paid in it for the
    channel by their number. Spend that names no channel (as that on customers whom the shop has) is left out and
    counted in :attr:`Acquisition.unassigned`. A payment stands for the whole of its period, so that only the orders
    say which periods are complete.

    Parameters
    ----------
    spend : Spend
        What was paid, with the column ``by``.
    by : str
        The column of the spend, and of the customers or the orders (then that of the first order's largest line).
    period : {"week", "month", "quarter", "year"}
        Calendar periods.
    customers : Customers, optional
        Who came by which channel, where the orders do not have it.
    events : Events, optional
        The visits of customers, where they have the column ``by``: then a customer's channel is that of the first or
        last visit within ``window`` before the first purchase, and :attr:`Acquisition.attributions` has five rules
        beside each other, as of :meth:`Events.attribution`.
    rule : {"first", "last"}
        Which visit it is.
    window : str
        How long before the first purchase a visit may have begun.
    margin : float
        The share of money that is left after the cost of goods, above 0 and up to 1.

    Returns
    -------
    Acquisition
        One row per channel and period.

    Examples
    --------
    >>> shop = ff.datasets.make_shop(2_000, seed=1)
    >>> orders = ff.Orders(shop.orders, customer="customer", time="time", amount="amount", order_id="order_id")
    >>> spend = ff.Spend(shop.spend, time="time", amount="amount", channel="channel")
    >>> people = ff.Customers(shop.customers, customer="customer", channel="channel")
    >>> cost = orders.acquisition(spend, customers=people, margin=0.4)
    >>> cost.channels.column_names[:4]
    ['channel', 'spend', 'new_customers', 'cac']
    """
    from footfall.data.events import Events as EventLog
    from footfall.data.spend import Spend as Spending

    instance(spend, "acquisition()", "ff.Spend", Spending)
    share = real(margin, "margin", "a share above 0 and up to 1", lambda share: 0 < share <= 1)
    orders = self if customers is None else self.with_customers(customers)
    complete = {row["period"]: row["complete"] for row in dicts(orders.sales(period, compare=None))}
    paid = dicts(spend.by_period(period, by=by))
    duration(window, "window")
    if events is None:
        kept = orders.retention(period, by=column(by, "by"))
        return Acquisition(kept, paid, complete, by=by, margin=share, origin=self._origin)
    if customers is not None:
        raise ValueError("the channel of a customer is that of customers= or of events=: give one of them")
    instance(events, "events=", "ff.Events", EventLog)
    word(rule, "rule", ["first", "last"])
    both = EventLog.concat([events, self._purchases(_BOUGHT)])
    found = both.attribution(_BOUGHT, by, window=window, conversions="first")
    kept = orders.retention(period, by=found.customers[rule])
    whole = [period for period, known in complete.items() if known]
    later = [period for period in complete if whole and period > whole[-1]]
    counted = both.between(whole[0], later[0] if later else None) if whole else both
    credit = counted.attribution(_BOUGHT, by, window=window, conversions="first")
    return Acquisition(kept, paid, complete, by=by, margin=share, origin=self._origin, credit=credit)


class Acquisition(Result):
    """One row per channel and period, in that order.

    Columns: the channel; ``period``; ``complete``; ``spend`` (what was paid); ``new_customers`` (first purchases);
    ``cac`` (spend by new customer), null where there is none.
    """

    def __init__(
        self,
        kept: Retention,
        paid: list[dict[str, Any]],
        complete: dict[dt.date, bool],
        *,
        by: str,
        margin: float,
        origin: Origin,
        credit: Attribution | None = None,
    ) -> None:
        key = kept.column_names[0]
        name = key if credit is None else by
        spent = {(row[next(iter(row))], row["period"]): row["sales"] for row in paid}
        new = {(row[key], row["cohort"]): row["size"] for row in dicts(kept) if row["period"] == 0}
        #: What was paid for no channel.
        self.unassigned: float = sum(money or 0.0 for (channel, _), money in spent.items() if channel is None)
        keys = sorted({key for key in [*spent, *new] if key[0] is not None}, key=lambda key: (str(key[0]), key[1]))
        self._cells: Cells = {
            key: {
                "complete": complete.get(key[1], False), "spend": spent.get(key, 0.0) or 0.0, "new": new.get(key, 0),
            }
            for key in keys
        }  # fmt: skip
        columns = {
            name: [channel for channel, _ in keys],
            "period": [period for _, period in keys],
            "complete": [cell["complete"] for cell in self._cells.values()],
            "spend": [cell["spend"] for cell in self._cells.values()],
            "new_customers": [cell["new"] for cell in self._cells.values()],
            "cac": [_cost(cell["spend"], cell["new"]) for cell in self._cells.values()],
        }
        title = [f"Acquisition by {by}, per new customer (first purchase), margin {margin:.0%}"]
        if self.unassigned:
            title.append(f"  {self.unassigned:,.2f} was paid for none")
        super().__init__(table_of(columns), origin, title)
        self._kept, self._margin, self._name, self._key = kept, margin, name, key
        self._credit = credit

    @cached_property
    def value(self) -> Table:
        """One row per channel and period after the first purchase: ``value``, the margin per new customer so far.

        Pooled over the cohorts of which it is known, as :attr:`Retention.average`.
        """
        rows = [
            (channel, age, value * self._margin)
            for channel, age, value in self._values()
            if channel is not None and value is not None
        ]
        columns = {self._name: [row[0] for row in rows], "period": [row[1] for row in rows]}
        return Table(table_of({**columns, "value": [row[2] for row in rows]}), self._library)

    @cached_property
    def channels(self) -> Table:
        """One row per channel, over complete periods alone.

        Columns: the channel; ``spend``, ``new_customers``, ``cac``; ``trend`` of the cost from period to period:
        "rising", "falling" or "flat" by the Mann-Kendall test at 5 % ("unknown" with fewer than four costs),
        ``change_per_period`` (Theil-Sen slope of its logarithm, as a share) and ``p_value``; ``value`` (margin per
        new customer over as many ``periods_known`` as are known), ``value_to_cost``; ``payback_periods``: the first
        period after the first purchase (0 is its own) by whose end the margin has paid for the cost, null where it
        has not yet.
        """
        rows = [self._channel(channel) for channel in dict.fromkeys(channel for channel, _ in self._cells)]
        return Table(table_of({name: [row[name] for row in rows] for name in rows[0]} if rows else {}), self._library)

    @cached_property
    def attributions(self) -> Table:
        """One row per channel, over complete periods alone: new customers and their cost by five rules.

        Columns: the channel; ``spend``; new customers by rule, ``first``, ``last``, ``linear``, ``position``,
        ``time_decay``; the cost of one by rule, ``first_cac`` and so on. It needs ``events=``.
        """
        if self._credit is None:
            raise ValueError("five rules need the visits: type orders.acquisition(spend, events=events, by=...)")
        paid: dict[Any, float] = {}
        for (channel, _), cell in self._cells.items():
            paid[channel] = paid.get(channel, 0.0) + (cell["spend"] if cell["complete"] else 0.0)
        rows = {row[next(iter(row))]: row for row in dicts(self._credit)}
        channels = sorted((channel for channel in {*paid, *rows} if channel is not None), key=str)
        columns: dict[str, list[Any]] = {self._name: channels, "spend": [paid.get(one, 0.0) for one in channels]}
        for rule in RULES:
            columns[rule] = [rows[one][rule] if one in rows else 0.0 for one in channels]
        for rule in RULES:
            costs = zip(columns["spend"], columns[rule], strict=True)
            columns[f"{rule}_cac"] = [_cost(spend, new) for spend, new in costs]
        return Table(table_of(columns), self._library)

    def plot(self, *, language: str | None = None) -> Any:
        """Draw the cost of a new customer by period, and the margin of one so far against it.

        Returns
        -------
        altair.Chart
        """
        from footfall.charts.acquisition import plot_acquisition

        return plot_acquisition(self, self.value, self.channels, spoken(language))

    def _values(self) -> list[tuple[Any, int, float | None]]:
        average = self._kept.average
        names = average.column_names
        at = [names.index(name) for name in (self._key, "period", "value")]
        return [(row[at[0]], row[at[1]], row[at[2]]) for row in average.rows()]

    def _channel(self, channel: Any) -> dict[str, Any]:
        cells = [cell for (one, _), cell in self._cells.items() if one == channel and cell["complete"]]
        spend, new = sum(cell["spend"] for cell in cells), sum(cell["new"] for cell in cells)
        cost = _cost(spend, new)
        costs = [cell["spend"] / cell["new"] for cell in cells if cell["new"] and cell["spend"] > 0]
        trend, change, p = mann_kendall(costs)
        values = [value * self._margin for one, _, value in self._values() if one == channel and value is not None]
        last = values[-1] if values else None
        paid = None if cost is None else next((age for age, value in enumerate(values) if value >= cost), None)
        return {
            self._name: channel, "spend": spend, "new_customers": new, "cac": cost, "trend": trend,
            "change_per_period": change, "p_value": p, "value": last, "periods_known": len(values),
            "value_to_cost": last / cost if last is not None and cost else None, "payback_periods": paid,
        }  # fmt: skip


def _cost(spend: float, new: float) -> float | None:
    return spend / new if new else None
