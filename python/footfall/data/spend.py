"""Spend: what a shop pays to win and keep customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.core.checks import column
from footfall.data._order_options import OrderOptions
from footfall.data.orders import Orders
from footfall.io.source import give_back, open_source
from footfall.io.table import FileOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.analyses.sales import Sales
    from footfall.core.quality import Quality
    from footfall.table import Table


class Spend:
    """What a shop pays to win and keep customers: dated amounts, by channel where they are known.

    Parameters
    ----------
    source
        As for :class:`footfall.Orders`.
    time, amount : str
        The columns of when and how much; amounts below zero are credits.
    channel, segment, customer : str, optional
        The columns that say what it was paid for: a channel that wins customers, a segment of customers, a customer.
    timezone, nulls, time_format, time_unit, encoding, delimiter, decimal, null_values, sheet, bad_lines
        As for :class:`footfall.Orders`.
    **others : str
        Any further column by a name of your choice.

    Examples
    --------
    >>> import polars as pl
    >>> paid = pl.DataFrame({"month": ["2024-01-01", "2024-01-01"], "cost": [500.0, 80.0], "where": ["ads", "mail"]})
    >>> spend = ff.Spend(paid, time="month", amount="cost", channel="where")
    >>> spend.by_period("month", by="channel").rows()[0][:4]
    ('ads', datetime.date(2024, 1, 1), False, 500.0)
    """

    def __init__(
        self,
        source: Any,
        /,
        *,
        time: str,
        amount: str,
        channel: str | None = None,
        segment: str | None = None,
        customer: str | None = None,
        timezone: str | None = None,
        nulls: Literal["drop", "raise"] = "drop",
        time_format: str | None = None,
        time_unit: Literal["s", "ms", "us", "ns"] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        decimal: Literal[".", ","] | None = None,
        null_values: Sequence[str] = (),
        sheet: str | None = None,
        bad_lines: Literal["error", "count"] = "error",
        **others: str,
    ) -> None:
        given: dict[str, Any] = {
            "time": column(time, "time"), "amount": column(amount, "amount"), "channel": channel, "segment": segment,
            "customer": customer, "timezone": timezone, "time_format": time_format, "time_unit": time_unit,
            "decimal": decimal, **others,
        }  # fmt: skip
        given = {name: value for name, value in given.items() if value is not None}
        given |= {"nulls": nulls, "null_values": null_values}
        table = open_source(source, FileOptions(encoding, delimiter, sheet, bad_lines))
        # Money that is paid for no customer is kept as orders of nobody are.
        options = OrderOptions(given, {"no_buyer": customer is None})
        log = _native.Log(table.read(options.roles()), options.params(table.names))
        give_back()
        #: The roles that were given.
        self.roles: tuple[str, ...] = tuple(given)
        self._orders = object.__new__(Orders)
        self._orders._set(log, table.library, "net")  # noqa: SLF001 - the same log, under another noun
        self._orders._notes = table.notes  # noqa: SLF001

    @property
    def names_customers(self) -> bool:
        """Whether payments name the customers that they were made for."""
        return "customer" in self.roles

    @property
    def quality(self) -> Quality:
        """What became of every row; amounts stand as money."""
        return self._orders.quality

    def between(self, start: Any = None, end: Any = None) -> Spend:
        """Count the payments of a period, as of :meth:`Orders.between`."""
        made = object.__new__(Spend)
        made.roles, made._orders = self.roles, self._orders.between(start, end)
        return made

    def by_period(
        self, period: Literal["day", "week", "month", "quarter", "year"] = "month", *, by: str | Table | None = None
    ) -> Sales:
        """Add up what was paid, by calendar period and by a column.

        Returns
        -------
        Sales
            As of :meth:`Orders.sales`: ``sales`` is what was paid, ``orders`` the number of payments.
        """
        return self._orders.sales(period, by=by, compare=None)

    def __repr__(self) -> str:
        return "Spend\n" + "\n".join("  " + line for line in self.quality.lines())
