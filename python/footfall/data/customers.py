"""Customers: what is known of them beside what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from footfall import _native
from footfall.analyses.profile import profile
from footfall.core.checks import zone
from footfall.data._attributes import CustomerAttributes
from footfall.data._order_options import as_words
from footfall.data.events import Events
from footfall.io.source import named_roles, open_source
from footfall.io.table import FileOptions

if TYPE_CHECKING:
    from collections.abc import Sequence


#: Attributes that are numbers, in files whose columns are text too.
_NUMBERS = ("age", "points")


class Customers(CustomerAttributes):
    """What is known of customers: one row each.

    Parameters
    ----------
    source
        As for :class:`footfall.Orders`.
    customer : str
        The column of the key, of the same type as that of the orders.
    registered, age, birth, gender, region, city, channel, level : str, optional
        Columns of these roles; give ``age`` or ``birth``.
    encoding, delimiter, null_values, sheet, bad_lines
        As for :class:`footfall.Orders`.
    timezone, time_format, time_unit
        How ``registered`` is read, as for :class:`footfall.Orders`.
    **others : str
        Any further column by a name of your choice, as in ``points="loyalty_points"``.

    Notes
    -----
    Rows without a key are left out and counted; of several rows of one key the first is used (:attr:`quality`). An
    attribute can be named in ``by=`` by its role or its column.

    Examples
    --------
    >>> import footfall as ff
    >>> import polars as pl
    >>> known = pl.DataFrame({"id": [1, 2, 2], "sex": ["f", "m", "f"]})
    >>> ff.Customers(known, customer="id", gender="sex")
    Customers
      2 of 3 rows used
      left out: 1 with a customer that an earlier row has
    """

    def __init__(
        self,
        source: Any,
        /,
        *,
        customer: str,
        registered: str | None = None,
        age: str | None = None,
        birth: str | None = None,
        gender: str | None = None,
        region: str | None = None,
        city: str | None = None,
        channel: str | None = None,
        level: str | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        null_values: Sequence[str] = (),
        sheet: str | None = None,
        bad_lines: Literal["error", "count"] = "error",
        timezone: str | None = None,
        time_format: str | None = None,
        time_unit: Literal["s", "ms", "us", "ns"] | None = None,
        **others: str,
    ) -> None:
        if age is not None and birth is not None:
            raise ValueError("give age= or birth=, not both")
        roles = {
            "registered": registered, "age": age, "birth": birth, "gender": gender, "region": region, "city": city,
            "channel": channel, "level": level, **others,
        }  # fmt: skip
        table = open_source(source, FileOptions(encoding, delimiter, sheet, bad_lines))
        #: The roles that were given.
        self.roles: tuple[str, ...] = tuple(role for role, column in roles.items() if column is not None)
        attributes = [(role, column) for role, column in roles.items() if column is not None]
        self._library = table.library
        self._times = {"timezone": zone(timezone), "time_format": time_format, "time_unit": time_unit}
        stream = table.read(named_roles([("customer", customer), *attributes]))
        texts = table.names == "text"
        self._table = _native.CustomerTable(
            stream,
            customer=customer,
            attributes=attributes,
            names=table.names,
            null_values=as_words(null_values),
            numbers=[(role, of) for role, of in attributes if texts and role in _NUMBERS],
        )

    def as_events(self, event: str = "register") -> Events:
        """Return each registration as an event; needs ``registered``. Customers without one are left out and counted.

        Examples
        --------
        >>> import polars as pl
        >>> known = pl.DataFrame({"id": [1, 2], "since": ["2024-01-01", None]})
        >>> ff.Customers(known, customer="id", registered="since").as_events().quality.left_out
        {'null_time': 1}
        """
        table = self._table.attribute("registered")
        return Events.of_table(table, self._library, event=event, time="registered", times=self._times)

    def register(self, log: _native.Log) -> _native.Log:
        """Return the core's log with the times of registration."""
        return log.with_registrations(self._table, self._times)

    profile = profile

    @property
    def quality(self) -> dict[str, int]:
        """Rows read and used, and those left out: without a key, or with a key that an earlier row has."""
        rows, null, repeated, customers = self._table.counts
        return {"rows_read": rows, "rows_used": customers, "null_customer": null, "repeated_customer": repeated}

    def __repr__(self) -> str:
        quality = self.quality
        lines = ["Customers", f"{quality['rows_used']:,} of {quality['rows_read']:,} rows used"]
        if quality["null_customer"]:
            lines.append(f"left out: {quality['null_customer']:,} without a customer")
        if quality["repeated_customer"]:
            lines.append(f"left out: {quality['repeated_customer']:,} with a customer that an earlier row has")
        return "\n  ".join(lines)
