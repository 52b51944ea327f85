"""Orders: what customers bought."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall._errors import DataError
from footfall.analyses.acquisition import acquisition
from footfall.analyses.allocation import allocation
from footfall.analyses.baskets import baskets
from footfall.analyses.categories import categories
from footfall.analyses.contribution import contribution
from footfall.analyses.drivers import drivers
from footfall.analyses.lifecycle import lifecycle
from footfall.analyses.lifetime import lifetime
from footfall.analyses.order_retention import retention
from footfall.analyses.repurchase import repurchase
from footfall.analyses.rfm import rfm
from footfall.analyses.sales import sales
from footfall.analyses.stages import stages
from footfall.analyses.switching import switching
from footfall.core.checks import shown
from footfall.core.quality import Quality
from footfall.core.time_points import moment
from footfall.data._attributes import CustomerAttributes
from footfall.data._log import GroupedLog
from footfall.data._order_options import OrderOptions
from footfall.data._recognise import recognise
from footfall.data._warnings import warn_of
from footfall.data.events import Events
from footfall.io.paths import is_file
from footfall.io.source import give_back
from footfall.io.table import FileNotes, FileOptions
from footfall.table import Table

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from types import EllipsisType

    from footfall.data.customers import Customers
    from footfall.io.presets import Preset


class Orders(GroupedLog):
    """A shop's orders, grouped by customer once and kept.

    An order is a pair (customer, order id): its amount is the exact sum of its lines, its time the earliest of them.
    Without ``order_id``, and where it is null, a row is an order. An order whose total is zero or less and which has a
    negative line is a refund; a total of zero without one is a free order.

    A negative line that comes later than the order's first line with money is a refund of its own, at its own time.

    Parameters
    ----------
    source
        A pandas or Polars DataFrame, anything that speaks Arrow (a PyArrow table, batch, reader or dataset, a DuckDB
        relation), a file object, or a path, an address, a folder, a list of paths or a glob of Parquet, Feather, CSV
        (also compressed), JSON lines or Excel files. Only the named columns are read. In CSV and Excel, names are text:
        "0815" and "815" are two customers, and only an empty field is null; keys that are all written as whole numbers
        write themselves become integers.
    customer : str or list of str
        The column of the customer's key: integers, strings, binary values, UUIDs, or dictionaries of them. Floats that
        are whole numbers are integers; mixed objects are strings. Of several columns the first that is not null (nor
        blank) counts, and the key has the name of the first. A row without a customer goes with those that other lines
        of its order name; the rest are guests, whom only :meth:`sales` counts.
    time : str or list of str
        The column of the order's time: timestamps, dates, ISO 8601 strings, other strings with ``time_format``, numbers
        with ``time_unit``. Kept to the microsecond. Of several columns the first that is not null counts.
    amount : str or None
        The column of the money: integers, floats, decimals, or text such as "¥1,234.00". Money adds exactly and is
        rounded once on the way out: a float within four units in the last place of a decimal of at most four places is
        that decimal, any other is added as the double that it is. None is a log without money.
    price : str, optional
        The price of a piece; with ``quantity``, the amount of a line is price times quantity. In place of ``amount``,
        or beside it with ``amount_per="order"``, to share the order's money by its lines.
    order_id, product, category, quantity, status, discount, margin, shipping, payment, refund_of : str, optional
        Columns of further roles. ``refund_of`` holds the order id that a row refunds; its amount must not be positive.
        ``discount``, ``margin`` and ``shipping`` are money that :meth:`sales` adds up.
    refunded : str or mapping, optional
        The column of the money given back for an order or line, of one sign, above or below zero: it is subtracted, on
        the date in ``refunded_at`` or else on the order's own; an order of which nothing is left was no purchase. A
        mapping names statuses that mean refunded in full, as in ``{"status": ["refunded"]}``.
    refunded_at, paid_at : str, optional
        Times: of the refund, and of the payment, without which a row is no order.
    amount_per : {"line", "order"}
        With ``"order"`` the amount is that of the order and stands on one of its lines or on several; it counts once,
        and is shared by the lines in proportion to price times quantity, by largest remainders. Discount, shipping and
        refunds likewise.
    preset : str, path or Preset, optional
        A description of a platform's export (see ``ff.presets``), the path of a ``.toml`` file of your own, or "auto",
        which finds it by the names of the columns; without any role it is "auto". What was found is printed; what you
        name yourself goes before it.
    timezone : str, optional
        The zone whose days, weeks and months count. Zoned times are converted to it; naive ones are wall clock in it:
        a time that comes twice is the earlier of the two, one that the clock skips is as if it had not been moved.
        Default: the zone of the column, if it has one.
    nulls : {"drop", "raise"}
        Rows with a null time or amount, or an infinite amount: left out and counted, or refused; ``"raise"`` refuses
        rows without a customer too.
    refunds : {"net", "drop", "raise"}
        ``"net"`` adds refunds to money, but they are no purchase and never move recency; an order refunded in full is
        no purchase either. ``"drop"`` leaves refunds out and counts them, and orders refunded in full by later lines or
        by ``refunded`` with them; ``"raise"`` refuses them.
    cancelled, paid : sequence or mapping
        Values of ``status`` that are no order, or the only ones that are; their rows are left out and counted, and
        refunds that name a cancelled order with it. A mapping names other columns, as in ``{"state": ["void"]}``. A
        value that never occurs is told.
    time_format : str, optional
        How strings are written, as in ``"%d/%m/%Y %H:%M"``.
    time_unit : {"s", "ms", "us", "ns"}, optional
        What numbers count since 1970-01-01 UTC.
    encoding, delimiter : str, optional
        Of CSV files; found where their bytes leave one reading only.
    decimal : {".", ","}, optional
        What separates whole units from their parts in amounts that are text; found value by value, and asked for where
        a value has two readings ("1,234").
    null_values : sequence of str
        Words that stand for a missing value in columns of text, as in ``["-", "NULL"]``.
    sheet : str, optional
        The sheet of an Excel workbook; needed where several have data.
    bad_lines : {"error", "count"}
        Lines of a CSV file with too many or too few fields: refused, or left out and counted.
    memory_limit : str or int, optional
        What the rows may take in memory, as in ``"1GiB"``; those beyond it wait in a file that is gone when the log is.
        Results are the same. Default: ``ff.options.memory_limit``.
    **others : str
        Any further column by a name of your choice, as in ``channel="utm_source"``, to stand in ``by=``.

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
    4 of 4 rows used
    2 customers with a purchase
    1 orders of guests (14.1% of the money used)
    2024-01-05 00:00:00 to 2024-03-01 00:00:00 (local time, no time zone)
    >>> orders.rfm().table.select("customer", "recency_days", "frequency", "monetary").rows()
    [('ann', 0, 2, 50.0), ('bob', 20, 1, 5.0)]
    """

    _refunds: str
    _notes: FileNotes
    _customers: Customers | None

    def __init__(
        self,
        source: Any,
        /,
        *,
        customer: str | Sequence[str] | None = None,
        time: str | Sequence[str] | None = None,
        amount: str | EllipsisType | None = ...,
        price: str | None = None,
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
        refunded: str | Mapping[str, Sequence[str | int]] | None = None,
        refunded_at: str | None = None,
        paid_at: str | None = None,
        amount_per: Literal["line", "order"] = "line",
        preset: str | os.PathLike[str] | Preset | None = None,
        timezone: str | None = None,
        nulls: Literal["drop", "raise"] = "drop",
        refunds: Literal["net", "drop", "raise"] = "net",
        cancelled: Sequence[str | int] | Mapping[str, Sequence[str | int]] = (),
        paid: Sequence[str | int] | Mapping[str, Sequence[str | int]] = (),
        time_format: str | None = None,
        time_unit: Literal["s", "ms", "us", "ns"] | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        decimal: Literal[".", ","] | None = None,
        null_values: Sequence[str] = (),
        sheet: str | None = None,
        bad_lines: Literal["error", "count"] = "error",
        memory_limit: str | int | None = None,
        **others: str,
    ) -> None:
        given: dict[str, Any] = {
            "customer": customer, "time": time, "price": price, "order_id": order_id, "product": product,
            "category": category, "quantity": quantity, "status": status, "discount": discount, "margin": margin,
            "shipping": shipping, "payment": payment, "refund_of": refund_of, "refunded": refunded,
            "refunded_at": refunded_at, "paid_at": paid_at, "timezone": timezone, "time_format": time_format,
            "time_unit": time_unit, "decimal": decimal, "memory_limit": memory_limit, **others,
        }  # fmt: skip
        given = {name: value for name, value in given.items() if value is not None}
        changed = (("amount_per", amount_per, "line"), ("nulls", nulls, "drop"), ("refunds", refunds, "net"))
        given |= {name: value for name, value, default in changed if value != default}
        listed: tuple[tuple[str, Any], ...] = (("cancelled", cancelled), ("paid", paid), ("null_values", null_values))
        given |= {name: value for name, value in listed if isinstance(value, int) or value}
        if amount is not ...:
            given["amount"] = amount
        files = FileOptions(encoding, delimiter, sheet, bad_lines)
        found = recognise(source, "orders", preset, files, given)
        options = OrderOptions(found.given, found.layout)
        log = _native.Log(found.table.read(options.roles()), options.params(found.table.names))
        give_back()
        self._notes = found.table.notes
        self._set(log, found.table.library, "net" if refunds == "raise" else refunds)
        file = str(source) if is_file(source) else None
        warn_of(log, options.typed_statuses(given), found.given.get("amount_per", "line"), file)
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
        self._customers = None

    def _view(self, log: _native.Log) -> Orders:
        view = object.__new__(type(self))
        view._set(log, self._library, self._refunds)
        view._notes = self._notes
        view._customers = self._customers
        return view

    @cached_property
    def quality(self) -> Quality:
        """Rows read, used and left out by reason, with their share of the money."""
        return Quality.from_info(self._log.quality({"refunds": self._refunds}), self._notes)

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
                f"with_customers() takes ff.Customers, not {shown(customers)}: type "
                'orders.with_customers(ff.Customers(frame, customer="…", gender="…"))'
            )
        view = self._view(customers.attach(self._log))
        view._customers = customers  # noqa: SLF001 - a view of ours
        return view

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
        made = self._purchases(event)
        start, end = (None if at is None else ("instant", at) for at in self._log.window)
        if start is None and end is None:
            return made
        return made._view(made._log.between({"start": start, "end": end}))  # noqa: SLF001

    def _purchases(self, event: str) -> Events:
        """Return each purchase that is known as an event, whatever the start of the period."""
        table = self._log.purchases({"refunds": self._refunds, "event": event})
        numbers = ["value", "order_number", *self._log.numbers]
        return Events.of_table(table, self._library, numbers=numbers, observed=self._log.range)

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
    retention = retention
    repurchase = repurchase
    lifecycle = lifecycle
    stages = stages
    drivers = drivers
    categories = categories
    baskets = baskets
    switching = switching
    contribution = contribution
    acquisition = acquisition
    allocation = allocation
    lifetime = lifetime

    def __repr__(self) -> str:
        return "Orders\n" + "\n".join("  " + line for line in self.quality.lines())
