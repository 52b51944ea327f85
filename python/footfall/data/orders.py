"""Orders: what customers bought."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._errors import DataError
from footfall.analyses.lifetime import lifetime
from footfall.analyses.rfm import rfm
from footfall.analyses.sales import sales
from footfall.core.arguments import check_roles, statuses, warn_unknown_status
from footfall.core.options import memory
from footfall.core.quality import Quality
from footfall.core.time_points import moment
from footfall.data._attributes import CustomerAttributes
from footfall.data._log import GroupedLog
from footfall.data.events import Events
from footfall.io.source import open_source
from footfall.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footfall.data.customers import Customers


_IDS = ("order_id", "refund_of")
_LABELS = ("product", "category", "status", "payment")
_NUMBERS = ("quantity", "discount", "margin", "shipping")


class Orders(GroupedLog):
    """A shop's orders, grouped by customer once and kept.

    An order is a pair (customer, order id): its amount is the exact sum of its lines, its time the earliest of them.
    Without ``order_id``, and where it is null, a row is an order. An order whose total is zero or less and which has a
    negative line is a refund; a total of zero without one is a free order.

    Parameters
    ----------
    source
        A pandas or Polars DataFrame, anything that speaks Arrow (a PyArrow table, batch, reader or dataset, a DuckDB
        relation), or a path, a list of paths or a glob of Parquet or CSV files. Only the named columns are read.
    customer : str
        The column of the customer's key: integers, strings, binary values, UUIDs, or dictionaries of them. Floats that
        are whole numbers are integers; mixed objects are strings.
    time : str
        The column of the order's time: timestamps, dates, ISO 8601 strings, other strings with ``time_format``, numbers
        with ``time_unit``. Kept to the microsecond.
    amount : str
        The column of the money: integers, floats or decimals. Money adds exactly and is rounded once on the way out.
    order_id, product, category, quantity, status, discount, margin, shipping, payment, refund_of : str, optional
        Columns of further roles. ``refund_of`` holds the order id that a row refunds; its amount must not be positive.
    timezone : str, optional
        The zone whose days, weeks and months count. Zoned times are converted to it; naive ones are wall clock in it:
        a time that comes twice is the earlier of the two, one that the clock skips is as if it had not been moved.
        Default: the zone of the column, if it has one.
    nulls : {"drop", "raise"}
        Rows with a null key, time or amount, or an infinite amount: left out and counted, or refused.
    refunds : {"net", "drop", "raise"}
        ``"net"`` adds refunds to money, but they are no purchase and never move recency; with ``refund_of`` an order
        refunded in full is no purchase either. ``"drop"`` leaves refunds out and counts them, ``"raise"`` refuses them.
    cancelled : sequence
        Values of ``status`` that are no order; their rows are left out and counted. A value that never occurs is told.
    time_format : str, optional
        How strings are written, as in ``"%d/%m/%Y %H:%M"``.
    time_unit : {"s", "ms", "us", "ns"}, optional
        What numbers count since 1970-01-01 UTC.
    encoding : str, optional
        The encoding of CSV files.
    memory_limit : str or int, optional
        What the rows may take in memory, as in ``"1GiB"``; those beyond it wait in a file that is gone when the log is.
        Results are the same. Default: ``ff.options.memory_limit``.

    Raises
    ------
    ColumnError
        If a column is missing.
    DataError
        If a column cannot be used, with the first bad row and the count.

    Examples
    --------
    >>> import footfall as ff
    >>> import polars as pl
    >>> frame = pl.DataFrame({
    ...     "customer": ["ann", "ann", "bob", None],
    ...     "day": ["2024-01-05", "2024-03-01", "2024-02-10", "2024-02-11"],
    ...     "amount": [20.0, 30.0, 5.0, 9.0],
    ... })
    >>> orders = ff.Orders(frame, customer="customer", time="day", amount="amount")
    >>> orders.quality
    3 of 4 rows used
      left out: 1 without a customer (14.1% of the money read)
    2 customers with a purchase
    2024-01-05 00:00:00 to 2024-03-01 00:00:00 (local time, no time zone)
    >>> orders.rfm().table.select("customer", "recency_days", "frequency", "monetary").rows()
    [('ann', 0, 2, 50.0), ('bob', 20, 1, 5.0)]
    """

    _refunds: str

    def __init__(
        self,
        source: Any,
        /,
        *,
        customer: str,
        time: str,
        amount: str,
        order_id: str | None = None,
        product: str | None = None,
        category: str | None = None,
        quantity: str | None = None,
        status: str | None = None,
        discount: str | None = None,
        margin: str | None = None,
        shipping: str | None = None,
        payment: str | None = None,
        refund_of: str | None = None,
        timezone: str | None = None,
        nulls: Literal["drop", "raise"] = "drop",
        refunds: Literal["net", "drop", "raise"] = "net",
        cancelled: Sequence[str | int] = (),
        time_format: str | None = None,
        time_unit: Literal["s", "ms", "us", "ns"] | None = None,
        encoding: str | None = None,
        memory_limit: str | int | None = None,
    ) -> None:
        check_roles(refunds, cancelled, order_id, refund_of)
        roles = {
            "order_id": order_id, "refund_of": refund_of,
            "product": product, "category": category, "status": status, "payment": payment,
            "quantity": quantity, "discount": discount, "margin": margin, "shipping": shipping,
        }  # fmt: skip
        named = [("customer", customer), ("time", time), ("amount", amount), *roles.items()]
        limit = memory(memory_limit)
        opened = open_source(source, named, encoding)
        void = [statuses(value) for value in cancelled]

        def of(names: tuple[str, ...]) -> list[tuple[str, str]]:
            return [(role, column) for role in names if (column := roles[role]) is not None]

        log = _native.Log(opened.stream, {
            "customer": customer, "time": time, "amount": amount,
            "ids": of(_IDS), "labels": of(_LABELS), "numbers": of(_NUMBERS),
            "timezone": timezone, "time_format": time_format, "time_unit": time_unit,
            "nulls": nulls, "cancelled": void, "only": None, "observed": None, **limit,
        })  # fmt: skip
        self._set(log, opened.library, "net" if refunds == "raise" else refunds)
        warn_unknown_status(log, void)
        if refunds == "raise" and self.quality.refund_orders:
            raise DataError(
                f'refunds="raise": {self.quality.refund_orders:,} orders are refunds, of '
                f'{self.quality.refund_amount:,.2f}; type refunds="net" to take them off, or refunds="drop" to leave '
                "them out"
            )

    def _set(self, log: _native.Log, library: str | None, refunds: str) -> None:
        self._log = log
        self._library = library
        self._refunds = refunds

    def _view(self, log: _native.Log) -> Orders:
        view = object.__new__(type(self))
        view._set(log, self._library, self._refunds)
        return view

    @cached_property
    def quality(self) -> Quality:
        """Rows read, used and left out by reason, with their share of the money."""
        return Quality.from_info(self._log.quality({"refunds": self._refunds}))

    def between(self, start: Any = None, end: Any = None) -> Orders:
        """Count what lies in a period; what is known of customers stays.

        Parameters
        ----------
        start, end : date, datetime or str, optional
            The period is half-open. A date is the start of its day in the log's zone. Rows from ``end`` on are cut, as
            if they had not happened yet; orders before ``start`` are not counted, but a customer's first order is that
            of the whole log.

        Returns
        -------
        Orders
            The same orders, seen through the period; nothing is copied.

        Examples
        --------
        >>> orders = ff.datasets.load_cdnow()
        >>> orders.between("1998-01-01", "1998-04-01").quality.left_out
        {'before_period': 5728, 'after_period': 513}
        """
        return self._view(self._log.between({"start": moment(start, "start"), "end": moment(end, "end")}))

    def with_customers(self, customers: Customers) -> Orders:
        """Add what is known of the customers, so that it can stand in ``by=``.

        Parameters
        ----------
        customers : Customers
            Their attributes, found by key. Customers of the log who are not in it have null attributes.

        Returns
        -------
        Orders
            The same orders; nothing is copied.
        """
        if not isinstance(customers, CustomerAttributes):
            raise TypeError(
                f"with_customers() takes ff.Customers, not {type(customers).__name__}: type "
                'orders.with_customers(ff.Customers(frame, customer="…", gender="…"))'
            )
        return self._view(customers.attach(self._log))

    def as_events(self, event: str = "order") -> Events:
        """Return each purchase as an event, with its amount as ``value``.

        The events carry the columns of the orders' roles along (those of an order's largest line, of lines of one size
        the smallest values; of numbers, the sum over its lines), and ``order_number``: 1 for a customer's first
        purchase, 2 for the second. They end where the orders do, and after :meth:`between` the purchases before the
        period are known and not counted.

        Parameters
        ----------
        event : str
            The name of the events.

        Returns
        -------
        Events

        Examples
        --------
        >>> ff.datasets.load_cdnow().as_events("pay").funnel(["pay", "pay"], window="90d").table.rows()[1][2]
        875
        >>> orders = ff.datasets.load_cdnow().as_events("pay")
        >>> first, second = (ff.Step("pay", where=[("order_number", "==", n)], name=str(n)) for n in (1, 2))
        >>> orders.funnel([first, second], window="90d").table.rows()[1][2]
        705
        """
        table = self._log.purchases({"refunds": self._refunds, "event": event})
        numbers = ["value", "order_number", *self._log.numbers]
        made = Events.of_table(table, self._library, numbers=numbers, observed=self._log.range)
        start, end = (None if at is None else ("instant", at) for at in self._log.window)
        if start is None and end is None:
            return made
        return made._view(made._log.between({"start": start, "end": end}))  # noqa: SLF001

    def duplicates(self) -> Table:
        """Find rows that agree in every column that a role names.

        Returns
        -------
        Table
            Each such row once, with ``copies``; in the order of key and time. They are not left out: two equal lines
            can be two real ones.

        Examples
        --------
        >>> ff.datasets.load_cdnow().duplicates().num_rows
        19
        """
        return Table(self._log.duplicates(), self._library)

    rfm = rfm
    sales = sales
    lifetime = lifetime

    def __repr__(self) -> str:
        return "Orders\n" + "\n".join("  " + line for line in self.quality.lines())
